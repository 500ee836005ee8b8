/** @import { Binding, On } from '../../card/types.js' */

/*
 * What only the page says that shows model cards, in English; what the pages have in common is in `../en.js`.
 * `page` holds the texts of card.html.
 */

const percents = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const digits = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** @param {number} share */
const percent = (share) => percents.format(share);

/** @param {number} count */
const pictures = (count) => (count === 1 ? '1 picture' : `${numbers.format(count)} pictures`);

export default {
  page: {
    title: 'glimpse: model card',
    description: 'How good a network of glimpse is: figures with intervals, reliability, confusion matrix and training curves, bound to its weights file.',
    heading: 'How good is it?',
    lead: 'The model card of a network: what was measured of it, and on which pictures.',
    noscript: 'This page draws what was measured, and for that it needs JavaScript.',
    networkHeading: 'Network',
    measuredHeading: 'Figures',
    reliabilityHeading: 'Reliability',
    classesHeading: 'Classes',
    confusionHeading: 'Confusion matrix',
    trainingHeading: 'Training',
    comparisonHeading: 'Beside other methods',
  },
  open: 'Open a weights file and its card',
  hint: 'Drop a weights file (.safetensors) and its card (.json) anywhere on this page to see a network of your own.',
  loading: 'The card is being fetched.',
  /** @param {Binding} binding @param {string} file that the card names @param {string} digest the beginning of its checksum */
  binding(binding, file, digest) {
    switch (binding) {
      case 'matches':
        return `Card and weights file belong together: the SHA-256 of the file is the one on the card of ${file} (${digest}…).`;
      case 'differs':
        return `Card and weights file don’t belong together: the card is of ${file} with the SHA-256 ${digest}…, and the weights file has another one. These figures say nothing about it.`;
      case 'no-file':
        return `This is the card of ${file}. Open the weights file, too, to see whether the two belong together.`;
      case 'unreachable':
        return `Whether the card belongs to the weights file couldn’t be checked: ${file} can’t be read.`;
      case 'insecure':
        return 'Whether the card belongs to the weights file couldn’t be checked: browsers compute checksums only in pages that come over https or from this computer.';
      default:
        return `It is being checked whether the card belongs to ${file}.`;
    }
  },
  cardOf: 'Card written',
  on: 'Measured on',
  /** @param {On} on @param {string | null} source @param {number} count */
  measured(on, source, count) {
    const kinds = { test: 'Test pictures', validation: 'Validation pictures', 'left-out': 'Sources left out', 'held-out': 'Pictures held out' };
    return `${kinds[on]}${source === null ? '' : `, ${source}`} (${numbers.format(count)})`;
  },
  /** @param {On} on @returns {string} */
  about(on) {
    switch (on) {
      case 'test':
        return 'Pictures that nothing about the network was chosen by.';
      case 'validation':
        return 'Pictures that it hadn’t learnt from; temperature and threshold were fitted on them.';
      case 'left-out':
        return 'Sources of pictures, each answered by a head that was trained on all the others; temperature and threshold were fitted on them.';
      default:
        return 'Pictures that it hadn’t learnt from, by the answers that its weights file keeps, each in a byte; temperature and threshold were fitted on them.';
    }
  },
  nothingMeasured: 'Nothing has been measured on any pictures.',
  figure: 'Figure',
  value: 'Value',
  interval: '95% interval',
  /** @param {number} low @param {number} high */
  between: (low, high) => `${percent(low)} to ${percent(high)}`,
  figures: {
    accuracy: 'Accuracy',
    top5: 'Top-5 accuracy',
    precision: 'Precision, mean of the classes',
    recall: 'Recall, mean of the classes',
    f1: 'F1, mean of the classes',
    coverage: 'Coverage: answers that were sure',
    selective: 'Selective accuracy: of the sure ones, right',
    wrong: 'Sure and wrong',
    loss: 'Negative log-likelihood, in nats',
    calibration: 'Expected calibration error',
    known: 'Of the classes other than none, named rightly',
    none: 'Of none of these, called so',
    auroc: 'AUROC of ‘none of these’',
    unknown: 'Sure of pictures of no class that it knows',
  },
  asTable: 'As a table',
  /** @param {number} count @param {number} error */
  reliabilityOf: (count, error) =>
    `Share of right answers, upwards, over how sure they were, to the right, on ${pictures(count)}; calibration error ${percent(error)}`,
  reliabilityHint: 'On the dashed line an answer that is 80% sure is right 8 times out of 10. Each point is a bin of answers, its line the 95% interval.',
  sureness: 'How sure',
  mean: 'Mean',
  rightShare: 'Right',
  pictures: 'Pictures',
  class: 'Class',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  confusionHint: 'What a picture is stands on the left, what it was called above. Choose a cell with the pointer, or with the arrow keys and Enter.',
  isCalled: 'Is, called',
  /** @param {string} is @param {string} called @param {number} count @param {number} of */
  cell: (is, called, count, of) =>
    of === 0
      ? `No picture here is “${is}”.`
      : `Of ${pictures(of)} of “${is}”, ${numbers.format(count)} (${percent(count / of)}) ${count === 1 ? 'was' : 'were'} called “${called}”.`,
  /** @param {number} classes */
  tooMany: (classes) => `${numbers.format(classes)} classes are too many for a matrix; the JSON of the card has it.`,
  noTraining: 'How its training went, epoch by epoch, isn’t known: it was trained before cards kept that, or at one go.',
  loss: 'Loss',
  accuracy: 'Accuracy',
  epoch: 'Epoch',
  training: 'Training',
  validation: 'Validation',
  /** @param {string} what @param {number} epochs */
  curveOf: (what, epochs) => `${what}, upwards, over ${numbers.format(epochs)} epochs, to the right`,
  /** @param {number} epoch */
  best: (epoch) => `The weights are those of epoch ${numbers.format(epoch)}, the best on the validation pictures.`,
  comparisonHint:
    'Each method learnt from the same pictures and was measured on the same others. One thread of one processor; less is better where it is time or size.',
  columns: {
    method: 'Method',
    accuracy: 'Accuracy',
    interval: '95% interval',
    f1: 'F1',
    parameters: 'Parameters',
    multiply_adds: 'Multiply-adds',
    bytes: 'File',
    milliseconds: 'Per picture',
    training_seconds: 'Training',
  },
  /** @param {number} seconds */
  duration: (seconds) => (seconds < 120 ? `${numbers.format(Math.round(seconds))} s` : `${numbers.format(Math.round(seconds / 60))} min`),
  number: (/** @type {number} */ count) => numbers.format(count),
  short: (/** @type {number} */ count) => compact.format(count),
  digits: (/** @type {number} */ value) => digits.format(value),
  percent,
};
