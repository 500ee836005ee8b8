import { make } from './dom.js';

/** Milliseconds for which a browser may take its time to begin saving. */
const GRACE = 60_000;

/**
 * Has the browser save a file.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function saveFile(blob, name) {
  const href = URL.createObjectURL(blob);
  make('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), GRACE);
}

/**
 * @param {unknown} value
 * @param {string} name
 */
export function saveJson(value, name) {
  saveFile(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' }), name);
}

/**
 * A file name that every system takes.
 *
 * @param {string} name what people call it
 * @param {string} otherwise where nothing of that is left
 */
export function fileNameFor(name, otherwise) {
  return (
    name
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || otherwise
  );
}
