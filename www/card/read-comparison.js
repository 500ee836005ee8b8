/** @import { Interval, Method } from './types.js' */

/*
 * The rows that `glimpse compare` keeps (src/train/compare/record.rs). They stand beside the networks' own cards and are made
 * by another command: a row without a method or an accuracy is left out, and so is a figure that is none.
 */

/**
 * @param {string} json
 * @returns {Method[]} empty where there is nothing to compare
 */
export function readComparison(json) {
  /** @type {unknown} */
  let given;
  try {
    given = JSON.parse(json);
  } catch {
    return [];
  }
  const { rows } = Object(given);
  return Array.isArray(rows) ? rows.flatMap((/** @type {unknown} */ row) => readMethod(Object(row)) ?? []) : [];
}

/**
 * @param {Record<string, unknown>} row
 * @returns {Method | null}
 */
function readMethod({ method, accuracy, accuracy_interval, f1, parameters, multiply_adds, bytes, milliseconds, seconds }) {
  if (typeof method !== 'string' || !method || numberOf(accuracy) === null) return null;
  return {
    method,
    accuracy: numberOf(accuracy),
    interval: intervalOf(accuracy_interval),
    f1: numberOf(f1),
    parameters: numberOf(parameters),
    multiply_adds: numberOf(multiply_adds),
    bytes: numberOf(bytes),
    milliseconds: numberOf(milliseconds),
    training_seconds: numberOf(seconds),
  };
}

/** @param {unknown} value */
const numberOf = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/**
 * @param {unknown} value the two ends
 * @returns {Interval | null}
 */
function intervalOf(value) {
  const [low, high] = Array.isArray(value) ? value.map(numberOf) : [];
  return typeof low === 'number' && typeof high === 'number' ? { low, high } : null;
}
