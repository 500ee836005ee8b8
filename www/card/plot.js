import { make } from '../ui/dom.js';
import { corners, shape } from '../ui/svg.js';

/** How high a drawing is, in its own units; what is left around it is for the width of lines. */
const HEIGHT = 100;
const MARGIN = 4;

/**
 * What a plot shows: the words at its axes and its drawing, whose coordinates are shares of the axes.
 *
 * @typedef {object} Axes
 * @property {string} label of the whole, for those who don't see it
 * @property {[low: string, high: string]} x what stands at both ends
 * @property {[low: string, high: string]} y
 * @property {string} across what is told from left to right
 * @property {string} up and what upwards
 */

/**
 * A drawing with axes. The words at these are HTML, so that they are as large as other words however large the drawing is.
 *
 * @param {Axes} axes
 * @param {number} width in units of which the height has a hundred
 * @param {SVGElement[]} drawing
 */
export function makePlot({ label, x, y, across, up }, width, drawing) {
  const frame = shape('path', { class: 'frame', d: `M0 0V${HEIGHT}H${width}` });
  const viewBox = `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${HEIGHT + 2 * MARGIN}`;
  const words = (/** @type {string} */ name, /** @type {string[]} */ ...texts) =>
    make('p', { class: name, 'aria-hidden': 'true' }, ...texts.map((text) => make('span', {}, text)));
  return make(
    'div',
    { class: 'plot' },
    words('up', up),
    words('y', y[1], y[0]),
    shape('svg', { viewBox, role: 'img', 'aria-label': label }, frame, ...drawing),
    words('x', x[0], across, x[1]),
  );
}

/**
 * A place in a plot.
 *
 * @param {number} width
 * @param {number} x from 0 to 1, to the right
 * @param {number} y from 0 to 1, upwards
 * @returns {[number, number]}
 */
export const placeIn = (width, x, y) => [x * width, (1 - y) * HEIGHT];

/**
 * @param {string} look
 * @param {readonly (readonly [number, number])[]} points
 */
export const line = (look, points) => shape('polyline', { class: look, points: corners(points) });
