/** @import { Histogram } from './histogram.js' */
/** @import { Point } from './breaking.js' */
import { shape } from '../ui/svg.js';
import { shareOf } from './breaking.js';
import { BINS, CHANNELS, heightsOf } from './histogram.js';
import { lineThrough } from './paint-chart.js';

/** Units of a histogram's drawing. */
const WIDE = 128;
const HIGH = 56;

/**
 * @param {Histogram} histogram
 * @param {Histogram | null} before whose luminance is drawn with dashes
 * @param {string} label
 */
export function histogramChart(histogram, before, label) {
  const line = (/** @type {number[]} */ heights) =>
    lineThrough(heights.map((height, bin) => /** @type {const} */ ([((bin + 0.5) / BINS) * WIDE, HIGH - height * (HIGH - 4)])));
  const chart = shape('svg', { class: 'histogram', viewBox: `0 0 ${WIDE} ${HIGH + 1}`, role: 'img', 'aria-label': label });
  chart.append(shape('path', { class: 'axis', d: `M0 ${HIGH}H${WIDE}` }));
  if (before) chart.append(shape('path', { class: 'line before', d: line(heightsOf(before, 'luminance')) }));
  for (const channel of CHANNELS) chart.append(shape('path', { class: `line ${channel}`, d: line(heightsOf(histogram, channel)) }));
  return chart;
}

/** Units of a curve's drawing: the plot, and what is left of it and under it for the numbers. */
const PLOT = { left: 34, top: 6, width: 280, height: 130, below: 20 };

/**
 * Probabilities, upwards, over a disturbance, to the right.
 *
 * @param {object} given
 * @param {readonly Point[]} given.points
 * @param {number} given.most the end of the axis
 * @param {readonly { label: string, look: 'first' | 'rival' }[]} given.lines
 * @param {number} given.threshold from which on the network is sure
 * @param {(share: number) => string} given.percent
 * @param {(strength: number) => string} given.amount
 * @param {string} given.alt
 */
export function curveChart({ points, most, lines, threshold, percent, amount, alt }) {
  const { left, top, width, height, below } = PLOT;
  const x = (/** @type {number} */ strength) => left + (strength / most) * width;
  const y = (/** @type {number} */ share) => top + (1 - share) * height;
  const chart = shape('svg', { class: 'curve-chart', viewBox: `0 0 ${left + width + 12} ${top + height + below}`, role: 'img', 'aria-label': alt });
  chart.append(shape('path', { class: 'axis', d: `M${left} ${top}V${top + height}H${left + width}` }));
  chart.append(shape('path', { class: 'threshold', d: `M${left} ${y(threshold)}H${left + width}` }));
  for (const share of [0, 0.5, 1]) chart.append(shape('text', { x: left - 4, y: y(share) + 4, 'text-anchor': 'end' }, percent(share)));
  chart.append(shape('text', { x: left, y: top + height + 14 }, amount(0)));
  chart.append(shape('text', { x: left + width, y: top + height + 14, 'text-anchor': 'end' }, amount(most)));
  for (const { label, look } of lines) {
    const at = points.map((point) => /** @type {const} */ ([x(point.strength), y(shareOf(point, label))]));
    chart.append(shape('path', { class: `curve ${look}`, d: lineThrough(at) }));
    // Round for the first, square for its rival: to be told apart without colours, too.
    const dots = at.map(([cx, cy]) => (look === 'first' ? `M${cx - 3} ${cy}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0` : `M${cx - 2.6} ${cy - 2.6}h5.2v5.2h-5.2z`));
    chart.append(shape('path', { class: `dots ${look}`, d: dots.join('') }));
  }
  return chart;
}
