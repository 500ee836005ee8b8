/** @import { Interval, Method } from './types.js' */

/*
 * The comparison of methods that `glimpse compare` prints. It stands beside the networks' own cards and is made by another
 * command, so whatever can be read of it is shown: a figure that isn't there, or is none, is left out, and so is a row
 * without a name.
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
  const rows = Array.isArray(given) ? given : Object.values(Object(given)).find(Array.isArray);
  return (rows ?? []).flatMap((/** @type {unknown} */ row) => readMethod(Object(row)) ?? []);
}

/**
 * @param {Record<string, unknown>} row
 * @returns {Method | null}
 */
function readMethod(row) {
  const method = row.method ?? row.name;
  if (typeof method !== 'string' || !method) return null;
  const first = (/** @type {string[]} */ ...names) => numberOf(names.map((name) => row[name]).find((value) => value !== undefined));
  return {
    method,
    accuracy: first('accuracy'),
    interval: intervalOf(row.accuracy_interval ?? row.interval),
    f1: first('macro_f1', 'f1'),
    parameters: first('parameters'),
    multiply_adds: first('multiply_adds', 'macs'),
    bytes: first('bytes', 'file_bytes'),
    milliseconds: first('milliseconds', 'milliseconds_per_picture'),
    training_seconds: first('training_seconds', 'seconds'),
  };
}

/** @param {unknown} value */
const numberOf = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/**
 * @param {unknown} value `{ low, high }` or `[low, high]`
 * @returns {Interval | null}
 */
function intervalOf(value) {
  const [low, high] = (Array.isArray(value) ? value : [Object(value).low, Object(value).high]).map(numberOf);
  return low === null || low === undefined || high === null || high === undefined ? null : { low, high };
}
