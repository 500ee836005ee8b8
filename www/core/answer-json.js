/** @import { Outcome, Ranked } from './types.js' */

/*
 * Answers as JSON, with the names of `glimpse classify --format json`.
 */

/**
 * @param {string} picture what it is called
 * @param {Pick<Outcome, 'ranked' | 'sure' | 'none' | 'vocabulary' | 'specific'>} answer
 * @returns {string} a line, with all classes
 */
export function toJsonLine(picture, { none, ranked, specific, sure, vocabulary }) {
  const prediction = { none, ranked: ranked.map(exact), specific: specific && exact(specific), sure, vocabulary: vocabulary?.map(exact) ?? null };
  return `${JSON.stringify({ picture, prediction })}\n`;
}

/** @param {Ranked} ranked */
const exact = ({ index, label, probability }) => ({ index, label, probability: single(probability) });

/**
 * The number with the fewest digits that is the same in single precision, which is what the network computes in.
 * @param {number} value
 */
export function single(value) {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return Number(value.toPrecision(9));
}
