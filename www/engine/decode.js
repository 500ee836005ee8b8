import { Failure, messageOf } from '../core/errors.js';

/*
 * A file or a picture of a stream becomes pixels, at its own size: the browser decodes and turns a file upright (EXIF),
 * nothing here scales or crops. Of an animated picture the browser gives the first frame.
 */

/**
 * @param {Blob} file
 * @param {number} maxPixels the largest picture that the network's side takes
 * @returns {Promise<ImageData>}
 */
export async function decode(file, maxPixels) {
  if (file.size === 0) throw new Failure('file-empty');
  /** @type {ImageBitmap} */
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'default',
    });
  } catch (error) {
    throw new Failure('file-unreadable', { detail: messageOf(error) }, error);
  }
  const reader = new PixelReader();
  try {
    const { width, height } = bitmap;
    if (width * height > maxPixels) throw new Failure('picture-too-large', { width, height, maxPixels });
    return reader.read(bitmap);
  } finally {
    bitmap.close();
    reader.close();
  }
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

/** Reads the pixels of one picture after the other through one canvas, as large as the picture before. */
export class PixelReader {
  /** @type {OffscreenCanvas | HTMLCanvasElement | null} */
  #canvas = null;

  /**
   * @param {ImageBitmap} picture
   * @returns {ImageData}
   */
  read(picture) {
    const { width, height } = picture;
    const canvas = (this.#canvas ??= makeCanvas(width, height));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = /** @type {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null} */ (
      canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
    );
    if (!context) throw new Failure('canvas-refused', { width, height });
    try {
      context.globalCompositeOperation = 'copy'; // nothing shines through from the picture before
      context.drawImage(picture, 0, 0);
      return context.getImageData(0, 0, width, height);
    } catch (error) {
      throw new Failure('canvas-refused', { width, height, detail: messageOf(error) }, error);
    }
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
