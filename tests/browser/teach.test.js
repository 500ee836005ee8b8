/** @import { Locator, Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fflate from 'fflate';
import { Failure } from '../../www/core/errors.js';
import words from '../../www/i18n/en.js';
import teach from '../../www/i18n/teach/en.js';
import zh from '../../www/i18n/teach/zh.js';
import { faultsOf } from './axe.js';
import { pkg } from './chromium.js';
import { clip } from './clip.js';
import { misfitsOf } from './fits.js';
import { checkerboard, png } from './pictures.js';
import { sample, samples } from './samples.js';
import { said, scene } from './scene.js';
import { cardOf, host } from './widget.js';

/*
 * teach.html: classes of one's own, from photos to a classifier that other pages load.
 */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });
const still = await clip(['dog'], 1);

/** Two folders as somebody might drop them: photos, one that is broken, and what is no photo at all. */
const folders = await mkdtemp(join(tmpdir(), 'glimpse-teach-'));
after(() => rm(folders, { recursive: true }));
for (const [folder, names] of /** @type {const} */ ([
  ['Animals', ['cat', 'dog', 'horse']],
  ['Vehicles', ['ship', 'airplane']],
])) {
  await mkdir(join(folders, folder));
  for (const name of names) await copyFile(sample(name).path, join(folders, folder, `${name}.jpg`));
}
await writeFile(join(folders, 'Vehicles', 'broken.jpg'), 'no photo');
await writeFile(join(folders, 'Vehicles', '.hidden'), '');

scene(
  'without WebGPU',
  'two folders are dropped: classes, answers, a report; renamed, kept, opened again, and taken along',
  async ({ page, server }) => {
    await begin(page, server.origin);
    await drop(page, page.locator('#class-place'), [join(folders, 'Animals'), join(folders, 'Vehicles')]);
    await settled(page, 5);
    assert.deepEqual(await classesOf(page), [
      ['Animals', 3],
      ['Vehicles', 2],
    ]);
    assert.equal(await page.textContent('#refused-text'), teach.progress.refused(['“broken.jpg”'], 0));
    await page.click('#refused-dismiss');

    // How good it is, and which photos a number stands for.
    await page.waitForFunction(() => [...document.querySelectorAll('.cell')].reduce((sum, cell) => sum + Number(cell.textContent), 0) === 5);
    const accuracy = Number(await page.locator('#accuracy[data-accuracy]').getAttribute('data-accuracy'));
    const right = await page.locator('.confusion td.hit').allTextContents();
    assert.equal(accuracy, right.reduce((sum, count) => sum + (Number(count) || 0), 0) / 5);
    const counts = await page.locator('.cell').allTextContents();
    await page.locator('.cell').first().click();
    assert.equal(await page.locator('.cell-photos .tile').count(), Number(counts[0]));

    // The answer follows a new name.
    await page.setInputFiles('#file', sample('cat').path);
    await answerIs(page, 'Animals');
    await card(page, 'Animals').getByRole('textbox').fill('Beasts');
    await answerIs(page, 'Beasts');
    await card(page, 'Beasts').getByRole('textbox').fill('Vehicles');
    assert.equal(await page.getByRole('alert').filter({ visible: true }).textContent(), teach.classes.nameTaken('Vehicles'));
    await card(page, 'Beasts').getByRole('textbox').blur();
    assert.equal(await card(page, 'Beasts').getByRole('textbox').inputValue(), 'Beasts');

    // A class that doesn't take part.
    await card(page, 'Vehicles').getByRole('checkbox').uncheck();
    await page.getByText(teach.answer.lacksOne('Beasts')).waitFor();
    assert.equal(await page.isVisible('#verdict'), false);
    await card(page, 'Vehicles').getByRole('checkbox').check();
    await answerIs(page, 'Beasts');

    // Kept on request only.
    const databases = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    assert.deepEqual(await databases(), []);
    await page.fill('#project-name', 'My things');
    await page.check('#keep');
    await page.locator('#keep-state[data-state="kept"]').waitFor();
    await page.reload();
    await page.locator('html[data-opened]').waitFor({ state: 'attached' });
    assert.deepEqual(await classesOf(page), [
      ['Beasts', 3],
      ['Vehicles', 2],
    ]);
    await page.locator(`#accuracy[data-accuracy="${accuracy}"]`).waitFor();
    assert.match((await page.textContent('#keep-state')) ?? '', new RegExp(`^${teach.keep.reopened(5)}`));

    // The files: the project, what was taught, and its head alone.
    await page.locator('html[data-state="ready"]').waitFor({ state: 'attached' });
    await page.setInputFiles('#file', sample('bird').path);
    await page.locator('#verdict:not(:empty)').waitFor();
    const expected = await rowsOf(page.locator('#ranked'));
    assert.deepEqual(expected.map(([name]) => name).sort(), ['Beasts', 'Vehicles', words.none].sort());
    const project = await download(page, '#project-export');
    const [whole, head] = [await download(page, '#export-whole'), await download(page, '#export-head')];
    assert.deepEqual([project.name, whole.name, head.name], ['My-things.zip', 'My-things.safetensors', 'My-things.safetensors']);
    assert.ok(whole.bytes.length > 1e6 && head.bytes.length < 2e5, `${whole.bytes.length} and ${head.bytes.length} bytes`);
    const pictures = Object.keys(fflate.unzipSync(new Uint8Array(project.bytes))).filter((path) => path.startsWith('train/'));
    assert.deepEqual(pictures.sort(), [
      'train/Beasts/0001.jpg',
      'train/Beasts/0002.jpg',
      'train/Beasts/0003.jpg',
      'train/Vehicles/0001.jpg',
      'train/Vehicles/0002.jpg',
    ]);
    assert.match((await page.textContent('#snippet')) ?? '', /<glimpse-classifier model="My-things\.safetensors">/);

    // What has been forgotten is gone, and the file brings it back.
    await page.uncheck('#keep');
    await page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
    await page.reload();
    await page.locator('html[data-opened]').waitFor({ state: 'attached' });
    assert.deepEqual(await classesOf(page), []);
    await page.setInputFiles('#project-file', { name: project.name, mimeType: 'application/zip', buffer: project.bytes });
    await page.locator(`#accuracy[data-accuracy="${accuracy}"]`).waitFor();
    assert.equal(await page.inputValue('#project-name'), 'My things');

    // The page and the element give the same answer with either file.
    server.page('/whole.safetensors', whole.bytes);
    server.page('/head.safetensors', head.bytes);
    await page.goto(`${server.origin}/?model=head.safetensors`);
    await page.locator('html[data-state="ready"][data-model="head.safetensors"]').waitFor({ state: 'attached' });
    await page.setInputFiles('#file', sample('bird').path);
    await page.locator('#verdict:not(:empty)').waitFor();
    assert.equal((await said(page)).error, '');
    assert.deepEqual(await rowsOf(page.locator('#ranked')), expected);

    // So does Whole folder, where it is opened; with another body than it was taught with, it says what is wrong.
    await page.goto(`${server.origin}/folder.html`);
    await page.locator('#choose-files').waitFor();
    const opened = { name: 'head.safetensors', mimeType: '', buffer: head.bytes };
    await page.setInputFiles('#weights', opened);
    await page.setInputFiles('#files', sample('bird').path);
    await page.locator('.answers tbody tr td').nth(1).waitFor();
    const [best = ['', '']] = expected;
    const [, named = '', share = ''] = await page.locator('.answers tbody td').allTextContents();
    assert.equal(named, best[0]);
    assert.ok(Math.abs(Number.parseFloat(share) - Number.parseFloat(best[1] ?? '')) < 0.6, `${share}, and ${best[1]}`);
    server.page('/www/model/photo.safetensors', await readFile(`${pkg}/www/model/cifar10.safetensors`));
    await page.setInputFiles('#weights', opened);
    await page.locator('#error-text', { hasText: /^The network’s weights can’t be used: The head belongs to the backbone/ }).waitFor();
    server.page('/www/model/photo.safetensors', await readFile(`${pkg}/www/model/photo.safetensors`));

    for (const file of ['whole', 'head']) {
      const elsewhere = server.origin.replace('127.0.0.1', 'localhost');
      const element = `<glimpse-classifier model="${elsewhere}/${file}.safetensors" src="/www/samples/bird.jpg"></glimpse-classifier>`;
      server.police('');
      await page.goto(server.page(`/${file}.html`, host(element)));
      const found = await cardOf(page, 'glimpse-classifier', `${new URL(elsewhere).host}/${file}.safetensors`);
      assert.deepEqual(
        found.names,
        expected.map(([name]) => name),
        file,
      );
    }
  },
  { allow: [/foreign: http:\/\/localhost:\d+\/(whole|head)\.safetensors$/, /ERR_ABORTED/] },
);

scene('without WebGPU', 'photos are grouped, a group is named, and becomes a class', async ({ page, server }) => {
  await begin(page, server.origin);
  await page.setInputFiles(
    '#group-files',
    samples.map(({ path }) => path),
  );
  await page.locator('.group-row').first().waitFor();
  assert.equal(await page.textContent('#group-count'), teach.group.waiting(6));
  const shown = () => page.locator('.group-row:visible .tile').count();
  assert.equal(await shown(), 6);
  const groups = async () => Number(await page.inputValue('#groups'));
  assert.equal(await page.locator('.group-row:visible').count(), await groups());

  // Another number of groups, by key.
  await page.focus('#groups');
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.querySelectorAll('.group-row').length === 2);
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelectorAll('.group-row').length === 3);
  assert.equal(await shown(), 6);

  await page.click('#group-map');
  await page.locator('.map-frame[data-drawn="6"]').waitFor();

  const first = page.locator('.group-row').first();
  const size = await first.locator('.tile').count();
  const guess = await first.getByRole('textbox').getAttribute('placeholder');
  await first.getByRole('button', { name: teach.group.make }).click();
  assert.deepEqual(await classesOf(page), [[guess, size]]);
  assert.equal(await page.textContent('#group-count'), teach.group.waiting(6 - size));
  await page.locator('.group-row:visible').first().getByRole('textbox').fill('The others');
  await page.keyboard.press('Enter');
  assert.deepEqual((await classesOf(page))[1]?.[0], 'The others');
});

scene('without WebGPU', 'with the keyboard alone: a class, its name, a photo opened, moved and removed', async ({ page, server }) => {
  await begin(page, server.origin);
  await page.focus('#class-add');
  await page.keyboard.press('Enter');
  await page.keyboard.type('One');
  await page.keyboard.press('Enter');
  await page.focus('#class-add');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Two');
  await page.keyboard.press('Enter');
  await card(page, 'One')
    .locator('input[type="file"]')
    .setInputFiles(['cat', 'dog', 'ship'].map((name) => sample(name).path));
  await settled(page, 3);
  assert.equal(await page.textContent('#try-note'), teach.answer.lacksOne('One'));

  // Tab reaches one of the photos, arrow keys the others.
  await card(page, 'One').getByRole('button', { name: 'cat.jpg' }).focus();
  await page.keyboard.press('End');
  assert.equal(await focusOf(page), 'ship.jpg');
  assert.equal(await card(page, 'One').locator('.tile[tabindex="0"]').count(), 1);
  await page.keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor();
  await page.focus('#picture-place');
  await page.keyboard.type('Two');
  await page.focus('#picture-move');
  await page.keyboard.press('Enter');
  assert.deepEqual(await classesOf(page), [
    ['One', 2],
    ['Two', 1],
  ]);
  await page.locator('#accuracy[data-accuracy]').waitFor();
  await card(page, 'One').getByRole('button', { name: 'cat.jpg' }).focus();
  await page.keyboard.press('Delete');
  assert.equal(await focusOf(page), 'dog.jpg', 'the next one has the focus');
  const left = [
    ['One', 1],
    ['Two', 1],
  ];
  assert.deepEqual(await classesOf(page), left);

  // A browser without room for it says so, and nothing is lost.
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.focus('#keep');
  await page.keyboard.press('Space');
  await page.locator('#keep-state[data-state="failed"]').waitFor();
  assert.equal(await page.textContent('#keep-state'), words.failure(new Failure('storage-full'), ''));
  assert.deepEqual(await classesOf(page), left);
});

scene(
  'without WebGPU',
  'recorded while a key is held; a camera that is taken away ends it, and what was recorded stays',
  async ({ page, server }) => {
    await begin(page, server.origin);
    await page.click('#class-add');
    const record = page.locator('.class-card').getByRole('button', { name: teach.classes.record });
    await record.focus();
    await page.keyboard.down('Space');
    await page.waitForFunction(() => document.querySelectorAll('.class-card .tile').length >= 2);
    await page.keyboard.up('Space');
    await page.waitForTimeout(1000); // a picture that was taken before is still looked at
    await settled(page);
    const count = await page.locator('.class-card .tile').count();
    await page.waitForTimeout(700);
    assert.equal(await page.locator('.class-card .tile').count(), count, 'nothing more once it is let go');

    await page.selectOption('#record-delay', '3');
    await page.getByRole('button', { name: teach.classes.recordCounted, exact: false }).first().click();
    await page.waitForFunction((count) => document.querySelectorAll('.class-card .tile').length > count, count);
    await page.locator('#live-video').evaluate((video) => {
      const [track] = /** @type {MediaStream} */ (/** @type {HTMLVideoElement} */ (video).srcObject).getTracks();
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
    await page.locator('#error').waitFor();
    assert.match((await page.textContent('#error-text')) ?? '', /The camera is gone/);
    await settled(page);
    const kept = await page.locator('.class-card .tile').count();
    assert.ok(kept > count, `${kept} photos`);
    assert.equal(await page.locator('.class-card[data-recording]').count(), 0);
  },
  { camera: { clip: still.path } },
);

scene(
  'without WebGPU',
  'a picture is pasted and dragged; two classes with the same photos are named; stopped, what was looked at stays',
  async ({ page, server }) => {
    await begin(page, server.origin);
    for (const name of ['One', 'Two']) {
      await page.click('#class-add');
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
    }
    // From the clipboard, into the class that has the focus.
    await page.evaluate(async (address) => {
      const bitmap = await createImageBitmap(await (await fetch(address)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': canvas.convertToBlob({ type: 'image/png' }) })]);
    }, '/www/samples/cat.jpg');
    const chooser = (/** @type {string} */ name) => card(page, name).getByRole('button', { name: teach.classes.of(teach.classes.choose, name) });
    await chooser('One').focus();
    await page.keyboard.press('Control+V');
    await settled(page, 1);
    await card(page, 'One').locator('input[type="file"]').setInputFiles(sample('ship').path);
    await settled(page, 2);

    // With the mouse, from one class to the other.
    await card(page, 'One').getByRole('button', { name: 'ship.jpg' }).dragTo(card(page, 'Two'));
    assert.deepEqual(await classesOf(page), [
      ['One', 1],
      ['Two', 1],
    ]);
    await page.setInputFiles('#file', sample('ship').path);
    await answerIs(page, 'Two');

    // The same photos in both.
    const same = ['dog', 'horse'].map((name) => sample(name).path);
    await card(page, 'Two').getByRole('button', { name: 'ship.jpg' }).press('Delete');
    await card(page, 'One').locator('.tile').press('Delete');
    for (const name of ['One', 'Two']) await card(page, name).locator('input[type="file"]').setInputFiles(same);
    await settled(page, 4);
    await page.locator('#report-place').getByText(teach.report.alike('One', 'Two')).waitFor();
    for (const name of ['dog.jpg', 'horse.jpg']) await card(page, 'Two').getByRole('button', { name }).press('Delete');
    await card(page, 'Two').locator('input[type="file"]').setInputFiles(sample('airplane').path);
    await settled(page, 3);
    await page.locator('#report-place').getByText(teach.report.alike('One', 'Two')).waitFor({ state: 'detached' });

    // Stopped half way.
    const boards = Array.from({ length: 100 }, (_, at) => ({ name: `${at}.png`, mimeType: 'image/png', buffer: checkerboard() }));
    await card(page, 'Two').locator('input[type="file"]').setInputFiles(boards);
    await page.waitForFunction(() => document.querySelectorAll('.class-card .tile').length >= 5);
    await page.click('#looking-cancel');
    await settled(page);
    const stopped = await classesOf(page);
    assert.ok(Number(stopped[1]?.[1]) >= 3 && Number(stopped[1]?.[1]) < 100, JSON.stringify(stopped));
    await page.waitForTimeout(500);
    assert.deepEqual(await classesOf(page), stopped, 'nothing comes after it');
  },
  { context: { permissions: ['clipboard-read', 'clipboard-write'] } },
);

for (const locale of /** @type {const} */ (['en', 'zh'])) {
  scene(
    'without WebGPU',
    `${locale}: axe-core finds nothing, nothing sticks out, and screenshots are taken`,
    async ({ page, server }) => {
      await begin(page, server.origin);
      const own = locale === 'en' ? teach : zh;
      assert.equal(await page.title(), own.page.title);
      await look('empty');
      await drop(page, page.locator('#class-place'), [join(folders, 'Animals'), join(folders, 'Vehicles')]);
      await page.setInputFiles('#group-files', [...samples.map(({ path }) => path), `${folders}/Vehicles/broken.jpg`]);
      await page.locator('.group-row').first().waitFor();
      await page.locator('#accuracy[data-accuracy]').waitFor();
      await page.locator('.cell').first().click();
      await page.setInputFiles('#file', { name: 'black.png', mimeType: 'image/png', buffer: png(300, 300) });
      await page.locator('#verdict:not(:empty)').waitFor();
      await page.click('#group-map');
      await page.locator('.map-frame[data-drawn]').waitFor();
      await look('taught');
      await page.locator('.class-card .tile').first().click();
      assert.deepEqual(await faultsOf(page), [], 'dialog');

      async function look(/** @type {string} */ face) {
        await page.waitForTimeout(700); // the bars grow
        for (const [device, width, height] of /** @type {const} */ ([
          ['phone', 360, 740],
          ['desktop', 1280, 900],
        ])) {
          await page.setViewportSize({ width, height });
          for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
            await page.emulateMedia({ colorScheme });
            assert.deepEqual(await faultsOf(page), [], `${face}, ${device}, ${colorScheme}`);
            await page.screenshot({ path: `${shots}teach-${locale}-${device}-${colorScheme}-${face}.png`, fullPage: true });
          }
          assert.deepEqual(await misfitsOf(page), [], `${face}, ${device}`);
        }
      }
    },
    { context: { locale } },
  );
}

/**
 * @param {Page} page
 * @param {string} origin
 */
async function begin(page, origin) {
  await page.goto(`${origin}/teach.html`);
  await page.locator('html[data-opened][data-state="ready"]').waitFor({ state: 'attached' });
}

/**
 * Drops files and folders of this computer as a file manager does.
 *
 * @param {Page} page
 * @param {Locator} where
 * @param {string[]} files
 */
async function drop(page, where, files) {
  await where.scrollIntoViewIfNeeded();
  const box = await where.boundingBox();
  assert.ok(box);
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + 20, data: { items: [], files, dragOperationsMask: 1 } };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) await session.send('Input.dispatchDragEvent', { type, ...at });
  await session.detach();
}

/**
 * Waits until all photos have been looked at.
 * @param {Page} page
 * @param {number} [count] so many are in classes then
 */
async function settled(page, count) {
  if (count !== undefined) await page.waitForFunction((count) => document.querySelectorAll('.class-card .tile').length === count, count);
  await page.locator('.looking .progress').waitFor({ state: 'hidden' });
}

/** @param {Page} page */
function classesOf(page) {
  return page
    .locator('.class-card')
    .evaluateAll((cards) =>
      cards.map((card) => [/** @type {HTMLInputElement} */ (card.querySelector('input.class-name')).value, card.querySelectorAll('.tile').length]),
    );
}

/**
 * @param {Page} page
 * @param {string} name
 */
function card(page, name) {
  return page.getByRole('group', { name: teach.classes.card(name), exact: true });
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function answerIs(page, name) {
  const found = page.locator('#verdict', { hasText: `“${name}”` });
  await found.waitFor().catch(async (error) => {
    throw new Error(`not ${name}, but “${await page.textContent('#verdict')}” “${await page.textContent('#try-note')}” “${await page.textContent('#error')}”`, {
      cause: error,
    });
  });
}

/**
 * @param {Locator} bars
 * @returns {Promise<[string, string][]>}
 */
function rowsOf(bars) {
  return bars
    .locator('li')
    .evaluateAll((rows) => rows.map((row) => [row.querySelector('.label')?.textContent ?? '', row.querySelector('.share')?.textContent ?? '']));
}

/**
 * @param {Page} page
 * @param {string} button
 */
async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/** @param {Page} page */
function focusOf(page) {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
}
