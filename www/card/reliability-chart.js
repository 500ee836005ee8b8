/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Metrics } from './types.js' */
import { make } from '../ui/dom.js';
import { shape } from '../ui/svg.js';
import { line, makePlot, placeIn } from './plot.js';
import { asTable, makeTable } from '../ui/table.js';

const SIDE = 100;
/** How large the smallest point is, and how much larger one of all pictures would be. */
const SMALLEST = 1.2;
const LARGER = 3;

/**
 * How often answers were right that were so sure.
 *
 * @param {WordsOfCard} words
 * @param {Metrics} metrics
 */
export function reliabilityChart(words, { reliability, images, calibration_error: error }) {
  const { card: own } = words;
  const place = (/** @type {number} */ x, /** @type {number} */ y) => placeIn(SIDE, x, y);
  const drawing = reliability.flatMap(({ images: some, probability, accuracy, accuracy_interval: { low, high } }) => {
    const [cx, cy] = place(probability, accuracy);
    return [
      line('whisker', [place(probability, low), place(probability, high)]),
      shape('circle', { class: 'mark', cx, cy, r: SMALLEST + LARGER * Math.sqrt(some / images) }),
    ];
  });
  const curve = line(
    'curve',
    reliability.map(({ probability, accuracy }) => place(probability, accuracy)),
  );
  /** @type {[string, string]} */
  const ends = [words.percent(0), words.percent(1)];
  const label = own.reliabilityOf(images, error);
  const axes = { label, x: ends, y: ends, across: own.sureness, up: own.rightShare };
  const rows = reliability.map((bin) => [
    own.between(bin.low, bin.high),
    own.percent(bin.probability),
    own.percent(bin.accuracy),
    own.between(bin.accuracy_interval.low, bin.accuracy_interval.high),
    own.number(bin.images),
  ]);
  return [
    make('p', { class: 'small' }, own.reliabilityHint),
    makePlot(axes, SIDE, [line('honest', [place(0, 0), place(1, 1)]), curve, ...drawing]),
    asTable(own.asTable, makeTable(label, [own.sureness, own.mean, own.rightShare, own.interval, own.pictures], rows)),
  ];
}
