/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWorker } from '../../scripts/lib/offline.mjs';
import { pkg } from './chromium.js';
import { sample } from './samples.js';
import { backendIs, rememberInstance, ruinInstance, scene, upload } from './scene.js';

/*
 * Several threads on the CPU, where the page is isolated from others: that they take part, that the answers are the same to the last
 * digit, and that it goes on with one thread wherever they can't be had.
 */

const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** How often a picture is asked about until helpers have come, in a test that says they do. */
const PATIENCE = 200;

/**
 * Runs in the page: an engine of its own, asked about a photo by both networks until so many threads have had a part in an answer.
 *
 * @param {{ wanted: number, tries: number }} how
 */
async function ask({ wanted, tries }) {
  const from = (/** @type {string} */ path) => import(String(path));
  const [{ EngineClient }, { models }] = await Promise.all([from('/www/rpc/client.js'), from('/www/core/models.js')]);
  const answers = [];
  let threads = 0;
  let thread = '';
  const photo = await (await fetch('/www/samples/cat.jpg')).blob();
  for (const { id } of models) {
    const client = new EngineClient({ models: models.filter((/** @type {{ id: string }} */ model) => model.id === id), choice: id, preference: 'cpu' });
    const opened = await client.open(photo);
    let most = 0;
    for (let count = 0; count < tries && most < wanted; count += 1) {
      const outcome = await client.classify(opened.photo, { framing: null, enhance: {}, embedding: true });
      most = Math.max(most, outcome.threads);
      const said = JSON.stringify([outcome.ranked, outcome.vocabulary, [...(outcome.embedding ?? [])]]);
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(said));
      answers.push(`${id} ${outcome.ranked[0]?.label} ${[...new Uint8Array(digest)]}`);
    }
    thread = client.thread;
    client.end();
    threads = Math.max(threads, most);
  }
  return { isolated: crossOriginIsolated, thread, threads, answers: [...new Set(answers)].sort() };
}

/** @param {Page} page @param {{ wanted: number, tries: number }} how */
const asked = (page, how) => page.evaluate(ask, how);

const empty = '<!doctype html><title>Empty</title><link rel="icon" href="/www/icon.svg">';

scene(
  'without WebGPU',
  'several threads answer as one does, to the last digit, and one does where there can’t be more',
  async ({ page, server }) => {
    const address = server.page('/empty.html', empty);
    await page.goto(address);
    const alone = await asked(page, { wanted: 2, tries: 3 });
    assert.deepEqual([alone.isolated, alone.thread, alone.threads], [false, 'worker', 1]);
    assert.equal(alone.answers.length, 2, 'each network says the same each time');
    assert.ok(!server.served.some((path) => path.endsWith('helper-worker.js')), 'where there can’t be helpers, nothing is fetched for them');

    server.head(ISOLATED);
    await page.goto(address);
    const together = await asked(page, { wanted: 2, tries: PATIENCE });
    assert.deepEqual([together.isolated, together.thread], [true, 'worker']);
    assert.ok(together.threads > 1, 'several threads have taken part');
    assert.deepEqual(together.answers, alone.answers);
    assert.equal(server.served.filter((path) => path.endsWith('cpu/glimpse_bg.wasm')).length, 4, 'the module is fetched once for each engine');

    // No script for helpers; then no workers for a worker.
    server.meddle((path) => (path.endsWith('helper-worker.js') ? { status: 404 } : undefined));
    await page.goto(address);
    assert.deepEqual(await asked(page, { wanted: 2, tries: 3 }), { ...alone, isolated: true });
    server.meddle();
    server.inWorker(() => {
      globalThis.Worker = /** @type {any} */ (
        class {
          constructor() {
            throw new DOMException('refused', 'SecurityError');
          }
        }
      );
    });
    await page.goto(address);
    assert.deepEqual(await asked(page, { wanted: 2, tries: 3 }), { ...alone, isolated: true });
  },
  { allow: [/helper-worker\.js/] },
);

scene(
  'without WebGPU',
  'an isolated page works, and goes on after a crash with helpers at work',
  async ({ page, server, open }) => {
    server.head(ISOLATED);
    rememberInstance(server);
    await open();
    await backendIs(page, 'cpu');
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    const before = await upload(page, sample('cat').path);
    assert.equal(before.ranked[0]?.label, 'cat');
    await ruinInstance(page);
    assert.match((await upload(page, sample('ship').path)).error, /stumbled over “ship\.jpg” and has been started again/);
    assert.deepEqual((await upload(page, sample('cat').path)).ranked, before.ranked);
  },
  { allow: [/^console: /, /^page error: /] },
);

scene('without WebGPU', 'a device that doesn’t set so much memory aside gets less, and answers', async ({ page, server, open }) => {
  server.inWorker(() => {
    const Real = WebAssembly.Memory;
    WebAssembly.Memory = /** @type {any} */ (
      class extends Real {
        /** @param {WebAssembly.MemoryDescriptor} wanted */
        constructor(wanted) {
          if (wanted.shared && (wanted.maximum ?? 0) > 8192) throw new RangeError('could not allocate memory');
          super(wanted);
        }
      }
    );
  });
  await open();
  await backendIs(page, 'cpu');
  assert.equal((await upload(page, sample('cat').path)).ranked[0]?.label, 'cat');
});

scene(
  'without WebGPU',
  'a service worker that is built to do so isolates pages from the second visit on, and nothing breaks',
  async ({ page, server, open }) => {
    const folder = mkdtempSync(join(tmpdir(), 'glimpse-isolated-'));
    try {
      cpSync(pkg, folder, { recursive: true });
      writeWorker(folder, true);
      const changed = new Map(['/index.html', '/sw.js'].map((path) => [path, readFileSync(join(folder, path))]));
      server.meddle((path) => {
        const body = changed.get(path);
        return body && { change: () => body };
      });
      const isolated = () => page.evaluate(() => crossOriginIsolated);
      await open();
      await page.locator('#offline[data-state="stored"]').waitFor({ state: 'attached' });
      await page.waitForFunction(() => !!navigator.serviceWorker.controller);
      assert.equal(await isolated(), false);
      await open();
      await backendIs(page, 'cpu');
      assert.equal(await isolated(), true);
      assert.equal((await upload(page, sample('cat').path)).ranked[0]?.label, 'cat');
      await page.click('[data-sample="ship"]');
      await page.locator('#verdict', { hasText: 'ship' }).waitFor();
      const { threads } = await asked(page, { wanted: 2, tries: PATIENCE });
      assert.ok(threads > 1, 'there are several threads');

      await page.goto(`${server.origin}/www/docs/index.html`);
      assert.equal(await isolated(), true);
      await page.locator('#picture.example .demo .verdict', { hasText: 'cat' }).waitFor();
      await page.locator('#iframe.example .demo').scrollIntoViewIfNeeded();
      await page.frameLocator('#iframe iframe').locator('.verdict', { hasText: 'bird' }).waitFor();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  { context: { serviceWorkers: 'allow' } },
);
