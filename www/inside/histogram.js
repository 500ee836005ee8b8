/*
 * How often each value comes up in a picture: counted here, for people to look at.
 */

export const BINS = 64;

/** @typedef {'red' | 'green' | 'blue' | 'luminance'} Channel */

/** @type {readonly Channel[]} */
export const CHANNELS = ['red', 'green', 'blue', 'luminance'];

/**
 * `counts` of each channel in as many bins from `low` to `high`, and the mean of each.
 * @typedef {{ low: number, high: number, counts: Record<Channel, number[]>, means: Record<Channel, number> }} Histogram
 */

/**
 * @param {{ data: Uint8ClampedArray }} image
 * @returns {Histogram} of values from 0 to 1
 */
export function histogramOf({ data }) {
  return count(data.length / 4, 0, 1, (pixel, channel) => Number(data[4 * pixel + channel]) / 255);
}

/**
 * @param {Float32Array} tensor three planes
 * @returns {Histogram} from its smallest to its largest value
 */
export function histogramOfTensor(tensor) {
  const plane = tensor.length / 3;
  const low = tensor.reduce((least, value) => Math.min(least, value), Infinity);
  const high = tensor.reduce((most, value) => Math.max(most, value), -Infinity);
  return count(plane, low, high, (pixel, channel) => Number(tensor[channel * plane + pixel]));
}

/**
 * @param {number} pixels
 * @param {number} low
 * @param {number} high
 * @param {(pixel: number, channel: number) => number} levelOf
 * @returns {Histogram}
 */
function count(pixels, low, high, levelOf) {
  const counts = /** @type {Record<Channel, number[]>} */ (Object.fromEntries(CHANNELS.map((channel) => [channel, new Array(BINS).fill(0)])));
  const sums = { red: 0, green: 0, blue: 0, luminance: 0 };
  const range = high - low || 1;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const [red, green, blue] = [levelOf(pixel, 0), levelOf(pixel, 1), levelOf(pixel, 2)];
    const values = { red, green, blue, luminance: 0.299 * red + 0.587 * green + 0.114 * blue };
    for (const channel of CHANNELS) {
      const bin = Math.min(BINS - 1, Math.floor(((values[channel] - low) / range) * BINS));
      counts[channel][bin] = Number(counts[channel][bin]) + 1;
      sums[channel] += values[channel];
    }
  }
  const means = /** @type {Record<Channel, number>} */ (Object.fromEntries(CHANNELS.map((channel) => [channel, sums[channel] / Math.max(1, pixels)])));
  return { low, high, counts, means };
}

/**
 * The height of each bin, from 0 to 1. The outermost ones may be cut off: black and white corners would flatten all others.
 *
 * @param {Histogram} histogram
 * @param {Channel} channel
 * @returns {number[]}
 */
export function heightsOf({ counts }, channel) {
  const inner = CHANNELS.flatMap((each) => counts[each].slice(1, -1));
  const most = Math.max(...inner) || Math.max(...CHANNELS.flatMap((each) => counts[each])) || 1;
  return counts[channel].map((each) => Math.min(1, each / most));
}
