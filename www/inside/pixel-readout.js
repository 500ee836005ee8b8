/** @import { Layer, LayerPixel, LayerPlan, LayerTables } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
import { make } from '../ui/dom.js';
import { activationChart, isActivation } from './activation-chart.js';
import { patchTable, rowTable } from './number-tables.js';

/** So many channels of a patch are shown as tables, or as rows; the rest is one sum. */
const MOST_PATCHES = 3;
const MOST_ROWS = 8;
/** Patches of more numbers than this are told by their sums, and other numbers that go in by their range. */
const LARGEST_PATCH = 25;
const LARGEST_WINDOW = 64;

/**
 * How a number of a layer came about.
 *
 * @param {object} given
 * @param {Layer} given.layer
 * @param {LayerPixel} given.pixel
 * @param {LayerPlan} given.plan
 * @param {LayerTables} given.tables
 * @param {(channel: number) => string} given.nameOf of the channels that go in
 * @param {(channel: number) => string} given.classOf
 * @param {WordsOfInside} words
 * @returns {Element[]}
 */
export function readout({ layer, pixel, plan, tables, nameOf, classOf }, { inside: { layers: words } }) {
  const { inputs, output } = pixel;
  const text = (/** @type {string} */ line) => make('p', {}, line);
  const numbers = [...inputs];
  const [first = 0, second = 0, third = 0] = numbers;
  if (layer.kernel > 0) return products(pixel, nameOf, words);
  if (isActivation(layer.kind)) {
    const name = words.names[layer.kind];
    return [text(words.goesIn(first)), text(words.comesOut(output)), activationChart(layer.kind, first, output, words.curve(name, first, output))];
  }
  switch (layer.kind) {
    case 'add':
      return [text(words.adds(numbers, output))];
    case 'looks':
      return [text(words.means(numbers, output))];
    case 'embedding':
      return [text(words.centred(first, second, third, output))];
    case 'pool':
    case 'max':
    case 'mean':
      return [windowOf(pixel, layer.kind === 'mean', words), text(words.comesOut(output))];
    case 'evidence':
      return [rowTable([words.class, words.head, words.ofNames, words.together], rowsOf(tables.evidence, 4, classOf, words.number))];
    case 'softmax': {
      const share = (/** @type {number} */ value, /** @type {number} */ column) => (column === 3 ? `${(100 * value).toFixed(1)}%` : words.number(value));
      const head = [words.class, words.logit, words.divided(plan.temperature), words.exponential, words.share];
      return [make('p', { class: 'small' }, words.temperature), rowTable(head, rowsOf(tables.shares, 5, classOf, share))];
    }
    default:
      return [];
  }
}

/**
 * @param {LayerPixel} pixel
 * @param {boolean} isMean
 * @param {WordsOfInside['inside']['layers']} words
 */
function windowOf({ inputs, columns, output }, isMean, words) {
  if (inputs.length > LARGEST_WINDOW) return make('p', {}, words.many(inputs.length, Math.min(...inputs), Math.max(...inputs)));
  const isLargest = (/** @type {number} */ at) => !isMean && inputs[at] === output;
  return patchTable(words.sees, inputs, columns, words.number, isLargest);
}

/**
 * @param {Float32Array} table
 * @param {number} columns the first is the place of a class
 * @param {(place: number) => string} classOf
 * @param {(value: number, column: number) => string} text
 */
function rowsOf(table, columns, classOf, text) {
  return Array.from({ length: table.length / columns }, (_, row) => {
    const [place = 0, ...values] = table.subarray(row * columns, (row + 1) * columns);
    return [classOf(place), ...values.map(text)];
  });
}

/**
 * The products of a convolution and their sum.
 *
 * @param {LayerPixel} pixel
 * @param {(channel: number) => string} nameOf
 * @param {WordsOfInside['inside']['layers']} words
 * @returns {Element[]}
 */
function products({ channels, inputs, weights, sums, columns, bias, output }, nameOf, words) {
  const places = inputs.length / channels.length;
  const sumFrom = (/** @type {number} */ shown) => sums.subarray(shown).reduce((sum, each) => sum + each, 0);
  const rest = (/** @type {number} */ shown) => (shown < channels.length ? [[words.others(channels.length - shown), words.number(sumFrom(shown))]] : []);
  const ends = [
    [words.bias, words.number(bias)],
    [words.total, words.number(output)],
  ];
  if (places === 1 || places > LARGEST_PATCH) {
    const shown = Math.min(MOST_ROWS, channels.length);
    const alone = places === 1;
    const pad = (/** @type {string[]} */ [name = '', value = '']) => (alone ? [name, '', '', value] : [name, value]);
    const rows = Array.from({ length: shown }, (_, at) => {
      const parts = alone ? [inputs[at], weights[at], sums[at]] : [sums[at]];
      return [nameOf(channels[at] ?? 0), ...parts.map((part) => words.number(Number(part)))];
    });
    return [rowTable(alone ? ['', words.sees, words.weight, words.product] : ['', words.sum], [...rows, ...[...rest(shown), ...ends].map(pad)])];
  }
  const shown = Math.min(MOST_PATCHES, channels.length);
  const patches = Array.from({ length: shown }, (_, at) => {
    const [from, to] = [at * places, (at + 1) * places];
    const [seen, kernel] = [inputs.subarray(from, to), weights.subarray(from, to)];
    return make(
      'div',
      { class: 'products', 'data-channel': String(channels[at]) },
      make('h5', {}, nameOf(channels[at] ?? 0)),
      patchTable(words.sees, seen, columns, words.number),
      patchTable(words.kernelOf, kernel, columns, words.number),
      patchTable(
        words.products,
        seen.map((value, place) => value * Number(kernel[place])),
        columns,
        words.number,
      ),
    );
  });
  const rows = Array.from({ length: shown }, (_, at) => [nameOf(channels[at] ?? 0), words.number(Number(sums[at]))]);
  return [...patches, rowTable(['', words.sum], [...rows, ...rest(shown), ...ends])];
}
