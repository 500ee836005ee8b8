/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './axe.js';
import { clip } from './clip.js';
import { misfitsOf } from './fits.js';
import { sample } from './samples.js';
import { backendIs, scene, upload } from './scene.js';

/*
 * Where the network looked: over the photo, for any class and any name of the answer.
 */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));

scene(
  'without WebGPU',
  'where it looked is shown for any class or name, finer, checked and saved; nothing of it before it is on',
  async ({ page, server, open }) => {
    await mkdir(shots, { recursive: true });
    await open();
    await backendIs(page, 'cpu');
    const found = await upload(page, sample('dog').path);
    assert.equal(found.ranked[0]?.label, 'dog');
    assert.deepEqual(
      server.served.filter((path) => path.includes('/explain/') && !path.endsWith('/where-switch.js')),
      [],
      'nothing is fetched for it',
    );
    await page.click('#where');
    await saying(page, 'dog');
    const overlay = page.locator('canvas.overlay');
    const [over, photo] = [await overlay.boundingBox(), await page.locator('#photo').boundingBox()];
    assert.ok(over && photo && over.width > 100, 'it is seen');
    assert.ok(over.x >= photo.x - 1 && over.y >= photo.y - 1 && over.x + over.width <= photo.x + photo.width + 1, 'it lies on the photo');
    const pressed = () => page.locator('.bars button[aria-pressed="true"]').allTextContents();
    assert.deepEqual(await pressed(), ['dog']);
    for (const [scheme, width] of /** @type {const} */ ([
      ['light', 1280],
      ['dark', 1280],
      ['light', 360],
    ])) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      assert.deepEqual(await faultsOf(page), [], `${scheme}, ${width}`);
      if (width === 360) assert.deepEqual(await misfitsOf(page, '.overlay'), [], 'but for the colours, which lie over the photo');
      await writeFile(`${shots}where-${scheme}-${width}.png`, await page.screenshot({ fullPage: true }));
    }
    await page.setViewportSize({ width: 1280, height: 900 });

    // Another class and a name, by keyboard.
    for (const list of ['#ranked li:nth-child(2)', '#vocabulary li:nth-child(1)']) {
      const button = page.locator(`${list} button`);
      const name = (await button.textContent()) ?? '';
      await button.focus();
      await page.keyboard.press('Enter');
      await saying(page, name);
      assert.deepEqual(await pressed(), [name]);
      assert.ok(await button.evaluate((each) => each === document.activeElement), 'the focus stays');
    }

    const before = await numbers(page);
    assert.equal(before.method, 'cells');
    assert.ok(Math.abs(before.values.reduce((sum, value) => sum + value, 0) + before.constant - before.score) < 1e-4, 'it adds up');
    await page.click('#where-finer');
    await page.locator('#where-finer').waitFor();
    const finer = await numbers(page);
    assert.notDeepEqual(finer.values, before.values);
    assert.ok(Math.abs(finer.values.reduce((sum, value) => sum + value, 0) + finer.constant - finer.score) < 1e-4, 'it adds up');

    await page.click('#where-cover');
    await page.locator('#where-progress[value]').waitFor();
    await page.click('#where-cancel');
    await page.locator('#where-cover').waitFor();
    assert.equal((await numbers(page)).method, 'cells', 'what was stopped changes nothing');

    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#where-png')]);
    const bytes = await readFile(await saved.path());
    assert.ok(bytes.toString('latin1').startsWith('\x89PNG'));
    await writeFile(`${shots}where-saved.png`, bytes);

    // Another photo has its own map; switched off, nothing is left.
    await upload(page, sample('ship').path);
    await saying(page, 'ship');
    assert.equal((await numbers(page)).label, 'ship');
    await page.click('#where');
    await overlay.waitFor({ state: 'detached' });
    assert.equal(await page.locator('.bars button').count(), 0);
    assert.equal(await page.locator('#ranked li:first-child .label').textContent(), 'ship');
  },
);

scene(
  'without WebGPU',
  'over the live picture, the map comes with each frame',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await page.click('#live-start');
    await page.locator('#live-rate:not(:empty)').waitFor();
    await page.click('#where');
    await saying(page, 'dog');
    const [over, video] = [await page.locator('canvas.overlay').boundingBox(), await page.locator('#live-video').boundingBox()];
    assert.ok(over && video && over.width > 100 && over.x >= video.x - 1 && over.y >= video.y - 1, 'it lies on the picture');
    for (const id of ['where-finer', 'where-cover', 'where-png']) assert.ok(await page.locator(`#${id}`).isHidden(), id);
    await page.click('#ranked li:nth-child(2) button');
    await page.locator('#ranked button[aria-pressed="true"]').waitFor();
    await page.locator('#where-about').filter({ hasNotText: '“dog”' }).waitFor();
    assert.deepEqual(await faultsOf(page), []);
    await writeFile(`${shots}where-live.png`, await page.screenshot());
    await page.click('#where');
    await page.locator('canvas.overlay').waitFor({ state: 'detached' });
    await page.click('#live-stop');
    await page.locator('#where').waitFor({ state: 'hidden' });
  },
  { camera: { clip: (await clip(['dog'], 1)).path } },
);

/**
 * Waits for the map of what is called that.
 * @param {Page} page
 * @param {string} name
 */
async function saying(page, name) {
  await page.locator('#where-about', { hasText: `“${name}”` }).waitFor();
}

/**
 * What is saved as JSON.
 * @param {Page} page
 * @returns {Promise<{ method: string, label: string, values: number[], constant: number, score: number }>}
 */
async function numbers(page) {
  const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#where-json')]);
  return JSON.parse(String(await readFile(await saved.path())));
}
