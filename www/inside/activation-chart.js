import { shape } from '../ui/svg.js';
import { lineThrough } from './paint-chart.js';

/** @typedef {'relu' | 'relu6' | 'gelu' | 'identity'} ActivationName */

/** For the drawing alone: the numbers themselves come from Rust. */
const CURVES = /** @type {Record<ActivationName, (x: number) => number>} */ ({
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  identity: (x) => x,
});

/**
 * @param {string} kind
 * @returns {kind is ActivationName}
 */
export const isActivation = (kind) => kind in CURVES;

/** Units of the drawing. */
const SIDE = 160;
const POINTS = 80;

/**
 * The curve of an activation, and the point on it where a number is.
 *
 * @param {ActivationName} kind
 * @param {number} input
 * @param {number} output
 * @param {string} label
 */
export function activationChart(kind, input, output, label) {
  const reach = Math.max(kind === 'relu6' ? 8 : 4, 1.15 * Math.abs(input), 1.15 * Math.abs(output));
  const x = (/** @type {number} */ value) => SIDE / 2 + (value / reach) * (SIDE / 2);
  const y = (/** @type {number} */ value) => SIDE / 2 - (value / reach) * (SIDE / 2);
  const places = Array.from({ length: POINTS + 1 }, (_, at) => reach * ((2 * at) / POINTS - 1));
  const curve = places.map((value) => /** @type {const} */ ([x(value), y(CURVES[kind](value))]));
  const [cx, cy] = [x(input), y(output)];
  const chart = shape('svg', { class: 'activation', viewBox: `0 0 ${SIDE} ${SIDE}`, role: 'img', 'aria-label': label });
  chart.append(
    shape('path', { class: 'axis', d: `M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}` }),
    shape('path', { class: 'before', d: `M${cx} ${SIDE / 2}V${cy}H${SIDE / 2}` }),
    shape('path', { class: 'curve first', d: lineThrough(curve) }),
    shape('path', { class: 'dots rival', d: `M${cx - 4} ${cy}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0` }),
  );
  return chart;
}
