/** @import { Page } from 'playwright-core' */
/** @import { Info, Layer } from '../../www/core/types.js' */
/** @import { WordsOfInside } from '../../www/i18n/inside/index.js' */
/** @import { Localizer } from '../../www/i18n/localizer.js' */
/** @import { Said } from './scene.js' */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import en from '../../www/i18n/inside/en.js';
import zh from '../../www/i18n/inside/zh.js';
import { channelNames, titleOf } from '../../www/inside/layer-names.js';
import { faultsOf } from './axe.js';
import { misfitsOf } from './fits.js';
import { sample } from './samples.js';
import { atRest, backendIs, said, scene, upload } from './scene.js';

/*
 * What each layer made of a photo: the names of layers in Node, and both networks in one visit.
 */

/** @param {Partial<Layer>[]} own */
const chain = (own) =>
  own.map((each, at) => /** @type {Layer} */ ({ from: at - 1, block: 0, shape: [1, 1, 4], parameters: 0, multiply_adds: 0, kernel: 0, stride: 0, ...each }));

test('channels are called what they stand for', () => {
  const info = /** @type {Info} */ (
    /** @type {unknown} */ ({ classes: ['cat', 'dog', 'none'], vocabulary: { classes: ['tabby', 'beagle', 'teapot', 'liner'] } })
  );
  const words = /** @type {WordsOfInside} */ (/** @type {unknown} */ ({ inside: en }));
  const localizer = /** @type {Localizer<WordsOfInside>} */ (
    /** @type {unknown} */ ({ words, classNames: { nameOf: (/** @type {string} */ label) => `a ${label}` } })
  );
  const layers = chain([
    { kind: 'picture' },
    { kind: 'convolution' },
    { kind: 'convolution', block: 1 },
    { kind: 'convolution' },
    { kind: 'mean' },
    { kind: 'dense' },
    { kind: 'dense', from: 4, shape: [1, 1, 3] },
    { kind: 'evidence', shape: [1, 1, 3] },
    { kind: 'softmax', shape: [1, 1, 3] },
  ]);
  const second = layers.map((_, at) => channelNames(layers, at, info, localizer)(1));
  assert.deepEqual(second, ['Green', 'Channel 1', 'Channel 1', 'Channel 1', 'Channel 1', 'a beagle', 'a dog', 'a dog', 'a dog']);
  assert.deepEqual(
    [1, 2, 3, 8].map((at) => titleOf(layers, at, words)),
    ['1. Convolution 1', '2. Block 1: Convolution', '3. Convolution 2', '8. Softmax'],
  );

  // Of two classes there is one number, for the second, and then two shares.
  const two = chain([{ kind: 'picture' }, { kind: 'dense', shape: [1, 1, 1] }, { kind: 'softmax', shape: [1, 1, 2] }]);
  const both = { ...info, classes: ['cat', 'dog'], vocabulary: null };
  assert.equal(channelNames(two, 1, both, localizer)(0), 'a dog');
  assert.deepEqual([0, 1].map(channelNames(two, 2, both, localizer)), ['a cat', 'a dog']);
});

/** @param {Page} page @param {string} selector of a button */
async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** @param {Page} page @returns {Promise<any>} */
const numbersOf = async (page) => JSON.parse((await saved(page, '#save-layer-json')).bytes.toString());

/**
 * Chooses the first layer of a kind, and waits for one of its numbers.
 *
 * @param {Page} page
 * @param {keyof typeof en.layers.names} kind
 */
async function choose(page, kind) {
  const option = page.locator('#layers-list [role="option"]', { hasText: en.layers.names[kind] }).first();
  await option.click();
  const title = await option.locator('span').first().textContent();
  await page.locator('#layer-title', { hasText: title ?? '' }).waitFor();
  await page.locator('#layer-readout > *').first().waitFor();
  return numbersOf(page);
}

/** @param {readonly number[]} numbers */
const sumOf = (numbers) => numbers.reduce((sum, each) => sum + each, 0);

/** @param {any} numbers that were saved @param {Said} answer */
function assertAnswer({ shares, network }, answer) {
  assert.equal(network, answer.model);
  assert.ok(answer.ranked.length > 1);
  assert.equal(shares[0].class, answer.ranked[0]?.label);
  // The page shows the likeliest alone.
  for (const { label, probability } of answer.ranked) {
    const { share } = shares.find((/** @type {{ class: string }} */ row) => row.class === label) ?? assert.fail(label);
    assert.ok(Math.abs(share - probability) < 2e-3, `${label}: ${share} in the last layer, ${probability} in the answer`);
  }
  assert.ok(Math.abs(sumOf(shares.map((/** @type {{ share: number }} */ { share }) => share)) - 1) < 1e-5);
}

/** @param {any} numbers that were saved */
function assertSum({ pixel }) {
  const products = pixel.inputs.map((/** @type {number} */ input, /** @type {number} */ at) => input * pixel.weights[at]);
  assert.ok(Math.abs(sumOf(products) + pixel.bias - pixel.output) < 1e-4, JSON.stringify(pixel));
  assert.ok(products.length > 0);
}

/** What lies beyond its edges is scrolled to. */
const SCROLLED = '.layers-list';

/** @param {Page} page @param {string} face */
async function examine(page, face) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await faultsOf(page), [], `${face}, ${colorScheme}`);
  }
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await atRest(page);
    assert.deepEqual(await misfitsOf(page, SCROLLED), [], `${face}, ${width} pixels wide`);
  }
}

/** @param {Page} page @param {number} most */
async function workersAre(page, most) {
  for (const end = Date.now() + 20_000; page.workers().length > most; await page.waitForTimeout(20)) assert.ok(Date.now() < end, 'a worker is left');
}

scene('without WebGPU', 'inside: what each layer made of a photo, number by number', async ({ page, server, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const answer = await upload(page, sample('cat').path);
  await page.click('#inside-open');
  await page.locator('.chain [data-step="normalise"]').first().waitFor();
  const fetched = () => server.served.filter((path) => /rpc\/layers-(?:server|worker)|wasm\/learn/.test(path));
  assert.deepEqual(fetched(), [], 'nothing is fetched before it is opened');

  // By the keyboard: from tab to tab, from layer to layer, from channel to channel, from pixel to pixel.
  await page.focus('#tab-preprocessing');
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-layers');
  await page.locator('#layer-readout table').first().waitFor();
  assert.notDeepEqual(fetched(), []);
  assert.equal(await page.locator('#layer-channels label canvas:not(.filter)').count(), 24);
  assert.equal(await page.locator('#layer-channels canvas.filter').count(), 24);
  const stem = await numbersOf(page);
  assertAnswer(stem, answer);
  assertSum(stem);
  assert.deepEqual([stem.layer, stem.pixel.channels], [1, [0, 1, 2]], 'the stem, which sees red, green and blue');
  await page.focus('.pixel-cursor');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  const { row, column } = stem.pixel;
  await page.locator('#layer-pixel', { hasText: `row ${row + 2}, column ${column + 2}` }).waitFor();
  await page.locator('#layer-channels input:checked').focus();
  await page.keyboard.press('ArrowRight');
  const second = stem.channels[1].channel;
  await page.locator('#layer-pixel', { hasText: en.layers.channel(second) }).waitFor();
  const moved = await numbersOf(page);
  assertSum(moved);
  assert.deepEqual([moved.pixel.channel, moved.pixel.row, moved.pixel.column], [second, row + 1, column + 1]);
  const sheet = await saved(page, '#save-layer');
  assert.deepEqual([sheet.name, sheet.bytes.subarray(1, 4).toString()], ['glimpse-cat-layer-1.png', 'PNG']);
  await examine(page, 'the stem');

  // By the pointer.
  await page.locator('.pixel-cursor canvas').click({ position: { x: 1, y: 1 } });
  await page.locator('#layer-pixel', { hasText: 'row 1, column 1:' }).waitFor();

  // Each kind of layer of the photo network.
  const { pixel: bent } = await choose(page, 'relu6');
  assert.equal(bent.output, Math.min(6, Math.max(0, bent.inputs[0])));
  await page.locator('#layer-readout svg.activation').waitFor();
  await examine(page, 'an activation');
  assertSum(await choose(page, 'depthwise'));
  const { pixel: added } = await choose(page, 'add');
  assert.ok(Math.abs(sumOf(added.inputs) - added.output) < 1e-4);
  const { pixel: mean } = await choose(page, 'mean');
  assert.ok(Math.abs(sumOf(mean.inputs) / mean.inputs.length - mean.output) < 1e-4);
  const { pixel: looks } = await choose(page, 'looks');
  assert.equal(looks.inputs.length, 2, 'it looks twice');
  await choose(page, 'evidence');
  await page.focus('#layers-list');
  await page.keyboard.press('End');
  await page.locator('#layer-readout th', { hasText: en.layers.share }).waitFor();
  await examine(page, 'the softmax');
  assert.match((await page.locator('#layer-channels label').first().textContent()) ?? '', /^cat/i);

  // Another network, for which everything is computed anew.
  await page.selectOption('#model', 'cifar10');
  await page.locator('#layers-list [role="option"]', { hasText: en.layers.names.gelu }).first().waitFor();
  const { pixel: largest } = await choose(page, 'pool');
  assert.equal(largest.output, Math.max(...largest.inputs));
  assert.equal(largest.inputs.length, 4);
  assertAnswer(await choose(page, 'softmax'), await said(page));
  assertSum(await choose(page, 'dense'));
  await choose(page, 'gelu');

  // In another language where it stands, and gone with the panel.
  await page.locator('#languages').getByRole('link', { name: '中文' }).click();
  await page.locator('#layer-title', { hasText: zh.layers.names.gelu }).waitFor();
  await page.locator('#layers-list [role="option"]', { hasText: zh.layers.names.convolution }).first().click();
  await page.locator('#layer-pixel', { hasText: '行' }).waitFor();
  await examine(page, 'in Chinese');
  await page.click('#inside-open');
  await workersAre(page, 1);
  assert.equal(
    await page.locator('#view-layers canvas').evaluateAll((all) => all.filter((canvas) => /** @type {HTMLCanvasElement} */ (canvas).width > 0).length),
    0,
  );
});

scene(
  'without WebGPU',
  'inside: where the layers could not be fetched it is tried again, and the focus goes on to them',
  async ({ page, server, open }) => {
    server.meddle((path) => (path.includes('/learn/') ? { status: 503 } : undefined));
    await open();
    await backendIs(page, 'cpu', 'cifar10');
    await upload(page, sample('cat').path);
    await page.click('#inside-open');
    await page.click('#tab-layers');
    const again = page.locator('#layers-again');
    await again.waitFor();
    await again.focus();
    const tried = server.served.length;
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('#layers-again[aria-disabled="false"]'));
    assert.ok(server.served.length > tried);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'layers-again', 'it has failed once more');
    server.meddle();
    await page.keyboard.press('Enter');
    await page.locator('#layers-list').waitFor();
    await again.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'layers-list');
  },
  { allow: [/503/], model: 'cifar10' },
);
