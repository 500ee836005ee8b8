/** @import { AtThreshold, Curves, Outcome, Ranked, Reply } from './types.js' */
/** @import { Wanted } from './threshold.js' */
import { groups } from './groups.js';

/*
 * A question of yes or no: whether a picture shows one of some classes, from which probability on the answer is yes, and how
 * good such answers are.
 */

/** @typedef {keyof typeof groups} Group */

/** Whole percents are for people; whoever finds a threshold elsewhere is a little above it then, never below. */
const ROUNDING = 1e-6;

/**
 * What a question is about, as people write it: classes with commas between them, or the name of a group of them.
 *
 * @param {string} text
 * @returns {{ classes: readonly string[], group: Group | null } | null} null where it names nothing
 */
export function askedFor(text) {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length === 0) return null;
  const group = names.length === 1 ? (Object.keys(groups).find((key) => key === names[0]) ?? null) : null;
  return group === null ? { classes: [...new Set(names)], group } : { classes: groups[/** @type {Group} */ (group)], group: /** @type {Group} */ (group) };
}

/**
 * How probable it is that one of the classes is right; null where none of them is among the answers.
 *
 * @param {readonly Ranked[]} ranked
 * @param {readonly string[]} classes
 */
export function probabilityOf(ranked, classes) {
  const asked = ranked.filter(({ label }) => classes.includes(label));
  if (asked.length === 0) return null;
  return Math.min(
    1,
    asked.reduce((sum, { probability }) => sum + probability, 0),
  );
}

/**
 * The threshold that is wanted.
 *
 * @param {Wanted} wanted
 * @param {readonly AtThreshold[] | null} points of the curve, by rising threshold; null where there is none
 * @returns {number | null} null where there is no such threshold
 */
export function findThreshold(wanted, points) {
  if (typeof wanted === 'number') return wanted;
  const found = points && (wanted === 'best-f1' ? bestF1(points) : withPrecision(points, wanted.precision));
  return found?.threshold ?? null;
}

/**
 * The figures at a threshold: they change at the points alone.
 *
 * @param {readonly AtThreshold[]} points
 * @param {number} threshold
 * @returns {AtThreshold | null} null where no answer is yes
 */
export function pointAt(points, threshold) {
  return points.find((point) => point.threshold >= threshold) ?? null;
}

/**
 * The one with the largest F1, the highest of several.
 * @param {readonly AtThreshold[]} points
 * @returns {AtThreshold | null} null where yes is right for no picture
 */
export function bestF1(points) {
  const [first = null] = points;
  const best = points.reduce((/** @type {AtThreshold | null} */ found, point) => (point.f1 >= (found?.f1 ?? 0) ? point : found), first);
  return best && best.f1 > 0 ? best : null;
}

/**
 * The lowest one with this precision.
 *
 * @param {readonly AtThreshold[]} points
 * @param {number} wanted
 */
export function withPrecision(points, wanted) {
  return points.find(({ precision, recall }) => precision >= wanted && recall > 0) ?? null;
}

/**
 * A threshold in whole percents, from 1 to 99.
 * @param {number} threshold
 */
export const wholePercents = (threshold) => Math.min(99, Math.max(1, Math.ceil(threshold * 100 - ROUNDING))) / 100;

/**
 * What is answered to a question about a picture.
 *
 * @param {Pick<Outcome, 'ranked' | 'info'>} outcome
 * @param {{ classes: readonly string[], group: Group | null }} asked
 * @param {Wanted} wanted
 * @param {Curves | null} curves how good such answers were, where that is known
 * @returns {Reply}
 */
export function replyTo({ ranked, info }, { classes, group }, wanted, curves) {
  const unknown = classes.filter((label) => !info.classes.includes(label));
  const points = curves?.all ?? null;
  const known = unknown.length === 0;
  const probability = known ? probabilityOf(ranked, classes) : null;
  const threshold = known ? findThreshold(wanted, points) : null;
  const yes = probability === null || threshold === null ? null : probability >= threshold;
  return { classes: [...classes], group, unknown, probability, threshold, yes, figures: points && threshold !== null ? pointAt(points, threshold) : null };
}
