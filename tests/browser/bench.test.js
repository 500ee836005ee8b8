/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../www/core/errors.js';
import { median } from '../../www/core/median.js';
import own from '../../www/i18n/bench/en.js';
import zh from '../../www/i18n/bench/zh.js';
import en from '../../www/i18n/en.js';
import { faultsOf } from './axe.js';
import { misfitsOf } from './fits.js';
import { scene } from './scene.js';

/* The page that times the networks where it is opened. */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

/** What a phone shows a part of. */
const SCROLLED = '#times .scroll';

test('the median of an even number of times is the larger of the two in the middle, and of none there is none', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 3);
  assert.ok(Number.isNaN(median([])));
});

/** @param {Page} page @param {string} model @param {string} backend */
const row = (page, model, backend) => page.locator(`#times tr[data-model="${model}"][data-backend="${backend}"]`);

/** @param {Page} page */
const done = (page) => page.locator('#run-bench', { hasText: own.run }).waitFor();

/** What is in the clipboard. @param {Page} page */
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

/** The names of backends that go on in another line. @param {Page} page */
const brokenWords = (page) =>
  page.locator('#times tbody th').evaluateAll((cells) =>
    cells.flatMap((cell) => {
      const text = /** @type {Text} */ (cell.firstChild);
      return [...text.data.matchAll(/WebGPU|CPU/g)].flatMap(({ 0: word, index }) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return range.getClientRects().length > 1 ? [text.data] : [];
      });
    }),
  );

scene(
  'without WebGPU',
  'both networks are timed on the CPU, WebGPU says why it isn’t there, and the table is taken along',
  async ({ page, server, open }) => {
    await open();
    await page.locator('footer a[href="bench.html"]').click(); // from the first page
    await page.locator('html[data-state="ready"]').waitFor({ state: 'attached' });
    assert.match(await page.locator('#facts').innerText(), /HeadlessChrome/);
    await page.selectOption('#count', '10');
    await page.click('#run-bench');
    await row(page, 'photo', 'webgpu').waitFor();
    await done(page);
    for (const model of ['cifar10', 'photo']) {
      assert.match((await row(page, model, 'cpu').locator('th').textContent()) ?? '', /network on CPU$/);
      assert.match((await row(page, model, 'cpu').locator('td').allTextContents()).join(' '), /^\d+\.\d\d s( [\d.,]+ ms){3}$/);
      assert.match((await row(page, model, 'webgpu').textContent()) ?? '', /on WebGPUCPU: this browser (has no WebGPU|offers no WebGPU adapter)\./);
    }

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('#copy-markdown');
    await page.locator('#copied', { hasText: own.copied }).waitFor();
    const [head = '', rule = '', ...lines] = (await copied(page)).split('\n');
    assert.equal(head, `| ${Object.values(own.table).slice(1).join(' | ')} |`);
    assert.equal(rule, '| --- | ---: | ---: | ---: | ---: |');
    assert.equal(lines.filter((line) => line.startsWith('| ')).length, 4);
    assert.match(lines.join('\n'), /10 answers each; browser: .*HeadlessChrome/);
    await page.click('#copy-text');
    assert.equal((await copied(page)).split('\n')[0], Object.values(own.table).slice(1).join('\t'));

    for (const [language, colorScheme, width] of /** @type {const} */ ([
      ['en', 'light', 1280],
      ['en', 'dark', 360],
      ['zh', 'light', 360],
      ['zh', 'dark', 1280],
    ])) {
      await page.click(`#languages [lang="${language}"]`);
      await page.locator('h1', { hasText: { en: own, zh }[language].page.heading }).waitFor();
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faultsOf(page), [], `${language}, ${colorScheme}, ${width} pixels wide`);
      assert.deepEqual(await misfitsOf(page, SCROLLED), [], `${language}, ${colorScheme}, ${width} pixels wide`);
      assert.deepEqual(await brokenWords(page), [], `${language}, ${width} pixels wide`);
      await page.screenshot({ path: `${shots}bench-${language}-${width}-${colorScheme}.png`, fullPage: true });
    }
    assert.equal(await page.locator('#times tbody tr').count(), 4, 'the table stays when the language changes');

    await page.goto(`${server.origin}/bench.html?lang=en`);
    server.meddle((path) => (path.endsWith('.jpg') ? { status: 503 } : undefined));
    await page.click('#run-bench');
    await page.locator('.run [role="status"]', { hasText: 'cat.jpg' }).waitFor();
    assert.equal(await page.isVisible('#times'), false);
    server.meddle();
    await page.click('#run-bench');
    await row(page, 'cifar10', 'cpu').waitFor();
  },
  { allow: [/503/, /ERR_ABORTED/] },
);

scene(
  'with WebGPU',
  'the adapter is named, WebGPU is timed like the CPU, and what is under way can be ended',
  async ({ page, server }) => {
    await page.goto(`${server.origin}/bench.html`);
    await page.locator('#facts', { hasText: '(emulated on the CPU)' }).waitFor();
    await page.selectOption('#count', '10');
    await page.focus('#run-bench');
    await page.keyboard.press('Enter');
    await row(page, 'cifar10', 'webgpu').waitFor();
    assert.match((await row(page, 'cifar10', 'webgpu').locator('td').allTextContents()).join(' '), /^\d+\.\d\d s( [\d.,]+ ms){3}$/);
    await page.keyboard.press('Enter');
    await done(page);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'run-bench');
    assert.ok((await page.locator('#times tbody tr').count()) >= 2, 'what was found stays');
    await page.waitForFunction(() => document.querySelector('.run progress')?.hasAttribute('hidden'));
  },
  { allow: [/ERR_ABORTED/] },
);

scene(
  'without WebGPU',
  'where the browser grants no worker nothing is timed, as no engine could be ended again',
  async ({ page, server }) => {
    server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'");
    await page.goto(`${server.origin}/bench.html`);
    await page.click('#run-bench');
    await page.locator('.run [role="status"]', { hasText: en.failure(new Failure('no-worker'), '') }).waitFor();
    await done(page);
    assert.equal(await page.locator('#times tbody tr').count(), 0);
    assert.ok(!server.served.some((path) => path.endsWith('/engine/engine.js')), 'no engine runs on the page’s own thread');
  },
  { allow: [/worker-src/, /ERR_ABORTED/] },
);
