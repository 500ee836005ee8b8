/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { executablePath, FLAGS, pkg } from './chromium.js';
import { serve } from './server.js';

/**
 * @typedef {object} Tab
 * @property {Page} page open
 * @property {() => Promise<void>} hide another tab comes to the front
 * @property {() => Promise<void>} show
 */

/**
 * One test in a tab that really is hidden when another one comes to the front. Playwright tells its own pages that they
 * are always seen; those of a browser that it only joins it leaves as they are.
 *
 * @param {string} name
 * @param {string[]} flags
 * @param {(tab: Tab) => Promise<void>} play
 */
export function hideable(name, flags, play) {
  test(`in a tab of a window: ${name}`, async () => {
    const server = await serve(pkg);
    const port = await freePort();
    const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...flags, `--remote-debugging-port=${port}`] });
    try {
      const joined = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
      const [context] = joined.contexts();
      assert.ok(context);
      await context.grantPermissions(['camera']);
      const page = await context.newPage();
      const other = await context.newPage();
      /** @type {string[]} */
      const troubles = [];
      page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
      });
      const turn = async (/** @type {Page} */ front, /** @type {boolean} */ hidden) => {
        await front.bringToFront();
        await page.waitForFunction((expected) => document.hidden === expected, hidden, { polling: 50 });
      };
      await page.bringToFront();
      await page.goto(`${server.origin}/`);
      await play({ page, hide: () => turn(other, true), show: () => turn(page, false) });
      assert.deepEqual(troubles, [], 'the browser reported trouble');
      await joined.close();
    } finally {
      await browser.close();
      await server.close();
    }
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
