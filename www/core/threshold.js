/**
 * From which probability on an answer counts: a number from 0 to 1, or, by the pictures held out that the weights file
 * knows, that with the largest F1, or the lowest one with a precision.
 * @typedef {number | 'best-f1' | { precision: number }} Wanted
 */

/**
 * A threshold as it is written in attributes and on the command line.
 *
 * @param {string | null} text
 * @returns {Wanted | null} null where it is none
 */
export function thresholdFrom(text) {
  const said = text?.trim() ?? '';
  if (said === 'best-f1') return said;
  const [, precision] = /^precision=(.*)$/.exec(said) ?? [];
  const share = (precision ?? said).trim() ? Number(precision ?? said) : NaN;
  if (!(share >= 0 && share <= 1)) return null;
  return precision === undefined ? share : { precision: share };
}
