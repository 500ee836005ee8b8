/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import folder from '../../www/i18n/folder/en.js';
import zh from '../../www/i18n/folder/zh.js';
import { faultsOf } from './axe.js';
import { pkg } from './chromium.js';
import { misfitsOf } from './fits.js';
import { checkerboard } from './pictures.js';
import { samples } from './samples.js';
import { scene } from './scene.js';

/* The page that classifies whole folders. */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };
const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') };
const board = { name: 'board.png', mimeType: 'image/png', buffer: checkerboard() };
const photos = await Promise.all(samples.map(async ({ name, path }) => ({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await readFile(path) })));

scene('without WebGPU', 'a heap of photos becomes a table', async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem('glimpse.model', 'cifar10'));
  await page.goto(`${server.origin}/folder.html`);
  await page.locator('#choose-files').waitFor();
  await drop(page, [notes]);
  await page.locator('#others').waitFor(); // also where nothing else is news
  await drop(page, [...photos, broken, board]);
  const rows = page.locator('.answers tbody tr');
  await rows.nth(photos.length).waitFor();
  await page.locator('.looking .progress').waitFor({ state: 'hidden' });
  assert.equal(await rows.count(), photos.length + 1);
  assert.match((await page.textContent('#refused')) ?? '', /broken\.jpg/);
  assert.match((await page.textContent('#others')) ?? '', /1 file/);

  // How many of each class, and how many not sure.
  const classes = await page
    .locator('.classes tbody tr')
    .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)).map(([name, ...counts]) => [name, ...counts.map(Number)]));
  const sum = (/** @type {1 | 2} */ column) => classes.reduce((sum, line) => sum + Number(line[column]), 0);
  assert.equal(sum(1), photos.length + 1);
  assert.deepEqual(
    classes.map(([, count]) => count),
    classes.map(([, count]) => count).sort((a, b) => Number(b) - Number(a)),
  );
  await page.selectOption('#filter', 'unsure');
  assert.equal(await rows.count(), photos.length + 1 - sum(2));

  const cat = page.locator('.classes').getByRole('button', { name: 'cat', exact: true });
  await cat.click();
  const cats = await rows.count();
  assert.ok(cats > 0 && cats < photos.length, `${cats} cats`);
  assert.deepEqual(
    classes.find(([name]) => name === 'cat'),
    ['cat', cats, await page.locator('.answers tr[data-certainty="sure"]').count()],
  );
  assert.equal(await page.inputValue('#filter'), 'class:cat');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export-csv')]);
  const csv = String(await readFile(await download.path()));
  assert.match(csv, /^picture,sure,class_1,probability_1,class_2,/);
  assert.equal(csv.trim().split('\n').length, cats + 1, 'what is shown, and the titles');
  assert.match(csv, /\ncat\.jpg,(true|false),cat,/);
  await cat.click();
  assert.equal(await rows.count(), photos.length + 1, 'all again');
  await page.click('#sort-path');
  assert.match((await rows.first().textContent()) ?? '', /airplane/);
  await page.click('#sort-path');
  assert.match((await rows.first().textContent()) ?? '', /ship/);

  await rows.first().locator('button').press('Enter');
  assert.equal(await page.locator('#photo-classes li').count(), 10);
  assert.deepEqual(await faultsOf(page), [], 'the dialog');
  const large = page.locator('dialog canvas');
  await page.waitForFunction(() => Number(document.querySelector('dialog canvas')?.getAttribute('width')) > 96);
  // The dialog changes with the language, which its own page can't do while it is open.
  const [name] = await page.locator('#photo-classes .label').allTextContents();
  await page.evaluate(() => /** @type {HTMLButtonElement} */ (document.querySelector('#languages [lang="zh"]')).click());
  await page.locator('#photo-close', { hasText: zh.close }).waitFor();
  assert.notEqual((await page.locator('#photo-classes .label').allTextContents())[0], name);
  assert.ok(await large.isVisible());
  await page.keyboard.press('Escape');
  await look('zh');
  await page.click('#languages [lang="en"]');
  await page.locator('#sort-path', { hasText: folder.columns.path }).waitFor();
  await look('en');

  async function look(/** @type {string} */ language) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await faultsOf(page), [], `${language}, ${colorScheme}, ${width} pixels wide`);
        assert.deepEqual(await misfitsOf(page), [], `${language}, ${colorScheme}, ${width} pixels wide`);
        await page.waitForTimeout(300); // pictures are drawn when they are in sight
        await page.screenshot({ path: `${shots}folder-${language}-${width === 360 ? 'phone' : 'desktop'}-${colorScheme}.png`, fullPage: true });
      }
    }
  }
});

scene('without WebGPU', 'a weights file of one’s own answers, and one that is none is refused in words', async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem('glimpse.model', 'photo'));
  await page.goto(`${server.origin}/folder.html`);
  await page.locator('#choose-files').waitFor();
  const weights = await readFile(`${pkg}/www/model/cifar10.safetensors`);
  await page.setInputFiles('#weights', { name: 'mine.safetensors', mimeType: '', buffer: weights });
  assert.deepEqual(await page.locator('#model option:checked').allTextContents(), ['mine.safetensors']);
  await page.setInputFiles('#files', photos);
  const rows = page.locator('.answers tbody tr');
  await rows.nth(photos.length - 1).waitFor();
  const answers = () => rows.evaluateAll((lines) => lines.map((line) => line.textContent));
  const own = await answers();

  // Another network answers all photos anew: this is the site's own copy of that file.
  await page.selectOption('#model', 'cifar10');
  await page.waitForFunction((count) => document.querySelectorAll('.answers tbody tr').length < count, photos.length);
  await rows.nth(photos.length - 1).waitFor();
  assert.deepEqual(await answers(), own);
  await page.selectOption('#model', 'photo');
  await page.waitForFunction((count) => document.querySelectorAll('.answers tbody tr').length < count, photos.length);
  await rows.nth(photos.length - 1).waitFor();
  assert.notDeepEqual(await answers(), own);

  await drop(page, [{ name: 'odd.safetensors', mimeType: '', buffer: Buffer.from('no weights at all') }]);
  await page.locator('#error-text', { hasText: 'The network’s weights can’t be used' }).waitFor();
  assert.equal(await page.isVisible('#others'), false, 'it is no picture that was left out');
  await drop(page, [{ name: 'mine.safetensors', mimeType: '', buffer: weights }]);
  await rows.nth(photos.length - 1).waitFor();
  assert.deepEqual(await answers(), own);
  assert.equal(await page.isVisible('#error-text'), false);
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
  await page.locator('#page-next:enabled').waitFor();
  await page.click('#cancel');
  await page.locator('.looking .progress').waitFor({ state: 'hidden' });
  // A page of them is in the document, and the table goes on.
  assert.equal(await rows.count(), 100);
  await page.click('#page-next');
  assert.equal(await page.isDisabled('#page-next'), true);
  const kept = 100 + (await rows.count());
  assert.ok(kept > 100 && kept < 200, `${kept} rows`);
  assert.equal(await page.textContent('#page-range'), folder.range(101, kept, kept));
  assert.equal(await page.textContent('#shown'), folder.shown(kept, kept));
});

/**
 * A drop, as a file manager makes it.
 *
 * @param {Page} page
 * @param {{ name: string, mimeType: string, buffer: Buffer }[]} files
 */
async function drop(page, files) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, data: buffer.toString('base64') }));
  const transfer = await page.evaluateHandle((given) => {
    const dropped = new DataTransfer();
    for (const { name, mimeType, data } of given) {
      dropped.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type: mimeType }));
    }
    return dropped;
  }, given);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}
