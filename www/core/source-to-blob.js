/** @import { Given, Source } from '../element/types.js' */
import { Failure, messageOf } from './errors.js';
import { toPng } from './frame-to-png.js';

/*
 * Whatever a page hands over becomes a picture file, so that it goes the way of every photo. What isn't a file yet is
 * kept without losses, at its own size: nothing here scales or crops.
 */

/**
 * Takes a picture over as it is at this moment: a video goes on, and a canvas is drawn on again.
 *
 * @param {Source} source
 * @param {string} [name]
 * @returns {Given} `get` rejects with a `Failure`
 */
export function pictureOf(source, name = '') {
  if (typeof source === 'string' || source instanceof URL) return fromAddress(String(source), name);
  if (source instanceof Blob) return { name: name || (source instanceof File ? source.name : ''), get: async () => source };
  const file = toFile(source);
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

/** @param {string} address relative to the page */
export function parse(address) {
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}

/**
 * The last part of an address, for people.
 * @param {URL} url
 */
export function fileNameOf({ protocol, pathname, host }) {
  if (protocol === 'data:' || protocol === 'blob:') return '';
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || host;
  } catch {
    return last;
  }
}

/** @param {Exclude<Source, string | URL | Blob>} source */
async function toFile(source) {
  const bitmap = await toBitmap(source);
  const { width, height } = bitmap;
  try {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    return await toPng(canvas);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('picture-tainted', { detail: messageOf(error) }, error);
  } finally {
    if (bitmap !== source) bitmap.close();
  }
}

/** @param {Exclude<Source, string | URL | Blob>} source */
async function toBitmap(source) {
  if (source instanceof ImageBitmap) {
    // A picture that has been closed is zero pixels wide.
    if (source.width === 0) throw new Failure('picture-missing');
    return source;
  }
  if (typeof source !== 'object' || source === null) throw new Failure('picture-unknown', { detail: String(source) });
  try {
    if (source instanceof HTMLImageElement && !source.complete) await source.decode();
    return await createImageBitmap(source);
  } catch (error) {
    const unknown = error instanceof TypeError; // no type that browsers make pictures of
    if (unknown) throw new Failure('picture-unknown', { detail: Object.prototype.toString.call(source).slice(8, -1) }, error);
    throw new Failure('picture-missing', { detail: messageOf(error) }, error);
  }
}
