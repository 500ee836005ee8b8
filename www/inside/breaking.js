/** @import { Ranked } from '../core/types.js' */

/*
 * Where along a curve an answer breaks.
 */

/**
 * What the network said at one strength of a disturbance.
 * @typedef {{ strength: number, ranked: readonly Ranked[], sure: boolean }} Point
 */

/**
 * The strengths to try, from 0 to the most.
 *
 * @param {number} most
 * @param {number} count
 */
export const strengthsUpTo = (most, count) => Array.from({ length: count }, (_, at) => (most * at) / (count - 1));

/**
 * The answer at the beginning, and the class that got the most of those that came before it anywhere; null where none did.
 *
 * @param {readonly Point[]} points
 * @returns {{ first: string, rival: string | null }}
 */
export function linesOf(points) {
  const first = points[0]?.ranked[0]?.label ?? '';
  const others = points.flatMap(({ ranked: [best] }) => (best && best.label !== first ? [best] : []));
  const rival = others.reduce((most, each) => (each.probability > most.probability ? each : most), others[0] ?? { label: null, probability: 0 });
  return { first, rival: rival.label };
}

/**
 * The first strength at which the answer is another one, and the first at which it is no longer sure.
 *
 * @param {readonly Point[]} points
 */
export function breaksOf(points) {
  const { first } = linesOf(points);
  return {
    another: points.find(({ ranked: [best] }) => best?.label !== first) ?? null,
    unsure: points.find(({ sure, ranked: [best] }) => !sure && best?.label === first) ?? null,
  };
}

/**
 * @param {Point} point
 * @param {string} label
 */
export const shareOf = ({ ranked }, label) => ranked.find((each) => each.label === label)?.probability ?? 0;
