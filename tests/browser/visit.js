/** @import { TestContext } from 'node:test' */
/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { executablePath, FLAGS } from './chromium.js';

/** A first answer, on a busy machine. */
const PATIENCE = 60_000;

/**
 * A browser for pages that aren't ours: sites that embed the element, projects that bundle it. Whatever a visitor's
 * console would show of trouble is kept, and so is everything that is fetched from where nothing should be.
 *
 * @param {TestContext} t closes the browser at its end
 * @param {readonly string[]} origins where the page may fetch from
 */
export async function visit(t, origins) {
  assert.ok(existsSync(executablePath), `${executablePath} is missing: install Chromium or set CHROMIUM`);
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  return { page, troubles: troublesOf(page, origins) };
}

/**
 * @param {Page} page
 * @param {readonly string[]} origins
 */
function troublesOf(page, origins) {
  /** @type {string[]} */
  const troubles = [];
  page.on('console', (message) => {
    // That the engine has got no worker is told as information.
    if (message.type() === 'error' || message.text().startsWith('glimpse')) troubles.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
  page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    const { origin, protocol, href } = new URL(request.url());
    if (!origins.includes(origin) && !['blob:', 'data:'].includes(protocol)) troubles.push(`foreign: ${href}`);
  });
  return troubles;
}
