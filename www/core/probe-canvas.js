import { Failure } from './errors.js';

/** By how much a colour may come back another one: some browsers change a few by one, which no network notices. */
const NOISE = 2;

/**
 * Whether what is drawn can be read: a canvas that the browser has no memory for reads as nothing, and a browser that
 * protects from being recognised reads as noise. Neither throws.
 *
 * @param {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} context
 */
export function probe(context) {
  const { width, height } = context.canvas;
  const [columns, rows] = [Math.min(8, width), Math.min(8, height)];
  const drawn = Uint8ClampedArray.from({ length: 4 * columns * rows }, (_, at) => (at % 4 === 3 ? 255 : (at * 73) % 256));
  // At the far corner, which is the first to be missing.
  const [left, top] = [width - columns, height - rows];
  context.putImageData(new ImageData(drawn, columns, rows), left, top);
  const { data } = context.getImageData(left, top, columns, rows);
  const difference = data.reduce((sum, value, at) => sum + Math.abs(value - Number(drawn[at])), 0) / data.length;
  if (data.every((value) => value === 0)) throw new Failure('canvas-refused', { width, height });
  if (difference > NOISE) throw new Failure('canvas-noise');
}
