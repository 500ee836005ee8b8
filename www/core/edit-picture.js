import { blobToPixels } from './pixels-blob.js';
import { pictureOf } from './source-to-blob.js';

/*
 * A photo turned or cut by the person who shows it. What comes of it is a picture of its own, with the pixels that are left as
 * they were: it goes the way of every photo, and the network sees nothing else.
 */

/** A part of a picture, in shares of its sides from 0 to 1. */
/** @typedef {{ x: number, y: number, width: number, height: number }} Part */

/** @typedef {(file: Blob) => Promise<Blob>} Edit */

/**
 * @param {1 | 2 | 3} quarters clockwise
 * @returns {Edit}
 */
export const turn = (quarters) =>
  redraw(({ width, height }) => {
    const size = quarters === 2 ? { width, height } : { width: height, height: width };
    const draw = (/** @type {CanvasRenderingContext2D} */ context, /** @type {ImageBitmap} */ picture) => {
      context.translate(size.width / 2, size.height / 2);
      context.rotate((quarters * Math.PI) / 2);
      context.drawImage(picture, -width / 2, -height / 2);
    };
    return { ...size, draw };
  });

/**
 * @param {Part} part
 * @returns {Edit}
 */
export const cut = (part) =>
  redraw((picture) => {
    const [left, right] = [part.x, part.x + part.width].map((share) => Math.round(share * picture.width));
    const [top, bottom] = [part.y, part.y + part.height].map((share) => Math.round(share * picture.height));
    const size = { width: Math.max(1, Number(right) - Number(left)), height: Math.max(1, Number(bottom) - Number(top)) };
    return { ...size, draw: (context, whole) => context.drawImage(whole, -Number(left), -Number(top)) };
  });

/**
 * @param {(picture: ImageBitmap) => { width: number, height: number, draw: (context: CanvasRenderingContext2D, picture: ImageBitmap) => void }} plan
 * @returns {Edit}
 */
function redraw(plan) {
  return async (file) => {
    const picture = await createImageBitmap((await blobToPixels(file)) ?? file);
    try {
      const { width, height, draw } = plan(picture);
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d');
      if (context) draw(context, picture);
      return await pictureOf(canvas).get(new AbortController().signal);
    } finally {
      picture.close();
    }
  };
}
