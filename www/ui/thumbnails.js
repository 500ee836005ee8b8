import { Failure } from '../core/errors.js';

/*
 * The small picture that is kept of a photo. It is for people to look at; the network has seen the photo itself.
 */

/** Pixels of its longer side, where nobody asks for another. */
const LONGEST = 224;
const QUALITY = 0.85;

/**
 * @param {ImageBitmap} picture
 * @param {number} [longest] pixels of its longer side
 * @returns {Promise<Blob>} a JPEG file
 */
export async function thumbnailOf(picture, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Failure('canvas-refused', { width: canvas.width, height: canvas.height });
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white'; // JPEG knows no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return toJpeg(canvas, QUALITY);
}

/**
 * @param {HTMLCanvasElement} canvas given up
 * @param {number} quality from 0 to 1
 * @returns {Promise<Blob>}
 */
export async function toJpeg(canvas, quality) {
  const { width, height } = canvas;
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
  canvas.width = canvas.height = 0; // gives the memory back at once
  if (!blob) throw new Failure('canvas-refused', { width, height });
  return blob;
}
