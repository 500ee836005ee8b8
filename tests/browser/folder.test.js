import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { faultsOf } from './axe.js';
import { misfitsOf } from './fits.js';
import { checkerboard } from './pictures.js';
import { samples } from './samples.js';
import { scene } from './scene.js';

/* The page that classifies whole folders. */

const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };
const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') };
const board = { name: 'board.png', mimeType: 'image/png', buffer: checkerboard() };
const photos = await Promise.all(samples.map(async ({ name, path }) => ({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await readFile(path) })));

scene('without WebGPU', 'a heap of photos becomes a table', async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem('glimpse.model', 'cifar10'));
  await page.goto(`${server.origin}/folder.html`);
  await page.locator('#choose-files').waitFor();
  // A drop, as a file manager makes it.
  const files = [...photos, broken, notes, board].map(({ name, mimeType, buffer }) => ({ name, mimeType, data: buffer.toString('base64') }));
  const transfer = await page.evaluateHandle((given) => {
    const dropped = new DataTransfer();
    for (const { name, mimeType, data } of given) {
      dropped.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
    }
    return dropped;
  }, files);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  const rows = page.locator('.answers tbody tr');
  await rows.nth(photos.length).waitFor();
  await page.locator('.looking .progress').waitFor({ state: 'hidden' });
  assert.equal(await rows.count(), photos.length + 1);
  assert.match((await page.textContent('#refused')) ?? '', /broken\.jpg/);
  assert.match((await page.textContent('#others')) ?? '', /1 file/);

  await page.selectOption('#filter', 'class:cat');
  const cats = await rows.count();
  assert.ok(cats > 0 && cats < photos.length, `${cats} cats`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export-csv')]);
  const csv = String(await readFile(await download.path()));
  assert.match(csv, /^picture,sure,class_1,probability_1,class_2,/);
  assert.equal(csv.trim().split('\n').length, cats + 1, 'what is shown, and the titles');
  assert.match(csv, /\ncat\.jpg,(true|false),cat,/);
  await page.selectOption('#filter', '');
  await page.click('#sort-path');
  assert.match((await rows.first().textContent()) ?? '', /airplane/);
  await page.click('#sort-path');
  assert.match((await rows.first().textContent()) ?? '', /ship/);

  await rows.first().locator('button').press('Enter');
  assert.equal(await page.locator('#photo-classes li').count(), 10);
  assert.deepEqual(await faultsOf(page), [], 'the dialog');
  await page.keyboard.press('Escape');
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faultsOf(page), [], `${colorScheme}, ${width} pixels wide`);
      assert.deepEqual(await misfitsOf(page), [], `${colorScheme}, ${width} pixels wide`);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${colorScheme}-${width}.png`, fullPage: true });
    }
  }
});

scene('without WebGPU', 'cancelled, a folder keeps what is done', async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem('glimpse.model', 'cifar10'));
  await page.goto(`${server.origin}/folder.html`);
  await page.locator('#choose-files').waitFor();
  await page.setInputFiles(
    '#files',
    Array.from({ length: 200 }, (_, place) => ({ ...board, name: `${place}.png` })),
  );
  const rows = page.locator('.answers tbody tr');
  await rows.nth(2).waitFor();
  await page.click('#cancel');
  await page.locator('.looking .progress').waitFor({ state: 'hidden' });
  const kept = await rows.count();
  assert.ok(kept >= 3 && kept < 200, `${kept} rows`);
});
