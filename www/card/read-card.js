/** @import { Card } from './types.js' */
import { Failure } from '../core/errors.js';
import { count, list, number, object, oneOf, optional, record, share, text } from './fields.js';

/** The version of the format that this page reads. */
const FORMAT = 1;

const interval = record({ low: share, high: share });

const classFigures = record({ label: text, precision: share, recall: share, recall_interval: interval, f1: share, images: count });

const bin = record({ low: share, high: share, images: count, probability: share, accuracy: share, accuracy_interval: interval });

/** @param {number} classes */
const metrics = (classes) =>
  record({
    images: count,
    accuracy: share,
    accuracy_interval: interval,
    top5_accuracy: optional(share),
    precision: share,
    recall: share,
    f1: share,
    coverage: share,
    selective_accuracy: optional(share),
    selective_accuracy_interval: optional(interval),
    sure_and_wrong: count,
    sure_and_wrong_share: share,
    negative_log_likelihood: number,
    calibration_error: share,
    known_accuracy: optional(share),
    known_accuracy_interval: optional(interval),
    none_recall: optional(share),
    none_recall_interval: optional(interval),
    none_auroc: optional(share),
    reliability: list(bin),
    classes: list(classFigures, classes),
    confusion: list(list(count, classes), classes),
    unknown: optional(record({ images: count, sure_share: share, sure_interval: interval })),
  });

const epoch = record({ epoch: count, loss: number, accuracy: share, validation_loss: optional(number), validation_accuracy: optional(share) });

const provenance = record({
  data: text,
  epochs: count,
  seed: count,
  commit: text,
  trained: text,
  test_accuracy: optional(share),
  validation_accuracy: optional(share),
});

/** What is shown of the preprocessing. */
const preprocessing = record({ input_size: count, filter: text });

const network = record({
  architecture: text,
  parameters: count,
  classes: list(text),
  none: optional(text),
  preprocessing,
  not_sure_below: share,
  provenance,
});

/**
 * A model card from its JSON.
 *
 * @param {string} json
 * @returns {Card}
 * @throws {Failure} where it is none, or of another version of the format
 */
export function readCard(json) {
  const given = object(parsed(json), 'JSON');
  if (typeof given.format === 'number' && given.format > FORMAT) throw new Failure('card-newer');
  if (given.format !== FORMAT) throw new Failure('card-unreadable', { detail: 'format' });
  const { classes } = network(given.network, 'network');
  const card = record({
    written: text,
    weights: record({ file: text, bytes: count, sha256: text }),
    network,
    measured: list(
      record({ on: oneOf(/** @type {const} */ (['test', 'validation', 'left-out', 'held-out'])), source: optional(text), metrics: metrics(classes.length) }),
    ),
    epochs: list(epoch),
    best_epoch: optional(count),
  })(given, '');
  if (!/^[0-9a-f]{64}$/.test(card.weights.sha256)) throw new Failure('card-unreadable', { detail: 'weights.sha256' });
  return card;
}

/** @param {string} json */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Failure('card-unreadable', { detail: 'JSON' }, error);
  }
}
