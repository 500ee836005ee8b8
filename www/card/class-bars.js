/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Interval, Metrics } from './types.js' */
import { make } from '../ui/dom.js';
import { shape } from '../ui/svg.js';
import { makeTable, scrolled } from '../ui/table.js';

/** Size of a bar's drawing. */
const LENGTH = 100;
const HEIGHT = 10;

/**
 * Precision, recall and F1 of each class that there are pictures of: the table has the bars in it, so that it needs no
 * other one beside it.
 *
 * @param {Localizer<WordsOfCard>} localizer
 * @param {Metrics} metrics
 * @param {string | null} none the class that means none of the others
 */
export function classBars({ words, classNames }, { classes }, none) {
  const { card: own } = words;
  const rows = classes
    .filter(({ images }) => images > 0)
    .map(({ label, precision, recall, recall_interval, f1, images }) => [
      classNames.nameOf(label, none),
      barOf(own.percent(precision), precision),
      barOf(own.percent(recall), recall, recall_interval),
      barOf(own.percent(f1), f1),
      own.number(images),
    ]);
  return [scrolled(own.class, makeTable(own.class, [own.class, own.precision, own.recall, own.f1, own.pictures], rows))];
}

/**
 * @param {string} text
 * @param {number} share
 * @param {Interval} [interval]
 */
function barOf(text, share, interval) {
  const bar = shape('rect', { class: 'share', width: share * LENGTH, height: HEIGHT });
  const whisker = interval ? [shape('path', { class: 'whisker', d: `M${interval.low * LENGTH} ${HEIGHT / 2}H${interval.high * LENGTH}` })] : [];
  const track = shape('rect', { class: 'track', width: LENGTH, height: HEIGHT });
  const drawing = shape('svg', { viewBox: `0 0 ${LENGTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, track, bar, ...whisker);
  return make('span', { class: 'of-class' }, make('span', {}, text), drawing);
}
