import assert from 'node:assert/strict';
import { faultsOf } from './axe.js';
import { scene } from './scene.js';
import { cardOf } from './widget.js';

/*
 * The element and its documentation for everyone, as `access.test.js` has it for the page.
 */

const CAT = '/www/samples/cat.jpg';

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [360, 1000]) {
    scene(
      'without WebGPU',
      `the element, ${colorScheme}, ${width} pixels wide: axe-core finds nothing, in both languages`,
      async ({ page, server }) => {
        // In an iframe, the heading is the business of the page around it.
        const faults = async () => (await faultsOf(page)).filter((fault) => !fault.includes(' page-has-heading-one,'));
        for (const lang of ['en', 'zh']) {
          const embed = `${server.origin}/embed.html?lang=${lang}&theme=${colorScheme}&webcam&samples=${CAT}`;
          await page.goto(embed);
          await page.locator('glimpse-classifier .card').waitFor();
          assert.deepEqual(await faults(), [], `${lang}, empty`);

          await page.goto(`${embed}&src=${CAT}`);
          const { labels } = await cardOf(page);
          assert.equal(labels[0], 'cat');
          await page.waitForTimeout(800); // the bars grow
          assert.deepEqual(await faults(), [], `${lang}, answered`);

          await page.goto(`${embed}&src=/www/samples/CREDITS.md`);
          assert.ok((await cardOf(page)).error);
          assert.deepEqual(await faults(), [], `${lang}, with an error`);
        }
      },
      // Who goes on to the next address leaves what is still being fetched.
      { context: { colorScheme, viewport: { width, height: 800 } }, allow: [/ERR_ABORTED/] },
    );

    scene(
      'without WebGPU',
      `its documentation, ${colorScheme}, ${width} pixels wide: axe-core finds nothing`,
      async ({ page, server }) => {
        await page.goto(`${server.origin}/www/docs/index.html`);
        await page.locator('#picture .demo').scrollIntoViewIfNeeded();
        await page.locator('#picture .verdict').first().getByText('cat').waitFor();
        await page.waitForTimeout(800);
        assert.deepEqual(await faultsOf(page), []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      },
      { context: { colorScheme, viewport: { width, height: 800 } } },
    );
  }
}
