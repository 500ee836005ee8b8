/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Interval, Metrics } from './types.js' */
import { makeTable } from '../ui/table.js';

/**
 * The figures of a measurement with their intervals; those that there aren't are left out.
 *
 * @param {WordsOfCard} words
 * @param {Metrics} metrics
 */
export function figuresTable({ card: own }, metrics) {
  const { figures } = own;
  /** @type {[name: string, value: number | null | undefined, interval?: Interval | null][]} */
  const shares = [
    [figures.accuracy, metrics.accuracy, metrics.accuracy_interval],
    [figures.top5, metrics.top5_accuracy],
    [figures.precision, metrics.precision],
    [figures.recall, metrics.recall],
    [figures.f1, metrics.f1],
    [figures.coverage, metrics.coverage],
    [figures.selective, metrics.selective_accuracy, metrics.selective_accuracy_interval],
    [figures.wrong, metrics.sure_and_wrong_share],
    [figures.calibration, metrics.calibration_error],
    [figures.known, metrics.known_accuracy, metrics.known_accuracy_interval],
    [figures.none, metrics.none_recall, metrics.none_recall_interval],
    [figures.unknown, metrics.unknown?.sure_share, metrics.unknown?.sure_interval],
  ];
  const rows = shares.flatMap(([name, value, interval]) =>
    value === null || value === undefined ? [] : [[name, own.percent(value), interval ? own.between(interval.low, interval.high) : '']],
  );
  rows.push([figures.loss, own.digits(metrics.negative_log_likelihood), '']);
  if (metrics.none_auroc !== null) rows.push([figures.auroc, own.digits(metrics.none_auroc), '']);
  return makeTable(own.page.measuredHeading, [own.figure, own.value, own.interval], rows);
}
