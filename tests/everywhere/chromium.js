/** @import { Connection } from './tab.js' */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { cameraFlags, executablePath, FLAGS } from '../browser/chromium.js';

/*
 * Chromium, for the steps that all browsers share: the commands of WebDriver that they send, as Playwright knows them.
 */

/** How WebDriver names an element; here, its selector is its id. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** @returns {Promise<Connection>} */
export async function chromium() {
  const downloads = mkdtempSync(join(tmpdir(), 'glimpse-chromium-'));
  const flags = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
  const browser = await playwright.launch({ executablePath, args: [...FLAGS, ...cameraFlags({ flags })] });
  const page = await browser.newPage({ locale: 'en' });
  page.on('download', (download) => void download.saveAs(join(downloads, download.suggestedFilename())));
  /** @type {Record<string, (given: any) => Promise<unknown>>} */
  const commands = {
    Navigate: ({ url }) => page.goto(url),
    Refresh: () => page.reload(),
    ExecuteAsyncScript: ({ script, args }) => page.evaluate(`new Promise((done) => (function () { ${script} })(...${JSON.stringify(args)}, done))`),
    async FindElement({ value }) {
      if ((await page.locator(value).count()) === 0) throw new Error(`there is no ${value}`);
      return { [ELEMENT]: value };
    },
    ElementClick: ({ id }) => page.locator(id).first().click(),
    ElementSendKeys: ({ id, text }) => page.locator(id).setInputFiles(text.split('\n')),
  };
  return {
    name: 'Chromium',
    version: browser.version(),
    downloads,
    async send(command, given = {}) {
      const run = commands[command];
      if (!run) throw new Error(`there is no command ${command}`);
      return run(given);
    },
    async close() {
      await browser.close();
      rmSync(downloads, { recursive: true });
    },
  };
}
