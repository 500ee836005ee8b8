import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { root } from '../browser/chromium.js';

/*
 * Other people's sites, made with the tools that they use. Their sources are in fixtures/, with the lines that the
 * package's README tells people to write.
 */

const run = promisify(execFile);

const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;
const work = `${target}/embed`;

/** What stands in the README and in the fixtures for wherever the element's files are. */
const SOMEWHERE = 'https://example.org/glimpse';

/** Where screenshots go. */
export const shots = `${work}/shots`;

/**
 * A copy of a site's sources that names the element's true address.
 *
 * @param {string} name a folder of fixtures/
 * @param {string} pictures where in it the picture belongs
 * @param {string} origin where the element's files are
 */
async function sources(name, pictures, origin) {
  const folder = `${work}/${name}`;
  await rm(folder, { recursive: true, force: true });
  await cp(`${root}tests/embed/fixtures/${name}`, folder, { recursive: true });
  await mkdir(`${folder}/${pictures}`, { recursive: true });
  await cp(`${root}www/samples/cat.jpg`, `${folder}/${pictures}/cat.jpg`);
  for (const file of await readdir(folder, { recursive: true })) {
    if (!/\.(md|rst|html)$/.test(file)) continue;
    const text = String(await readFile(`${folder}/${file}`));
    await writeFile(`${folder}/${file}`, text.replaceAll(SOMEWHERE, origin));
  }
  return folder;
}

/**
 * @param {string} origin
 * @returns {Promise<string>} the folder of the site
 */
export async function book(origin) {
  const folder = await sources('mdbook', 'src', origin);
  const tools = process.env.GLIMPSE_TOOLS ?? `${root}.tools`;
  const env = { ...process.env, PATH: `${tools}/bin:${process.env.PATH}` };
  await run('mdbook', ['build'], { cwd: folder, env }).catch(explain('mdBook'));
  return `${folder}/book`;
}

/**
 * @param {string} origin
 * @returns {Promise<string>} the folder of the site
 */
export async function documentation(origin) {
  const folder = await sources('sphinx', 'extra', origin);
  const env = { ...process.env, PYTHONPATH: `${target}/sphinx` };
  // A warning is a failure.
  await run('python3', ['-m', 'sphinx', '-q', '-W', '-b', 'html', '.', 'site'], { cwd: folder, env }).catch(explain('Sphinx'));
  return `${folder}/site`;
}

/**
 * @param {string} origin
 * @returns {Promise<string>} the folder of the site
 */
export function routed(origin) {
  return sources('routed', '.', origin);
}

/** @param {string} tool */
function explain(tool) {
  return (/** @type {Error} */ error) => assert.fail(`${tool} made no site. Is it there (scripts/setup test)? It says: ${error.message}`);
}
