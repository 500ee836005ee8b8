import { Failure } from '../core/errors.js';

/*
 * JSON from anywhere, field by field: each of these reads a value as what it should be, or throws a `Failure` that says
 * where it isn't.
 */

/**
 * @template T
 * @typedef {(value: unknown, place: string) => T} Reader
 */

/** @param {string} place @returns {Failure} */
const wrong = (place) => new Failure('card-unreadable', { detail: place });

/** @type {Reader<Record<string, unknown>>} */
export function object(value, place) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place);
  return /** @type {Record<string, unknown>} */ (value);
}

/** @type {Reader<string>} */
export function text(value, place) {
  if (typeof value !== 'string') throw wrong(place);
  return value;
}

/** @type {Reader<number>} */
export function number(value, place) {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(place);
  return value;
}

/** @type {Reader<number>} */
export function count(value, place) {
  const whole = number(value, place);
  if (!Number.isInteger(whole) || whole < 0) throw wrong(place);
  return whole;
}

/** @type {Reader<number>} */
export function share(value, place) {
  const part = number(value, place);
  if (part < 0 || part > 1) throw wrong(place);
  return part;
}

/**
 * @template T
 * @param {Reader<T>} each
 * @param {number} [length] where there must be so many
 * @returns {Reader<T[]>}
 */
export const list = (each, length) => (value, place) => {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length)) throw wrong(place);
  return value.map((entry, at) => each(entry, `${place}[${at}]`));
};

/**
 * @template T
 * @param {Reader<T>} read
 * @returns {Reader<T | null>} what may be missing
 */
export const optional = (read) => (value, place) => (value === null || value === undefined ? null : read(value, place));

/**
 * @template {string} T
 * @param {readonly T[]} known
 * @returns {Reader<T>}
 */
export const oneOf = (known) => (value, place) => {
  const found = known.find((each) => each === value);
  if (found === undefined) throw wrong(place);
  return found;
};

/**
 * An object with these fields.
 *
 * @template {Record<string, Reader<any>>} F
 * @param {F} fields
 * @returns {Reader<{ [K in keyof F]: ReturnType<F[K]> }>}
 */
export const record = (fields) => (value, place) => {
  const given = object(value, place);
  const read = Object.entries(fields).map(([name, reader]) => [name, reader(given[name], place ? `${place}.${name}` : name)]);
  return /** @type {{ [K in keyof F]: ReturnType<F[K]> }} */ (Object.fromEntries(read));
};
