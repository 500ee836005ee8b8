/** @import { Page } from 'playwright-core' */
/** @import { Info } from '../../www/core/types.js' */
/** @import { Point } from '../../www/inside/breaking.js' */
/** @import { Pixels } from '../../www/inside/disturbances.js' */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import en from '../../www/i18n/en.js';
import zh from '../../www/i18n/inside/zh.js';
import { breaksOf, linesOf, strengthsUpTo } from '../../www/inside/breaking.js';
import { disturb, reduce, UNDISTURBED } from '../../www/inside/disturbances.js';
import { heightsOf, histogramOf, histogramOfTensor } from '../../www/inside/histogram.js';
import { median } from '../../www/core/median.js';
import { variantsOf } from '../../www/inside/variants.js';
import { faultsOf } from './axe.js';
import { misfitsOf } from './fits.js';
import { sample } from './samples.js';
import { atRest, backendIs, said, scene, upload } from './scene.js';

/*
 * The panel that looks inside: its arithmetic in Node, and one visit in the browser.
 */

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => readonly number[]} colour
 * @returns {Pixels}
 */
function picture(width, height, colour) {
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) => {
    const pixel = Math.floor(at / 4);
    return at % 4 === 3 ? 255 : Number(colour(pixel % width, Math.floor(pixel / width))[at % 4]);
  });
  return { width, height, data };
}

/** @param {Pixels} pixels @param {number} x @param {number} y */
const at = ({ width, data }, x, y) => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)];

/** @param {number[]} numbers */
const meanOf = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** @param {Pixels} pixels */
const redsOf = ({ data }) => [...data].filter((_, place) => place % 4 === 0);

const gradient = picture(40, 30, (x, y) => [6 * x, 8 * y, 128]);
const grey = picture(64, 64, () => [128, 128, 128]);

test('without a disturbance a photo is as it was, and it is never changed itself', () => {
  assert.deepEqual(disturb(gradient, UNDISTURBED), gradient);
  const before = gradient.data.slice();
  disturb(gradient, { rotation: 10, blur: 2, dark: 30, cast: 40, noise: 20, jpeg: 0 });
  assert.deepEqual(gradient.data, before);
});

test('noise is the same each time, has the strength that is asked for, and no lean', () => {
  const noisy = disturb(grey, { ...UNDISTURBED, noise: 20 });
  assert.deepEqual(disturb(grey, { ...UNDISTURBED, noise: 20 }).data, noisy.data);
  const reds = redsOf(noisy);
  const deviation = Math.sqrt(meanOf(reds.map((red) => (red - 128) ** 2)));
  assert.ok(Math.abs(meanOf(reds) - 128) < 1.5, `${meanOf(reds)}`);
  assert.ok(Math.abs(deviation - 20) < 1, `${deviation}`);
  assert.equal(noisy.data[3], 255, 'it stays opaque');
});

test('blur keeps what is flat, and spreads a dot as wide as is asked for', () => {
  assert.deepEqual(disturb(grey, { ...UNDISTURBED, blur: 7 }), grey);
  // A bright column in the dark: the variance of what comes of it is that of the blur.
  const line = picture(101, 5, (x) => (x === 50 ? [255, 255, 255] : [0, 0, 0]));
  for (const blur of [2, 4]) {
    const row = Array.from({ length: 101 }, (_, x) => Number(at(disturb(line, { ...UNDISTURBED, blur }), x, 2)[0]));
    const sum = row.reduce((all, each) => all + each, 0);
    const variance = row.reduce((all, each, x) => all + each * (x - 50) ** 2, 0) / sum;
    assert.ok(Math.abs(Math.sqrt(variance) - blur) < 0.35, `${blur}: ${Math.sqrt(variance)}`);
  }
});

test('darkness and a cast scale the colours', () => {
  assert.deepEqual(at(disturb(grey, { ...UNDISTURBED, dark: 50 }), 3, 3), [64, 64, 64]);
  assert.deepEqual(at(disturb(grey, { ...UNDISTURBED, cast: 100 }), 3, 3), [128, 70, 13]);
  assert.deepEqual(at(disturb(grey, { ...UNDISTURBED, dark: 50, cast: 100 }), 3, 3), [64, 35, 6]);
});

test('a photo is turned clockwise around its centre, and its corners are filled with its mean', () => {
  const dot = picture(31, 31, (x, y) => (x === 25 && y === 15 ? [255, 0, 0] : [0, 0, 0]));
  assert.deepEqual(at(disturb(dot, { ...UNDISTURBED, rotation: 90 }), 15, 25), [255, 0, 0]);
  assert.deepEqual(at(disturb(dot, { ...UNDISTURBED, rotation: 180 }), 5, 15), [255, 0, 0]);
  const turned = disturb(gradient, { ...UNDISTURBED, rotation: 45 });
  assert.deepEqual(at(turned, 0, 0), [117, 116, 128]);
});

test('a photo is reduced by means of areas, and never enlarged', () => {
  assert.deepEqual(reduce(gradient, 100), gradient);
  const small = reduce(gradient, 10);
  assert.deepEqual([small.width, small.height], [10, 8]);
  assert.deepEqual(at(small, 0, 0), [9, 12, 128]); // 0, 6, 12, 18 and 0 to 24 by eights, 4 rows
});

test('a histogram counts every pixel once in each channel', () => {
  const histogram = histogramOf(gradient);
  for (const counts of Object.values(histogram.counts))
    assert.equal(
      counts.reduce((sum, each) => sum + each, 0),
      1200,
    );
  assert.equal(histogram.counts.blue[32], 1200);
  assert.ok(Math.abs(histogram.means.red - 117 / 255) < 1e-9);
  assert.ok(heightsOf(histogram, 'red').every((height) => height >= 0 && height <= 1));
  const tensor = histogramOfTensor(Float32Array.of(-2, 2, 0, 0, 1, 1));
  assert.deepEqual([tensor.low, tensor.high, tensor.means.red, tensor.means.blue], [-2, 2, 0, 1]);
  assert.deepEqual([tensor.counts.red[0], tensor.counts.red[63]], [1, 1]);
});

test('every way to prepare a photo is tried once', () => {
  /** @param {Partial<Info['preprocessing']>} own */
  const info = (own) =>
    /** @type {Info} */ (
      /** @type {unknown} */ ({ preprocessing: { framing: 'stretch', enhance: { denoise: false, contrast: false, colour_balance: false }, ...own } })
    );
  const plain = variantsOf(info({}), null);
  const keys = plain.map(({ key }) => key);
  assert.deepEqual(keys, [
    'none',
    'only-denoise',
    'only-colour_balance',
    'only-contrast',
    'without-denoise',
    'without-colour_balance',
    'without-contrast',
    'all',
    'crop',
  ]);
  assert.deepEqual(
    plain.filter(({ usual }) => usual).map(({ key }) => key),
    ['none'],
  );
  const cropped = variantsOf(info({ enhance: { denoise: true, contrast: true, colour_balance: true } }), 'crop');
  assert.deepEqual(
    cropped.filter(({ usual }) => usual).map(({ key }) => key),
    ['stretch'],
    'what the network was trained with is among them',
  );
});

test('an answer breaks where another class comes first', () => {
  assert.deepEqual(strengthsUpTo(50, 6), [0, 10, 20, 30, 40, 50]);
  /** @param {number} strength @param {number} cat @returns {Point} */
  const point = (strength, cat) => {
    const ranked = [
      { index: 0, label: 'cat', probability: cat },
      { index: 1, label: strength > 30 ? 'frog' : 'dog', probability: 1 - cat },
    ];
    return { strength, ranked: ranked.sort((one, other) => other.probability - one.probability), sure: Math.max(cat, 1 - cat) > 0.7 };
  };
  const points = [point(0, 0.9), point(10, 0.6), point(20, 0.4), point(30, 0.2), point(40, 0.05)];
  assert.deepEqual(linesOf(points), { first: 'cat', rival: 'frog' });
  assert.deepEqual([breaksOf(points).unsure?.strength, breaksOf(points).another?.strength], [10, 20]);
  const firm = points.slice(0, 1);
  assert.deepEqual([linesOf(firm).rival, breaksOf(firm)], [null, { another: null, unsure: null }]);
  assert.equal(median([5, 1, 9, 2, 3]), 3);
});

/**
 * @param {Page} page
 * @param {string} selector of a button
 */
async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** @param {Page} page @param {string} face */
async function examine(page, face) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await faultsOf(page), [], `${face}, ${colorScheme}`);
  }
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await atRest(page);
    assert.deepEqual(await misfitsOf(page), [], `${face}, ${width} pixels wide`);
  }
}

scene('without WebGPU', 'inside: every step, every way, what breaks the answer, and the networks side by side', async ({ page, server, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const answer = await upload(page, sample('cat').path);
  const fetched = () => server.served.filter((path) => path.includes('/inside/'));
  assert.deepEqual(fetched(), [], 'nothing is fetched before it is opened');

  // Step by step: the last picture is the one that the network has seen, to the last bit.
  await page.click('#inside-open');
  await page.locator('.chain [data-step="normalise"]').first().waitFor();
  const steps = () => page.locator('.looks > :first-child li').evaluateAll((items) => items.map((item) => /** @type {HTMLElement} */ (item).dataset.step));
  assert.deepEqual(await steps(), ['crop', 'resize', 'normalise']);
  const lastPicture = () =>
    page.locator('.looks > :first-child li:nth-last-child(2) canvas').evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  assert.equal(await lastPicture(), answer.seen);
  await page.check('#lab-contrast');
  await page.check('#lab-denoise');
  await page.waitForFunction(() => document.querySelectorAll('.looks > :first-child li').length === 5);
  assert.deepEqual(await steps(), ['crop', 'resize', 'denoise', 'contrast', 'normalise']);
  assert.notEqual(await lastPicture(), answer.seen);
  const sheet = await saved(page, '#save-stages');
  assert.equal(sheet.name, 'glimpse-cat-steps.png');
  assert.equal(sheet.bytes.subarray(1, 4).toString(), 'PNG');

  // Every way: that of the training gives the answer that the page gives.
  await page.click('#run-ways');
  await page.locator('#ways [data-way="all"]').waitFor();
  assert.equal(Number(await page.locator('#ways [data-way="none"]').getAttribute('data-share')), answer.ranked[0]?.probability);
  const ways = JSON.parse((await saved(page, '#save-ways')).bytes.toString()).ways;
  assert.equal(ways.length, await page.locator('#ways tr').count());

  // In the dark no network sees a cat.
  await page.locator('#disturb-dark').fill('98');
  await page.click('#run-curve');
  await page.locator('#curve-findings:not(:empty)').waitFor();
  const { curve, disturbance } = JSON.parse((await saved(page, '#save-curve-json')).bytes.toString());
  assert.deepEqual([disturbance, curve.length, curve[0].ranked[0].label], ['dark', 11, 'cat']);
  const [first, last] = [curve[0], curve[10]].map(({ ranked }) => ranked.find((/** @type {{ label: string }} */ { label }) => label === 'cat').probability);
  assert.ok(last < first / 2, `${first} in the light, ${last} in the dark`);
  await examine(page, 'lab');

  // The networks, by the keyboard, each in a worker that is gone afterwards.
  await page.focus('#tab-preprocessing');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-compare');
  await page.click('#run-compare');
  await page.locator('#compared [data-network="photo"]').waitFor();
  assert.equal(await page.locator('#compared [data-network="photo"] .bars li').first().getAttribute('data-label'), 'cat');
  await page.locator('#run-compare:not([aria-label])').waitFor();
  // Where each of them looked: for its own answer, with the meaning of the colours.
  for (const id of ['cifar10', 'photo']) {
    const mapped = page.locator(`#compared [data-network="${id}"] .mapped`);
    const best = await page.locator(`#compared [data-network="${id}"] .bars li`).first().getAttribute('data-label');
    assert.match((await mapped.locator('p').first().textContent()) ?? '', new RegExp(`^Where it saw “${best}”`));
    assert.equal(await mapped.locator('.ends span').count(), 3);
    assert.ok(await mapped.locator('p', { hasText: en.where.meaning(false) }).isVisible());
    const coloured = await mapped.locator('.small-map').evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const { data } = /** @type {CanvasRenderingContext2D} */ (/** @type {HTMLCanvasElement} */ (canvas).getContext('2d')).getImageData(0, 0, width, height);
      return new Set(data).size;
    });
    assert.ok(coloured > 50, `${id}: ${coloured} different values`);
  }
  const { networks } = JSON.parse((await saved(page, '#save-compared-json')).bytes.toString());
  assert.deepEqual(
    networks.map((/** @type {{ network: string }} */ { network }) => network),
    ['cifar10', 'photo'],
  );
  assert.ok(networks.every((/** @type {{ milliseconds: number, bytes: number }} */ { milliseconds, bytes }) => milliseconds > 0 && bytes > 1e5));
  const photoNetwork = networks[1].ranked[0];
  assert.ok(Math.abs(photoNetwork.probability - Number(answer.ranked[0]?.probability)) < 1e-6, 'the same network, the same answer');
  for (const end = Date.now() + 20_000; page.workers().length > 1; await page.waitForTimeout(20)) assert.ok(Date.now() < end, 'a worker is left');
  await examine(page, 'compare');
  await page.screenshot({ path: fileURLToPath(new URL('./shots/inside-compare.png', import.meta.url)), fullPage: true });

  // What was made worse becomes the page's photo, and whoever closes the panel leaves nothing in it.
  await page.click('#tab-preprocessing');
  await page.click('#disturb-use');
  await page.locator('#photo-name', { hasText: 'cat.jpg, disturbed' }).waitFor();
  assert.equal((await said(page)).photo, 'cat.jpg, disturbed');
  await page.locator('.chain [data-step="normalise"]').first().waitFor();
  assert.equal(await page.inputValue('#disturb-dark'), '0');

  // In another language where it stands.
  await page.locator('#languages').getByRole('link', { name: '中文' }).click();
  await page.locator('#tab-compare', { hasText: zh.views.compare }).waitFor();
  await page.setViewportSize({ width: 320, height: 800 });
  assert.deepEqual(await misfitsOf(page), [], 'in Chinese, 320 pixels wide');
  await page.click('#inside-open');
  await page.waitForFunction(() => document.querySelectorAll('#inside .chain li').length === 0);
});
