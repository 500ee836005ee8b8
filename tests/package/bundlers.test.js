/** @import { TestContext } from 'node:test' */
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { test } from 'node:test';
import { root } from '../browser/chromium.js';
import { serve } from '../browser/server.js';
import { visit } from '../browser/visit.js';
import { cardOf } from '../browser/widget.js';
import { project, tool } from './workshop.js';

/*
 * A new Vite project and a new webpack project with the package in it, and no setting for it: bundled, and served while
 * one works on it. The bundles are served under the strict policy of server.js.
 */

/** @param {string} name */
async function newProject(name) {
  const folder = await project(name, 'bundled');
  await cp(`${root}www/samples/cat.jpg`, `${folder}/cat.jpg`);
  return folder;
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the folder of the bundle
 */
async function viteBuild(folder) {
  const { build } = await tool('vite');
  await build({ root: folder, logLevel: 'warn' });
  return `${folder}/dist`;
}

/**
 * @param {string} folder
 * @param {'production' | 'development'} mode
 */
async function webpackBuild(folder, mode) {
  const { default: webpack } = await tool('webpack');
  const path = `${folder}/dist-${mode}`;
  await mkdir(path, { recursive: true });
  const html = `<!doctype html><html lang="en"><title>webpack</title><link rel="icon" href="./cat.jpg"><body><script defer src="main.js"></script>`;
  await cp(`${folder}/cat.jpg`, `${path}/cat.jpg`);
  await writeFile(`${path}/index.html`, html);
  // No `eval` in the development build: the policy forbids it.
  const options = { mode, context: folder, entry: './main.js', output: { path }, devtool: mode === 'development' ? 'source-map' : false, performance: false };
  const stats = await new Promise((resolve, reject) =>
    webpack(options, (/** @type {unknown} */ error, /** @type {any} */ done) => (error ? reject(error) : resolve(done))),
  );
  assert.equal(stats.toString({ all: false, errors: true, warnings: true }), '');
  return path;
}

/**
 * The element answers, and so does the engine alone; both in workers, with nothing amiss.
 *
 * @param {TestContext} t
 * @param {string} origin
 */
async function answers(t, origin) {
  const { page, troubles } = await visit(t, [origin]);
  await page.goto(origin);
  const found = await cardOf(page);
  assert.deepEqual([found.error, found.verdict, found.labels[0]], ['', 'It looks like a cat.', 'cat']);
  assert.equal(page.workers().length, 1);
  await page.goto('about:blank');
  await page.goto(`${origin}/#engine`);
  await page.waitForFunction(() => document.title.includes(' in a '));
  assert.equal(await page.title(), 'cat in a worker');
  assert.deepEqual(troubles, []);
}

/** @type {[string, (folder: string) => Promise<string>][]} */
const bundles = [
  ['Vite', viteBuild],
  ['webpack', (folder) => webpackBuild(folder, 'production')],
  ['webpack in development', (folder) => webpackBuild(folder, 'development')],
];

for (const [name, build] of bundles) {
  test(`bundled with ${name}, it answers in a worker`, async (t) => {
    const dist = await build(await newProject(name.toLowerCase().replaceAll(' ', '-')));
    const files = (await readdir(dist, { recursive: true })).map((file) => extname(file));
    for (const [kind, count] of /** @type {const} */ ([
      ['.wasm', 3],
      ['.safetensors', 2],
    ])) {
      assert.equal(files.filter((file) => file === kind).length, count, `each ${kind} once`);
    }
    const server = await serve(dist);
    t.after(() => server.close());
    await answers(t, server.origin);

    // And where there is no worker to be had, on the page's own thread.
    server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'");
    const { page, troubles } = await visit(t, [server.origin]);
    await page.goto(server.origin);
    const found = await cardOf(page);
    assert.deepEqual([found.error, found.labels[0], page.workers().length], ['', 'cat', 0]);
    assert.ok(troubles.some((trouble) => trouble.includes('page’s own thread')));
  });
}

test('served by Vite while one works on it, it answers in a worker', async (t) => {
  const folder = await newProject('vite-served');
  const { createServer } = await tool('vite');
  const server = await createServer({ root: folder, logLevel: 'warn', server: { host: '127.0.0.1', port: 0 } });
  t.after(() => server.close());
  await server.listen();
  const address = server.httpServer.address();
  await answers(t, `http://127.0.0.1:${address.port}`);
});
