import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../browser/chromium.js';

/*
 * What the last run of the shared steps came to, one file for each browser: the table in README is made of them.
 */

/** @typedef {{ browser: string, version: string, steps: { name: string, passed: boolean }[] }} Results */

const folder = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'everywhere');

/** @param {Results} results */
export function writeResults(results) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${results.browser}.json`), `${JSON.stringify(results, null, 2)}\n`);
}

/** @returns {Results[]} */
export function readResults() {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(String(readFileSync(join(folder, name)))));
}

/** So that what a browser did in an earlier run doesn't pass for this one's. */
export function forgetResults() {
  rmSync(folder, { recursive: true, force: true });
}
