import { Failure, messageOf } from './failure.js';

/*
 * A file becomes pixels, at its own size: the browser decodes and turns it upright (EXIF), nothing here scales or
 * crops. Of an animated picture the browser gives the first frame.
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
  try {
    const { width, height } = bitmap;
    if (width * height > maxPixels) throw new Failure('picture-too-large', { width, height, maxPixels });
    return pixelsOf(bitmap, width, height);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 */
function pixelsOf(source, width, height) {
  const canvas = makeCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null} */ (
    canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
  );
  if (!context) throw new Failure('canvas-refused', { width, height });
  try {
    context.drawImage(source, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    throw new Failure('canvas-refused', { width, height, detail: messageOf(error) }, error);
  } finally {
    canvas.width = canvas.height = 0; // gives the memory back at once
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
