/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Method } from './types.js' */
import { make } from '../ui/dom.js';
import { makeTable, scrolled } from '../ui/table.js';

/**
 * Methods beside each other, in the order in which they were given.
 *
 * @param {WordsOfCard} words
 * @param {readonly Method[]} methods
 */
export function comparisonTable(words, methods) {
  const { card: own } = words;
  const { columns } = own;
  /** @type {(value: number | null, written: (value: number) => string) => string} */
  const or = (value, written) => (value === null ? '–' : written(value));
  const rows = methods.map((row) => [
    row.method,
    or(row.accuracy, own.percent),
    row.interval ? own.between(row.interval.low, row.interval.high) : '–',
    or(row.f1, own.percent),
    or(row.parameters, own.short),
    or(row.multiply_adds, own.short),
    or(row.bytes, (bytes) => words.megabytes(bytes)),
    or(row.milliseconds, (time) => words.milliseconds(time)),
    or(row.training_seconds, own.duration),
  ]);
  const heads = [columns.method, columns.accuracy, columns.interval, columns.f1, columns.parameters, columns.multiply_adds, columns.bytes];
  const table = makeTable(own.page.comparisonHeading, [...heads, columns.milliseconds, columns.training_seconds], rows);
  return [make('p', { class: 'small' }, own.comparisonHint), scrolled(own.page.comparisonHeading, table)];
}
