import { Failure, messageOf } from '../core/errors.js';
import { blobToPixels } from '../core/pixels-blob.js';
import { probe } from '../core/probe-canvas.js';
import { readHeader } from './picture-header.js';

/*
 * A file or a picture of a stream becomes pixels: the browser decodes and turns a file upright (EXIF), nothing here crops,
 * and nothing scales but what memory can't hold. Of an animated picture the browser gives the first frame.
 */

/**
 * From so many pixels on, the browser scales a photo down to that many: a phone's 48 million pixels would take 800 MB on
 * their way to the network (bitmap, canvas, pixels and the network's copy), to become the same 50,000.
 */
const REDUCED_FROM = 16_000_000;
/** Pixels that are read from a canvas at once: no browser refuses a canvas of this size. */
const STRIP = 4_000_000;

/**
 * @param {Blob} file
 * @param {number} maxPixels the largest picture that is decoded
 * @returns {Promise<ImageData>}
 */
export async function decode(file, maxPixels) {
  if (file.size === 0) throw new Failure('file-empty');
  const pixels = await blobToPixels(file);
  if (pixels) {
    checkSize(pixels, maxPixels);
    return pixels;
  }
  const { size, kind, opaque } = await readHeader(file);
  if (size) checkSize(size, maxPixels);
  /** @type {ImageBitmap} */
  let bitmap;
  try {
    // Without alpha there is nothing to multiply; Chromium would make a second copy to undo it, 128 MB for 48 million pixels.
    bitmap = await createImageBitmap(file, { premultiplyAlpha: opaque ? 'default' : 'none', colorSpaceConversion: 'default', ...reduction(size) });
  } catch (error) {
    if (kind) throw new Failure('file-kind', { kind }, error);
    throw new Failure('file-unreadable', { detail: messageOf(error) }, error);
  }
  const reader = new PixelReader();
  try {
    checkSize(bitmap, maxPixels);
    return reader.read(bitmap);
  } finally {
    bitmap.close();
    reader.close();
  }
}

/**
 * @param {{ width: number, height: number }} size
 * @param {number} maxPixels
 */
function checkSize({ width, height }, maxPixels) {
  if (width * height > maxPixels) throw new Failure('picture-too-large', { width, height, maxPixels });
}

/**
 * How the browser is to scale a large picture.
 *
 * @param {{ width: number, height: number } | null} size
 * @returns {ImageBitmapOptions}
 */
function reduction(size) {
  const scale = size ? Math.sqrt(REDUCED_FROM / (size.width * size.height)) : 1;
  if (!size || scale >= 1) return {};
  const [resizeWidth, resizeHeight] = [size.width, size.height].map((side) => Math.max(1, Math.round(side * scale)));
  return { resizeWidth, resizeHeight, resizeQuality: 'high' };
}

/**
 * A smaller copy for the screen, of what is larger than a screen needs. It is for people: no network sees it.
 *
 * @param {ImageData} image
 * @param {number} longest pixels of the longer side
 * @returns {Promise<ImageBitmap>}
 */
export function preview(image, longest) {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  if (scale === 1) return createImageBitmap(image);
  return createImageBitmap(image, {
    resizeWidth: Math.max(1, Math.round(image.width * scale)),
    resizeHeight: Math.max(1, Math.round(image.height * scale)),
    resizeQuality: 'medium',
  });
}

/** Reads the pixels of one picture after the other through one canvas, a strip of rows at a time. */
export class PixelReader {
  /** @type {OffscreenCanvas | HTMLCanvasElement | null} */
  #canvas = null;

  /**
   * @param {ImageBitmap} picture
   * @returns {ImageData}
   */
  read(picture) {
    const { width, height } = picture;
    const rows = Math.min(height, Math.max(1, Math.floor(STRIP / width)));
    try {
      const context = this.#context(width, rows);
      const read = (/** @type {number} */ top) => {
        context.drawImage(picture, 0, -top);
        return context.getImageData(0, 0, width, Math.min(rows, height - top));
      };
      if (rows === height) return read(0);
      const whole = new ImageData(width, height);
      for (let top = 0; top < height; top += rows) whole.data.set(read(top).data, 4 * width * top);
      return whole;
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure('canvas-refused', { width, height, detail: messageOf(error) }, error);
    }
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #context(width, height) {
    const fresh = !this.#canvas || this.#canvas.width !== width || this.#canvas.height !== height;
    const canvas = (this.#canvas ??= makeCanvas(width, height));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = /** @type {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null} */ (
      canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
    );
    if (!context) throw new Failure('canvas-refused', { width, height });
    context.globalCompositeOperation = 'copy'; // nothing shines through from the picture before
    if (fresh) probe(context);
    return context;
  }

  /** Gives the memory back at once. */
  close() {
    if (this.#canvas) this.#canvas.width = this.#canvas.height = 0;
    this.#canvas = null;
  }
}

/**
 * @param {number} width
 * @param {number} height
 */
function makeCanvas(width, height) {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}
