/** @import { Given, Source } from '../element/types.js' */
import { fileNameOf, parse } from './addresses.js';
import { Failure, messageOf } from './errors.js';
import { toPng } from './frame-to-png.js';
import { pixelsToBlob } from './pixels-blob.js';
import { probe } from './probe-canvas.js';

/*
 * Whatever a page hands over becomes a picture file, so that it goes the way of every photo. What isn't a file yet is
 * kept without losses, at its own size: nothing here scales or crops.
 */

/** Up to so many pixels a picture is handed on as it is; of a larger one, that would take more memory than it spares time. */
const RAW = 4_000_000;

/**
 * Takes a picture over as it is at this moment: a video goes on, and a canvas is drawn on again.
 *
 * @param {Source} source
 * @param {string} [name]
 * @returns {Given} `get` rejects with a `Failure`
 */
export function pictureOf(source, name = '') {
  const kind = kindOf(source);
  if (kind === 'String' || kind === 'URL') return fromAddress(String(source), name);
  if (kind === 'Blob' || kind === 'File') {
    const blob = /** @type {Blob & { name?: string }} */ (source);
    return { name: name || (blob.name ?? ''), get: async () => blob };
  }
  const file = toFile(/** @type {Exclude<Source, string | URL | Blob>} */ (source), kind);
  file.catch(() => {}); // told to whoever gets it
  return { name, get: () => file };
}

/**
 * @param {string} address
 * @param {string} name
 * @returns {Given}
 */
function fromAddress(address, name) {
  const url = parse(address);
  return {
    name: name || (url ? fileNameOf(url) : ''),
    async get(signal) {
      if (!url) throw new Failure('picture-address', { address });
      return fetchPicture(url, signal);
    },
  };
}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 */
async function fetchPicture(url, signal) {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Failure('picture-status', { status: response.status });
    return await response.blob();
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw new Failure('picture-fetch', { detail: messageOf(error) }, error);
  }
}

/**
 * What a value is, whichever window it comes from: `instanceof` knows the classes of this one alone.
 * @param {unknown} value
 */
const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/**
 * @param {Exclude<Source, string | URL | Blob>} source
 * @param {string} kind
 */
async function toFile(source, kind) {
  // Not waited for: whoever hands over a bitmap may close it at once.
  const bitmap =
    kind === 'ImageBitmap' ? open(/** @type {ImageBitmap} */ (source)) : await toBitmap(/** @type {Exclude<typeof source, ImageBitmap>} */ (source), kind);
  const { width, height } = bitmap;
  try {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const raw = width * height <= RAW;
    const context = canvas.getContext('2d', { willReadFrequently: raw, colorSpace: 'srgb' });
    if (!context) throw new Failure('canvas-refused', { width, height });
    if (raw) probe(context);
    context.globalCompositeOperation = 'copy';
    context.drawImage(bitmap, 0, 0);
    return raw ? pixelsToBlob(context.getImageData(0, 0, width, height)) : await toPng(canvas);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('picture-tainted', { detail: messageOf(error) }, error);
  } finally {
    if (bitmap !== source) bitmap.close();
  }
}

/**
 * A picture that has been closed is zero pixels wide.
 * @param {ImageBitmap} bitmap
 */
function open(bitmap) {
  if (bitmap.width === 0) throw new Failure('picture-missing');
  return bitmap;
}

/**
 * @param {Exclude<Source, string | URL | Blob | ImageBitmap>} source
 * @param {string} kind
 */
async function toBitmap(source, kind) {
  if (typeof source !== 'object' || source === null) throw new Failure('picture-unknown', { detail: String(source) });
  try {
    if (kind === 'HTMLImageElement') await loaded(/** @type {HTMLImageElement} */ (source));
    return await createImageBitmap(source);
  } catch (error) {
    const unknown = error instanceof TypeError; // no type that browsers make pictures of
    if (unknown) throw new Failure('picture-unknown', { detail: kind }, error);
    throw new Failure('picture-missing', { detail: messageOf(error) }, error);
  }
}

/**
 * Waits until an image element has its picture. One with `loading="lazy"` that is in no document would never fetch it.
 * @param {HTMLImageElement} image
 */
async function loaded(image) {
  if (image.complete) return;
  image.loading = 'eager';
  await image.decode();
}
