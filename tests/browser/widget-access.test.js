/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { faultsOf } from './axe.js';
import { atRest, scene } from './scene.js';
import { cardOf } from './widget.js';

/*
 * The element and its documentation for everyone, as `access.test.js` has it for the page.
 */

const CAT = '/www/samples/cat.jpg';

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  scene(
    'without WebGPU',
    `the element, ${colorScheme}: axe-core finds nothing, narrow and wide, in both languages`,
    async ({ page, server }) => {
      for (const lang of ['en', 'zh']) {
        const embed = `${server.origin}/embed.html?lang=${lang}&theme=${colorScheme}&webcam&samples=${CAT}`;
        // In an iframe, the heading is the business of the page around it.
        const faultless = (/** @type {string} */ face) =>
          inEachWidth(page, async (width) => {
            const faults = (await faultsOf(page)).filter((fault) => !fault.includes(' page-has-heading-one,'));
            assert.deepEqual(faults, [], `${lang}, ${face}, ${width} pixels wide`);
          });
        await page.goto(embed);
        await page.locator('glimpse-classifier .card').waitFor();
        await faultless('empty');

        await page.goto(`${embed}&src=${CAT}`);
        const { labels } = await cardOf(page);
        assert.equal(labels[0], 'cat');
        await atRest(page); // the bars grow
        await faultless('answered');

        await page.goto(`${embed}&src=/www/samples/CREDITS.md`);
        assert.ok((await cardOf(page)).error);
        await faultless('with an error');
      }
    },
    // Who goes on to the next address leaves what is still being fetched.
    { context: { colorScheme }, allow: [/ERR_ABORTED/] },
  );

  scene(
    'without WebGPU',
    `its documentation, ${colorScheme}: axe-core finds nothing, narrow and wide`,
    async ({ page, server }) => {
      await page.goto(`${server.origin}/www/docs/index.html`);
      await page.locator('#picture .demo').scrollIntoViewIfNeeded();
      await page.locator('#picture .verdict').first().getByText('cat').waitFor();
      await atRest(page);
      await inEachWidth(page, async (width) => {
        assert.deepEqual(await faultsOf(page), [], `${width} pixels wide`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(overflow <= 0, `at ${width} pixels the page is ${overflow} pixels too wide`);
      });
    },
    { context: { colorScheme } },
  );
}

/**
 * @param {Page} page
 * @param {(width: number) => Promise<void>} look
 */
async function inEachWidth(page, look) {
  for (const width of [360, 1000]) {
    await page.setViewportSize({ width, height: 800 });
    await atRest(page);
    await look(width);
  }
}
