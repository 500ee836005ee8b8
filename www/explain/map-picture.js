/** @import { PlaceMap } from '../core/types.js' */
import { make } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';

/* A map as a picture: the photo with its colours, and to keep that, the legend and what it is about below it. */

/** How much of the photo the colours cover, where nobody asks for another share. */
export const OPACITY = 0.8;

/** Pixels. */
const LEAST = 480;
const MARGIN = 24;
const BAR = 18;

/**
 * @param {PlaceMap} map
 * @param {{ photo: HTMLCanvasElement, mirrored: boolean }} picture
 * @param {{ opacity: number, title: string, ends: [low: string, high: string] }} shown
 * @returns {HTMLCanvasElement}
 */
export function drawMap(map, { photo, mirrored }, { opacity, title, ends }) {
  const scale = Math.max(1, LEAST / photo.width);
  const [width, height] = [Math.round(photo.width * scale), Math.round(photo.height * scale)];
  const canvas = make('canvas');
  canvas.width = width;
  canvas.height = height + MARGIN * 3 + BAR + 28;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.save();
  if (mirrored) {
    context.translate(width, 0);
    context.scale(-1, 1);
  }
  paintMap(context, map, photo, { width, height, opacity });
  context.restore();
  context.fillStyle = 'black';
  context.font = '20px sans-serif';
  context.textBaseline = 'middle';
  context.fillText(title, MARGIN, height + MARGIN, width - 2 * MARGIN);
  context.drawImage(canvasOf(map.legend, map.legend.length / 4, 1), MARGIN, height + MARGIN + 18, width - 2 * MARGIN, BAR);
  const below = height + MARGIN + 18 + BAR + 16;
  context.fillText(ends[0], MARGIN, below);
  context.textAlign = 'center';
  context.fillText('0', width / 2, below);
  context.textAlign = 'end';
  context.fillText(ends[1], width - MARGIN, below);
  return canvas;
}

/**
 * A photo and its colours, from the top left corner on.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {PlaceMap} map
 * @param {HTMLCanvasElement} photo
 * @param {{ width: number, height: number, opacity?: number }} size in pixels
 */
export function paintMap(context, map, photo, { width, height, opacity = OPACITY }) {
  context.imageSmoothingQuality = 'high';
  context.drawImage(photo, 0, 0, width, height);
  context.globalAlpha = opacity;
  context.drawImage(canvasOf(map.colours, map.columns, map.rows), 0, 0, width, height);
  context.globalAlpha = 1;
}

/**
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 */
function canvasOf(rgba, width, height) {
  const canvas = make('canvas');
  drawPixels(canvas, new ImageData(new Uint8ClampedArray(rgba), width, height));
  return canvas;
}
