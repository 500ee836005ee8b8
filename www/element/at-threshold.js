/** @import { Outcome } from '../core/types.js' */

/**
 * The same answer where another threshold than that of the weights file decides whether it is sure. A name that is more
 * specific than the class has to reach it, too.
 *
 * @param {Outcome} outcome
 * @param {number | null} threshold a probability; null for that of the weights file
 * @returns {Outcome}
 */
export function atThreshold(outcome, threshold) {
  if (threshold === null) return outcome;
  const sure = (outcome.ranked[0]?.probability ?? 0) >= threshold;
  const specific = sure && outcome.specific && outcome.specific.probability >= threshold ? outcome.specific : null;
  return { ...outcome, sure, specific };
}
