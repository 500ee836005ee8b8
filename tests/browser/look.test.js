import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { png } from './pictures.js';
import { sample } from './samples.js';
import { atRest, backendIs, said, scene, upload } from './scene.js';
import words from '../../www/i18n/en.js';

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

/*
 * What can be told of the looks by measuring; the screenshots are for eyes.
 */
for (const [device, width, height] of /** @type {const} */ ([
  ['phone', 360, 740],
  ['tablet', 820, 1100],
  ['desktop', 1280, 900],
])) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    scene(
      'without WebGPU',
      `${device}, ${colorScheme}: nothing sticks out, and screenshots are taken`,
      async ({ page, open }) => {
        const shoot = async (/** @type {string} */ what) => {
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(overflow <= 0, `${what}: the page is ${overflow} pixels too wide`);
          await page.screenshot({ path: `${shots}${device}-${colorScheme}-${what}.png`, fullPage: true });
        };
        await open();
        await backendIs(page, 'cpu');
        await shoot('empty');
        await upload(page, sample('bird').path);
        await atRest(page); // the bars grow
        const broken = await page
          .locator('#ranked .label')
          .evaluateAll((labels) =>
            labels
              .filter((label) => label.getBoundingClientRect().height > 1.9 * parseFloat(getComputedStyle(label).fontSize))
              .map((label) => label.textContent),
          );
        assert.deepEqual(broken, [], 'names of classes that are broken into two lines');
        await shoot('answer');
        await upload(page, { name: 'nothing.png', mimeType: 'image/png', buffer: png(300, 300) });
        await atRest(page);
        await shoot('none');
        const name = `${'a-very-long-file-name-'.repeat(6)}.jpg`;
        await upload(page, { name, mimeType: 'image/jpeg', buffer: Buffer.from('no photo') });
        await shoot('error');
      },
      { context: { viewport: { width, height }, colorScheme } },
    );
  }
}

scene('without WebGPU', 'the keyboard alone gets to an answer', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const reached = [];
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.id || /** @type {HTMLElement} */ (document.activeElement).dataset.sample));
  }
  assert.ok(reached.includes('backend') && reached.includes('choose') && reached.includes('ship'), reached.join(', '));
  await page.focus('[data-sample="ship"]');
  await page.keyboard.press('Enter');
  assert.equal((await said(page)).error, '');
});

scene(
  'without WebGPU',
  'without JavaScript the page says what it is, in the words of the language file',
  async ({ page, open }) => {
    await open();
    const marked = page.locator('[data-word]');
    const count = await marked.count();
    assert.ok(count > 20);
    for (let at = 0; at < count; at += 1) {
      const word = (await marked.nth(at).getAttribute('data-word')) ?? '';
      const text = ((await marked.nth(at).textContent()) ?? '').replace(/\s+/g, ' ').trim();
      assert.equal(text, /** @type {Record<string, string>} */ (words.page)[word], word);
    }
    for (const [mark, attribute] of /** @type {const} */ ([
      ['data-word-label', 'aria-label'],
      ['data-word-content', 'content'],
    ])) {
      const elements = await page.locator(`[${mark}]`).all();
      assert.ok(elements.length > 0);
      for (const element of elements) {
        const word = (await element.getAttribute(mark)) ?? '';
        assert.equal(await element.getAttribute(attribute), /** @type {Record<string, string>} */ (words.page)[word], word);
      }
    }
    const unmarked = await page.locator('[aria-label]:not([data-word-label]), [alt]:not([alt=""])').count();
    assert.equal(unmarked, 0, 'names that no language file has');
    assert.ok(await page.locator('h1').isVisible());
    assert.ok(await page.locator('noscript p, main > .notice').first().isVisible());
  },
  { context: { javaScriptEnabled: false }, allow: [/\.js csp$/] }, // of what is fetched ahead of the scripts
);
