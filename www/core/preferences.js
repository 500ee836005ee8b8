/** @import { Preference } from './types.js' */

/*
 * Remembers small choices. Storage may be forbidden, full or absent: then nothing is remembered and nothing breaks.
 */
const PREFIX = 'glimpse.';

/**
 * @param {string} key
 * @returns {string | null}
 */
export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** @type {readonly Preference[]} */
const BACKENDS = ['auto', 'webgpu', 'cpu'];

/** @returns {Preference} which backend the person has asked for */
export function recallBackend() {
  return BACKENDS.find((known) => known === recall('backend')) ?? 'auto';
}

/**
 * @param {string} key
 * @param {string} value
 */
export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Not remembered, then.
  }
}
