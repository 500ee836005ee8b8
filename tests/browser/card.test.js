/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCard } from '../../www/card/read-card.js';
import { readComparison } from '../../www/card/read-comparison.js';
import { Failure } from '../../www/core/errors.js';
import own from '../../www/i18n/card/en.js';
import zh from '../../www/i18n/card/zh.js';
import { faultsOf } from './axe.js';
import { root } from './chromium.js';
import { misfitsOf } from './fits.js';
import { scene } from './scene.js';

/* The page with model cards, and what reads them. */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

const shipped = ['cifar10', 'photo'];
const [small = '', photo = ''] = await Promise.all(shipped.map((name) => readFile(`${root}www/model/${name}.json`, 'utf8')));

/** @param {(card: any) => void} change */
function changed(change) {
  const card = JSON.parse(small);
  change(card);
  return JSON.stringify(card);
}

test('the cards that are shipped are read, and their parts belong together', () => {
  for (const text of [small, photo]) {
    const card = readCard(text);
    const { classes } = card.network;
    for (const { metrics } of card.measured) {
      const images = metrics.confusion.flat().reduce((sum, count) => sum + count, 0);
      const right = metrics.confusion.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
      assert.equal(images, metrics.images);
      assert.ok(Math.abs(right / images - metrics.accuracy) < 1e-9);
      assert.deepEqual(
        metrics.classes.map(({ label }) => label),
        classes,
      );
      assert.equal(
        metrics.reliability.reduce((sum, bin) => sum + bin.images, 0),
        images,
      );
    }
    assert.ok(card.measured.length > 0);
  }
});

test('what is no card is refused, and says where it isn’t one', () => {
  const refusal = (/** @type {string} */ text) => {
    try {
      readCard(text);
    } catch (error) {
      if (error instanceof Failure) return `${error.code} ${error.facts.detail ?? ''}`.trim();
      throw error;
    }
    return 'read';
  };
  assert.equal(refusal(small), 'read');
  assert.equal(refusal('no JSON'), 'card-unreadable JSON');
  assert.equal(refusal('[1]'), 'card-unreadable JSON');
  assert.equal(refusal('{}'), 'card-unreadable format');
  assert.equal(refusal(changed((card) => (card.format = 2))), 'card-newer');
  assert.equal(refusal(changed((card) => (card.weights.sha256 = 'abc'))), 'card-unreadable weights.sha256');
  assert.equal(refusal(changed((card) => card.measured[0].metrics.confusion.pop())), 'card-unreadable measured[0].metrics.confusion');
  assert.equal(refusal(changed((card) => (card.measured[0].metrics.accuracy = 1.5))), 'card-unreadable measured[0].metrics.accuracy');
  assert.equal(refusal(changed((card) => (card.measured[0].on = 'hearsay'))), 'card-unreadable measured[0].on');
  assert.equal(refusal(changed((card) => delete card.network.provenance.commit)), 'card-unreadable network.provenance.commit');
});

test('the rows of glimpse compare are read, and what is none of them is left out', () => {
  const row = {
    ...{ method: 'plain', settings: {}, chosen: '', images: 9, accuracy: 0.7, accuracy_interval: [0.68, 0.72], f1: 0.69 },
    ...{ parameters: 5, multiply_adds: 6, bytes: 'many', milliseconds: null, seconds: 7, date: '2026-11-27' },
  };
  const [found, ...others] = readComparison(JSON.stringify({ rows: [row, { accuracy: 1 }, { method: 'k' }, null, 7] }));
  assert.deepEqual(others, []);
  assert.deepEqual(found, {
    ...{ method: 'plain', accuracy: 0.7, interval: { low: 0.68, high: 0.72 }, f1: 0.69, parameters: 5 },
    ...{ multiply_adds: 6, bytes: null, milliseconds: null, training_seconds: 7 },
  });
  assert.equal(readComparison(JSON.stringify({ rows: [{ ...row, accuracy_interval: [0.1] }] }))[0]?.interval, null);
  for (const text of ['', 'no JSON', '[]', '{}', 'null', '"x"', '{"rows":3}', JSON.stringify([row])]) assert.deepEqual(readComparison(text), [], text);
});

/** What a phone shows a part of. */
const SCROLLED = '.confusion .scroll, #comparison .scroll';

/** @param {Page} page @param {string} verdict */
const bound = (page, verdict) => page.locator(`#binding[data-binding="${verdict}"]`).waitFor();

scene(
  'without WebGPU',
  'each network has a card that belongs to it, and its cells are told by pointer and keys',
  async ({ page, server, open }) => {
    server.meddle((path) => (path.endsWith('/compare.json') ? { change: () => Buffer.from('{"rows":[{"method":"plain","accuracy":0.7}]}') } : undefined));
    await open();
    await page.locator('#card-link').click(); // from what the first page says of its network
    await bound(page, 'matches');
    assert.equal(await page.inputValue('#model'), 'cifar10');
    await page.selectOption('#model', 'photo');
    await page.locator('#binding[data-binding="matches"]', { hasText: 'photo.safetensors' }).waitFor();
    const { measured } = JSON.parse(photo);
    assert.equal(await page.locator('#on option').count(), measured.length);
    assert.equal(await page.textContent('#training p'), own.noTraining);
    assert.match((await page.textContent('#comparison')) ?? '', /plain70\.0%–/);

    await page.goto(`${server.origin}/card.html?model=cifar10`);
    await bound(page, 'matches');
    const [{ metrics }] = JSON.parse(small).measured;
    const cell = (/** @type {number} */ row, /** @type {number} */ column) => page.locator('.confusion tbody tr').nth(row).locator('td').nth(column);
    const told = (/** @type {number} */ is, /** @type {number} */ called) =>
      own.cell(metrics.classes[is].label, metrics.classes[called].label, metrics.confusion[is][called], metrics.classes[is].images);
    await cell(3, 5).click();
    await page.locator('#cell', { hasText: told(3, 5) }).waitFor();
    assert.equal(await page.locator('.confusion td[tabindex="0"]').count(), 1, 'one of them is in the order of Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('#cell', { hasText: told(4, 6) }).waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowLeft'); // there is nothing there
    await page.keyboard.press('Space');
    await page.locator('#cell', { hasText: told(0, 0) }).waitFor();
    await page.keyboard.press('End');
    assert.equal(await cell(0, metrics.classes.length - 1).getAttribute('tabindex'), '0');

    assert.equal(await page.locator('.bars-of-classes tbody tr').count(), metrics.classes.length);
    assert.equal(await page.locator('#reliability circle').count(), metrics.reliability.length);
    assert.equal(await page.locator('#reliability tbody tr').count(), metrics.reliability.length);
    for (const [language, colorScheme, width] of /** @type {const} */ ([
      ['en', 'light', 1280],
      ['en', 'dark', 360],
      ['zh', 'light', 360],
      ['zh', 'dark', 1280],
    ])) {
      await page.click(`#languages [lang="${language}"]`);
      await page.locator('h1', { hasText: { en: own, zh }[language].page.heading }).waitFor();
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await faultsOf(page), [], `${language}, ${colorScheme}, ${width} pixels wide`);
      assert.deepEqual(await misfitsOf(page, SCROLLED), [], `${language}, ${colorScheme}, ${width} pixels wide`);
      await page.screenshot({ path: `${shots}card-${language}-${width}-${colorScheme}.png`, fullPage: true });
    }
  },
  { model: 'cifar10' },
);

scene(
  'without WebGPU',
  'a card is compared with its weights file by the checksum, on the server and of one’s own',
  async ({ page, server }) => {
    const weights = await readFile(`${root}www/model/cifar10.safetensors`);
    const other = Buffer.from(weights);
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
    server.meddle((path) =>
      path.endsWith('.safetensors') ? { change: () => other } : path.endsWith('/broken.json') ? { change: () => Buffer.from('{}') } : undefined,
    );
    await page.goto(`${server.origin}/card.html?model=cifar10`);
    await bound(page, 'differs');
    assert.match((await page.textContent('#binding')) ?? '', /don’t belong together/);
    server.meddle();

    // With epochs, as those have that are trained today.
    const epochs = [1, 2, 3].map((epoch) => ({ epoch, loss: 2 / epoch, accuracy: epoch / 4, validation_loss: 2.1 / epoch, validation_accuracy: epoch / 5 }));
    const mine = { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(changed((card) => Object.assign(card, { epochs, best_epoch: 2 }))) };
    const file = (/** @type {Buffer} */ buffer) => ({ name: 'mine.safetensors', mimeType: '', buffer });
    await page.setInputFiles('#files', mine);
    await bound(page, 'no-file');
    await page.setInputFiles('#files', file(weights));
    await bound(page, 'matches');
    assert.equal(await page.locator('#model option:checked').textContent(), 'mine.safetensors');
    await page.selectOption('#model', 'photo');
    assert.equal(await page.locator('#model option[value="opened"]').textContent(), 'mine.safetensors', 'it keeps its name where another is chosen');
    await page.selectOption('#model', 'opened');
    await bound(page, 'matches');
    assert.equal(await page.locator('#training svg').count(), 2);
    assert.equal(await page.locator('#training tbody tr').count(), 3);
    assert.ok((await page.textContent('#training'))?.includes(own.best(2)));
    assert.deepEqual(await faultsOf(page), []);
    await page.setInputFiles('#files', file(other));
    await bound(page, 'differs');

    await page.setInputFiles('#files', { ...mine, buffer: Buffer.from('{}') });
    await page.locator('#error-text', { hasText: 'That is no model card' }).waitFor();
    assert.equal(await page.isVisible('#measured'), false);
    await page.goto(`${server.origin}/card.html?model=www/model/lost.safetensors`);
    await page.locator('#error-text', { hasText: 'lost.json' }).waitFor();

    await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined })); // as where the page isn't secure
    await page.goto(`${server.origin}/card.html?model=cifar10`);
    await bound(page, 'insecure');
    assert.ok(await page.isVisible('#measured'));
  },
  { allow: [/lost\.json|404/] },
);
