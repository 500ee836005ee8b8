/** @import { AtThreshold, Info, Outcome } from '../../www/core/types.js' */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedFor, bestF1, findThreshold, pointAt, probabilityOf, replyTo, wholePercents, withPrecision } from '../../www/core/question.js';
import { thresholdFrom } from '../../www/core/threshold.js';

/* Questions of yes or no, which the page and the element ask alike. */

const interval = { low: 0, high: 1 };
/** @param {[threshold: number, precision: number, recall: number, f1: number]} figures @returns {AtThreshold} */
const point = ([threshold, precision, recall, f1]) => ({
  ...{ threshold, precision, recall, f1, positives: 3, pictures: 5 },
  ...{ precision_interval: interval, recall_interval: interval },
});
const points = /** @type {[number, number, number, number][]} */ ([
  [0.1, 0.6, 1, 0.75],
  [0.4, 0.75, 1, 0.857],
  [0.6, 0.667, 0.667, 0.667],
  [0.9, 1, 0.333, 0.5],
]).map(point);

test('a threshold is a number, the best F1 or a precision, as on the command line', () => {
  assert.equal(thresholdFrom('0.25'), 0.25);
  assert.equal(thresholdFrom(' 1 '), 1);
  assert.equal(thresholdFrom('best-f1'), 'best-f1');
  assert.deepEqual(thresholdFrom('precision=0.95'), { precision: 0.95 });
  for (const none of [null, '', ' ', 'high', '1.1', '-0.1', 'precision=', 'precision=2', 'best']) assert.equal(thresholdFrom(none), null, String(none));
});

test('thresholds are found on the curve, and figures between its points', () => {
  assert.equal(findThreshold(0.3, null), 0.3);
  assert.equal(findThreshold('best-f1', points), 0.4);
  assert.equal(findThreshold({ precision: 0.7 }, points), 0.4, 'the lowest one');
  assert.equal(findThreshold({ precision: 0.8 }, points), 0.9);
  assert.equal(findThreshold('best-f1', null), null);
  assert.equal(findThreshold({ precision: 0.8 }, points.slice(0, 3)), null);
  assert.equal(bestF1([point([0.5, 0, 0, 0])]), null, 'yes is right for none');
  assert.equal(withPrecision([point([0.5, 1, 0, 0])], 0.5), null);
  assert.equal(pointAt(points, 0.5)?.threshold, 0.6);
  assert.equal(pointAt(points, 0.95), null);
  assert.deepEqual([0.004, 0.5, 0.501, 0.999].map(wholePercents), [0.01, 0.5, 0.51, 0.99]);
});

test('several classes are one question, a group is called by its name, and an unknown class has no answer', () => {
  assert.equal(askedFor(' , '), null);
  assert.deepEqual(askedFor('cat, dog,cat'), { classes: ['cat', 'dog'], group: null });
  const animal = askedFor(' animal ');
  assert.equal(animal?.group, 'animal');
  assert.ok(animal?.classes.includes('frog'));

  const ranked = [
    { index: 0, label: 'cat', probability: 0.5 },
    { index: 1, label: 'dog', probability: 0.25 },
    { index: 2, label: 'ship', probability: 0.25 },
  ];
  assert.equal(probabilityOf(ranked, ['cat', 'dog']), 0.75);
  assert.equal(probabilityOf([], ['cat']), null);
  const outcome = /** @type {Outcome} */ ({ ranked, info: /** @type {Info} */ ({ classes: ['cat', 'dog', 'ship'] }) });
  const both = { classes: ['cat', 'dog'], group: null };
  const curves = { all: points, sources: [] };
  const { yes, probability, threshold, figures } = replyTo(outcome, both, 'best-f1', curves);
  assert.deepEqual([yes, probability, threshold, figures?.recall], [true, 0.75, 0.4, 1]);
  assert.equal(replyTo(outcome, both, 0.8, curves).yes, false);
  assert.deepEqual([replyTo(outcome, both, 'best-f1', null).yes, replyTo(outcome, both, 0.5, null).yes], [null, true]);
  const zebra = replyTo(outcome, { classes: ['cat', 'zebra'], group: null }, 0.5, curves);
  assert.deepEqual([zebra.yes, zebra.unknown, zebra.figures], [null, ['zebra'], null]);
});
