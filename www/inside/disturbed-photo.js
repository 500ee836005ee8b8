/** @import { Pixels, Strengths } from './disturbances.js' */
import { Failure } from '../core/errors.js';
import { pixelsToBlob } from '../core/pixels-blob.js';
import { probe } from '../core/probe-canvas.js';
import { make } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';
import { toJpeg } from '../ui/thumbnails.js';
import { disturb, reduce } from './disturbances.js';

/*
 * A photo on its way through the disturbances, and as a file that goes the way of every photo.
 */

/** Pixels of the longer side, at most. */
export const LONGEST = 512;

/**
 * @param {HTMLCanvasElement} picture
 * @returns {Pixels} reduced, and over white
 */
export function pixelsOf(picture) {
  const { width, height } = picture;
  const canvas = Object.assign(make('canvas'), { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (!context) throw new Failure('canvas-refused', { width, height });
  probe(context);
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0);
  return reduce(context.getImageData(0, 0, width, height), LONGEST);
}

/**
 * @param {Pixels} pixels
 * @param {Readonly<Strengths>} strengths
 * @returns {Promise<Blob>} of any kind that the engine opens
 */
export async function disturbed(pixels, strengths) {
  const { data, width, height } = disturb(pixels, strengths);
  const image = new ImageData(width, height);
  image.data.set(data);
  if (strengths.jpeg === 0) return pixelsToBlob(image);
  const canvas = make('canvas');
  drawPixels(canvas, image);
  return toJpeg(canvas, Math.max(1, 100 - strengths.jpeg) / 100);
}
