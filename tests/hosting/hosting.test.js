/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { executablePath, FLAGS, root } from '../browser/chromium.js';
import { serve } from '../browser/server.js';
import { host } from '../browser/widget.js';
import { caddy, nginx, site } from './servers.js';

/*
 * The page in a subfolder of real web servers, as docs/hosting.md recommends it.
 */

const OWN = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** What each file is, and whether it comes compressed. */
const FILES = /** @type {const} */ ([
  ['', 'text/html; charset=utf-8', true],
  ['teach.html', 'text/html; charset=utf-8', true],
  ['www/i18n/en.js', 'text/javascript; charset=utf-8', true],
  ['www/ui/styles.css', 'text/css; charset=utf-8', true],
  ['www/manifest.webmanifest', 'application/manifest+json', true],
  ['www/samples/cat.jpg', 'image/jpeg', false],
  ['www/model/photo.safetensors', 'application/octet-stream', true],
  ['wasm/cpu/glimpse_bg.wasm', 'application/wasm', true],
]);

/** @type {ReturnType<typeof site>} */
let place;
/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  place = site();
  const { status, stderr } = spawnSync(`${root}scripts/compress`, ['--quick', place.page], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  browser = await chromium.launch({ executablePath, args: FLAGS });
});
after(async () => {
  await browser?.close();
  place?.remove();
});

/** @param {Page} page */
const ready = (page) => page.waitForFunction(() => document.documentElement.matches('[data-state="ready"][data-model="photo"]'));

/** @param {Page} page */
async function answersCat(page) {
  await page.click('[data-sample="cat"]');
  await page.waitForFunction(() => /cat/i.test(document.querySelector('#verdict')?.textContent ?? ''));
}

/**
 * What the browser got and what that was unpacked.
 * @param {string} ending
 */
const sizesOf = (ending) => {
  const entry = /** @type {PerformanceResourceTiming | undefined} */ (performance.getEntriesByType('resource').find(({ name }) => name.endsWith(ending)));
  return { got: entry?.encodedBodySize ?? 0, whole: entry?.decodedBodySize ?? 0 };
};

for (const start of [nginx, caddy]) {
  test(`${start.name} serves the page from a subfolder, compressed, isolated, and it works offline`, async () => {
    const server = await start(place.folder);
    const other = await serve(`${root}www/samples`);
    const context = await browser.newContext({ locale: 'en' });
    /** @type {string[]} */
    const troubles = [];
    try {
      for (const [name, type, compressed] of FILES) {
        for (const coding of ['br', 'gzip']) {
          const { status, headers } = await fetch(`${server.origin}/glimpse/${name}`, { headers: { 'accept-encoding': coding } });
          const told = (/** @type {string} */ header) => headers.get(header);
          assert.equal(status, 200, name);
          const said = [told('content-type')?.toLowerCase(), told('content-encoding'), told('cache-control')];
          assert.deepEqual(said, [type, compressed ? coding : null, 'no-cache'], name);
          assert.equal(told('content-security-policy'), type.startsWith('text/html') ? OWN : null, name);
          assert.deepEqual(
            [
              'cross-origin-opener-policy',
              'cross-origin-embedder-policy',
              'cross-origin-resource-policy',
              'access-control-allow-origin',
              'x-content-type-options',
            ].map(told),
            ['same-origin', 'require-corp', 'cross-origin', '*', 'nosniff'],
            name,
          );
        }
      }
      const caching = async (/** @type {string} */ path) => (await fetch(`${server.origin}/${path}`)).headers.get('cache-control');
      assert.equal(await caching(`fixed/${place.version}/www/element.js`), 'public, max-age=31536000, immutable');
      assert.equal(await caching(`fixed/${place.version}/sw.js`), 'no-cache');
      const { headers } = await fetch(`${server.origin}/glimpse/www/element.js`);
      const again = await fetch(`${server.origin}/glimpse/www/element.js`, { headers: { 'if-none-match': headers.get('etag') ?? 'none' } });
      assert.equal(again.status, 304, 'what has not changed is not sent again');

      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
      page.on('pageerror', (error) => troubles.push(String(error)));
      await page.goto(`${server.origin}/glimpse`);
      assert.equal(page.url(), `${server.origin}/glimpse/`);
      await ready(page);
      await answersCat(page);
      assert.ok(await page.evaluate(() => crossOriginIsolated), 'the page is isolated');
      for (const { got, whole } of [await page.evaluate(sizesOf, '/i18n/en.js'), await page.evaluate(sizesOf, '/cpu/glimpse_bg.wasm')]) {
        assert.ok(got > 0 && got < whole * 0.7, `${got} of ${whole} bytes came`);
      }

      // Others may frame embed.html, and only that.
      other.police(
        `default-src 'self'; script-src ${server.origin} 'wasm-unsafe-eval'; worker-src blob: ${server.origin}; connect-src 'self' ${server.origin}; img-src 'self' ${server.origin} blob: data:; frame-src ${server.origin}`,
      );
      other.head({ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' });
      const frames = `<iframe src="${server.origin}/glimpse/embed.html?src=www/samples/ship.jpg&model=www/model/cifar10.safetensors" title="one" width="500" height="400"></iframe><iframe id="refused" src="${server.origin}/glimpse/" title="two"></iframe>`;
      const guest = await context.newPage();
      const refusal = guest.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
      const element = `<glimpse-classifier src="/cat.jpg" model="${server.origin}/glimpse/www/model/cifar10.safetensors"></glimpse-classifier>`;
      await guest.goto(other.page('/host.html', host(frames + element, { site: `${server.origin}/glimpse` })));
      await guest.frameLocator('iframe').first().locator('.card[aria-busy="false"] .verdict', { hasText: 'ship' }).waitFor();
      await guest.locator('glimpse-classifier .card[aria-busy="false"] .verdict', { hasText: 'cat' }).waitFor();
      assert.equal(guest.workers().length, 2, 'the element, too, runs in a worker');
      await refusal;
      await guest.close();

      await page.waitForSelector('#offline[data-state="stored"]');
      await page.reload();
      await ready(page);
      await page.waitForFunction(() => !!navigator.serviceWorker.controller);
      await server.close();
      await page.goto(`${server.origin}/glimpse/`);
      await ready(page);
      await answersCat(page);
      assert.deepEqual(troubles, []);
    } finally {
      await context.close();
      await other.close();
      await server.close();
    }
  });
}
