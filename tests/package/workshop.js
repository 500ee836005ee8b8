import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { pkg, root } from '../browser/chromium.js';

/*
 * Where the package is packed, installed and bundled: target/package, with the bundlers that scripts/setup has put there.
 */

const run = promisify(execFile);

export const workshop = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/package`;

const need = createRequire(`${workshop}/`);

/**
 * A bundler.
 * @param {string} name
 * @returns {Promise<any>}
 */
export async function tool(name) {
  const missing = `${name} is missing in ${workshop}: run scripts/setup test`;
  return import(resolved(name, missing));
}

/**
 * @param {string} name
 * @param {string} missing
 */
function resolved(name, missing) {
  try {
    return need.resolve(name);
  } catch {
    return assert.fail(missing);
  }
}

/** @typedef {{ filename: string, size: number, unpackedSize: number, files: { path: string, size: number }[] }} Packed what `npm pack` says */

/** @type {Promise<Packed> | undefined} */
let packing;

/** Packs what Trunk has built; the tarball is then in the workshop. */
export function pack() {
  return (packing ??= packNow());
}

/** @returns {Promise<Packed>} */
async function packNow() {
  await mkdir(workshop, { recursive: true });
  // Elsewhere first: another test file may be reading the one that is there.
  const aside = await mkdtemp(`${workshop}/packed-`);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', aside], { cwd: pkg });
  const [packed] = JSON.parse(stdout);
  await rename(`${aside}/${packed.filename}`, `${workshop}/${packed.filename}`);
  await rm(aside, { recursive: true });
  return packed;
}

/**
 * A new project that has the package installed as anybody would install it.
 *
 * @param {string} name
 * @param {string} fixture a folder of fixtures/
 */
export async function project(name, fixture) {
  const { filename } = await pack();
  // Within the workshop, so that it finds the tools there.
  const folder = `${workshop}/projects/${name}`;
  await rm(folder, { recursive: true, force: true });
  await cp(`${root}tests/package/fixtures/${fixture}`, folder, { recursive: true });
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', `${workshop}/${filename}`], { cwd: folder });
  return folder;
}

/** @param {string} file */
export async function json(file) {
  return JSON.parse(String(await readFile(file)));
}
