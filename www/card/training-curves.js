/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Card, Epoch } from './types.js' */
import { make } from '../ui/dom.js';
import { line, makePlot, placeIn } from './plot.js';
import { asTable, makeTable } from '../ui/table.js';

/** Twice as wide as high. */
const WIDTH = 200;

/**
 * How training went, or that nobody knows.
 *
 * @param {WordsOfCard} words
 * @param {Pick<Card, 'epochs' | 'best_epoch'>} card
 */
export function trainingCurves({ card: own }, { epochs, best_epoch: best }) {
  if (epochs.length === 0) return [make('p', {}, own.noTraining)];
  const highest = Math.max(...epochs.flatMap(({ loss, validation_loss }) => [loss, validation_loss ?? 0]), Number.MIN_VALUE);
  const validated = epochs.some(({ validation_loss }) => validation_loss !== null);
  const legend = make('p', { class: 'legend small' }, make('span', { class: 'of-training' }, own.training));
  if (validated) legend.append(make('span', { class: 'of-validation' }, own.validation));
  const loss = curves({ own, epochs, name: own.loss, of: (epoch) => epoch.loss, validation: (epoch) => epoch.validation_loss, highest, written: own.digits });
  const accuracy = curves({
    ...{ own, epochs, name: own.accuracy, highest: 1, written: own.percent },
    ...{ of: (/** @type {Epoch} */ epoch) => epoch.accuracy, validation: (/** @type {Epoch} */ epoch) => epoch.validation_accuracy },
  });
  const share = (/** @type {number | null} */ value) => (value === null ? '–' : own.percent(value));
  const value = (/** @type {number | null} */ value) => (value === null ? '–' : own.digits(value));
  const heads = [own.training, own.validation].flatMap((set) => [`${own.loss} (${set})`, `${own.accuracy} (${set})`]);
  const rows = epochs.map((epoch) => [
    own.number(epoch.epoch),
    value(epoch.loss),
    share(epoch.accuracy),
    value(epoch.validation_loss),
    share(epoch.validation_accuracy),
  ]);
  const said = best === null ? [] : [make('p', { class: 'small' }, own.best(best))];
  return [legend, make('div', { class: 'plots' }, loss, accuracy), ...said, asTable(own.asTable, makeTable(own.training, [own.epoch, ...heads], rows))];
}

/**
 * @param {object} what
 * @param {WordsOfCard['card']} what.own
 * @param {readonly Epoch[]} what.epochs
 * @param {string} what.name
 * @param {(epoch: Epoch) => number} what.of
 * @param {(epoch: Epoch) => number | null} what.validation
 * @param {number} what.highest
 * @param {(value: number) => string} what.written
 */
function curves({ own, epochs, name, of, validation, highest, written }) {
  const last = Math.max(1, epochs.length - 1);
  /** @param {(epoch: Epoch) => number | null} value @returns {[number, number][]} */
  const points = (value) =>
    epochs.flatMap((epoch, at) => {
      const found = value(epoch);
      return found === null ? [] : [placeIn(WIDTH, at / last, Math.max(0, found) / highest)];
    });
  const [first] = epochs;
  return makePlot(
    {
      label: own.curveOf(name, epochs.length),
      x: [own.number(first?.epoch ?? 1), own.number(epochs[epochs.length - 1]?.epoch ?? 1)],
      y: [written(0), written(highest)],
      across: own.epoch,
      up: name,
    },
    WIDTH,
    [line('curve', points(of)), line('curve second', points(validation))],
  );
}
