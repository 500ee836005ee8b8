// What the pages for one's own photos come to with folders of photos: `node scripts/lib/collections.mjs WHAT FOLDER… [NUMBER]`,
// see scripts/collections. The folders have a folder of photos for each class.
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { executablePath, FLAGS, pkg } from '../../tests/browser/chromium.js';
import { serve } from '../../tests/browser/server.js';

/** @import { Page } from 'playwright-core' */

/** @typedef {{ path: string, class: string }} Photo */

/** Photos of each class that are taught. */
const SHOTS = 5;
const PATIENCE = 600_000;

const given = process.argv.slice(3);
const number = Number(given.find((each) => /^\d+$/.test(each)) ?? 0);
const folders = given.filter((each) => !/^\d+$/.test(each));
const measure = { folder: wholeFolder, project: bigProject, teach: teachAndUse, group: groupThem }[process.argv[2] ?? ''];
if (!measure || folders.length === 0) throw new Error('say what (folder, project, teach, group), and folders of photos');

const work = await mkdtemp(join(tmpdir(), 'glimpse-collections-'));
const server = await serve(pkg);
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.addInitScript(watchWorkers);
  await measure(page);
} finally {
  await browser.close();
  await server.close();
  await rm(work, { recursive: true });
}

/** So many photos in one table: is the last one as quick as the first? @param {Page} page */
async function wholeFolder(page) {
  const all = await photosOf(folders);
  const photos = Array.from({ length: number || 1000 }, (_, at) => all[at % all.length] ?? { path: '', class: '' });
  await page.goto(`${server.origin}/folder.html`);
  await page.setInputFiles('#files', []);
  const meter = await meterOf(page);
  const files = await copied(photos);
  await page.setInputFiles('#files', files.slice(0, 20));
  await page.waitForFunction(() => document.querySelectorAll('.answers tbody tr').length === 20);
  await page.click('#clear');
  console.log(`at the beginning: ${await meter()}`);
  await page.setInputFiles('#files', files);
  let [since, before] = [performance.now(), 0];
  const step = Math.ceil(files.length / 10);
  for (let next = step; next <= files.length; next += step) {
    await page.waitForFunction(
      (next) => Number((document.querySelector('#shown')?.textContent ?? '').match(/of ([\d,]+)/)?.[1]?.replace(',', '')) >= next,
      next,
      {
        polling: 50,
      },
    );
    const now = performance.now();
    console.log(`${next} photos: ${((now - since) / (next - before)).toFixed(1)} ms each; ${await meter()}`);
    [since, before] = [performance.now(), next];
  }
}

/** A project of so many photos: how long each takes, and the learner. @param {Page} page */
async function bigProject(page) {
  const photos = (await photosOf(folders)).slice(0, number || 2000);
  const meter = await beginTeaching(page);
  for (const upTo of [200, photos.length]) {
    const place = join(work, String(upTo));
    await asFolders(photos.slice(upTo === 200 ? 0 : 200, upTo), place);
    const before = await tilesOf(page);
    let [since, count] = [performance.now(), before];
    await drop(
      page,
      '#class-place',
      (await readdir(place)).map((name) => join(place, name)),
    );
    for (let next = before + 100; next <= upTo; next += upTo === 200 ? 100 : 300) {
      await page.waitForFunction((next) => document.querySelectorAll('.class-card .tile').length >= next, next, { polling: 100 });
      console.log(`${next} photos: ${((performance.now() - since) / (next - count)).toFixed(1)} ms each; ${await meter()}`);
      [since, count] = [performance.now(), next];
    }
    await settled(page);
    await page.locator('#accuracy[data-accuracy]').waitFor();
    await pause(2000);
    console.log(`taught with ${await tilesOf(page)} photos: ${await page.textContent('#accuracy')}`);
    await callsOf(page);
    // One more photo while another is shown: how soon the answer is that of the new head.
    await page.setInputFiles('#file', photos[0]?.path ?? []);
    await page.locator('#verdict:not(:empty)').waitFor();
    for (const { path } of photos.slice(-6)) {
      await callsOf(page);
      await page.locator('.class-card input[type="file"]').first().setInputFiles(path);
      await pause(4000);
      const calls = await callsOf(page);
      const embedded = calls.find(({ what }) => what === 'classify')?.end ?? NaN;
      const answered = calls.filter(({ what }) => what === 'answer').at(-1)?.end ?? NaN;
      const took = (/** @type {string} */ what) => calls.filter((call) => call.what === what).map(({ start, end }) => Math.round(end - start));
      console.log(
        `  a photo more: answered anew ${Math.round(answered - embedded)} ms after its embedding (teach ${took('teach')} ms, answer ${took('answer')} ms)`,
      );
    }
  }
  const tasks = await longTasks(page);
  console.log(`the page was busy ${tasks.length} times for over 50 ms, ${Math.max(0, ...tasks)} ms at most`);
  // All of them without a class.
  await page.evaluate(() => document.querySelector('#group-place')?.scrollIntoView());
  await page.reload();
  await ready(page);
  await page.setInputFiles('#group-files', await copied(photos));
  await page.locator('.group-row').first().waitFor();
  await longTasks(page);
  await page.click('#group-map');
  await page.locator('.map-frame[data-drawn]').waitFor();
  for (const { what, start, end } of (await callsOf(page)).filter(({ what }) => ['group', 'cut', 'map'].includes(what)))
    console.log(`${what} of ${photos.length}: ${Math.round(end - start)} ms`);
  console.log(`longest task meanwhile ${Math.max(0, ...(await longTasks(page)))} ms; ${await meter()}`);
}

/** Some photos of each class are taught, the rest is answered by what was exported; the terminal answers the same. @param {Page} page */
async function teachAndUse(page) {
  for (const folder of folders) {
    const photos = await photosOf([folder]);
    /** @type {Map<string, number>} */
    const counts = new Map();
    const taught = photos.filter((photo) => {
      const count = (counts.get(photo.class) ?? 0) + 1;
      counts.set(photo.class, count);
      return count <= (number || SHOTS);
    });
    const rest = photos.filter((photo) => !taught.includes(photo));
    await beginTeaching(page);
    const place = join(work, basename(folder));
    await asFolders(taught, place);
    await drop(
      page,
      '#class-place',
      (await readdir(place)).map((name) => join(place, name)),
    );
    await page.waitForFunction((count) => document.querySelectorAll('.class-card .tile').length === count, taught.length);
    await settled(page);
    await page.locator('#accuracy[data-accuracy]').waitFor();
    console.log(`${basename(folder)}: ${counts.size} classes, ${taught.length} photos taught: ${await page.textContent('#accuracy')}`);
    const head = join(work, 'head.safetensors');
    await saved(page, '#export-head', head);
    // A reload brings it back.
    await page.check('#keep');
    await page.locator('#keep-state[data-state="kept"]').waitFor();
    await page.reload();
    await ready(page);
    console.log(`after a reload: ${await page.locator('.class-card').count()} classes, ${await tilesOf(page)} photos`);

    const asked = join(work, `${basename(folder)}-rest`);
    await asFolders(rest, asked);
    await page.goto(`${server.origin}/folder.html`);
    await page.setInputFiles('#weights', head);
    await page.setInputFiles('#folder', asked);
    await page.waitForFunction((count) => (document.querySelector('#shown')?.textContent ?? '').includes(` ${count} `), rest.length);
    const csv = join(work, 'answers.csv');
    await saved(page, '#export-csv', csv);
    const page_ = answersOf(String(await readFile(csv)));
    report('Whole folder', page_);
    const glimpse = process.env.GLIMPSE;
    if (!glimpse) continue;
    const options = ['classify', basename(asked), '--weights', head, '--backbone', `${pkg}/www/model/photo.safetensors`, '--format', 'csv'];
    const terminal = answersOf(String(execFileSync(glimpse, options, { cwd: work, maxBuffer: 1 << 28 })));
    report('terminal', terminal);
    const same = [...terminal].filter(([path, line]) => page_.get(path)?.answer === line.answer && page_.get(path)?.sure === line.sure).length;
    const apart = [...terminal].map(([path, line]) => Math.abs((page_.get(path)?.probability ?? NaN) - line.probability));
    console.log(`  the same answer ${same} of ${terminal.size} times; probabilities at most ${Math.max(...apart).toExponential(1)} apart`);
  }
}

/** Photos are grouped without a look at their classes. @param {Page} page */
async function groupThem(page) {
  for (const folder of folders) {
    const photos = await photosOf([folder]);
    await beginTeaching(page);
    await page.setInputFiles('#group-files', await copied(photos));
    await page.locator('.group-row').first().waitFor();
    const classes = new Set(photos.map((photo) => photo.class)).size;
    const suggested = Number(await page.inputValue('#groups'));
    for (const groups of new Set([suggested, classes])) {
      await page.locator('#groups').fill(String(groups));
      await page.waitForFunction((groups) => document.querySelectorAll('.group-row').length === groups, groups);
      await pause(500);
      const rows = await page
        .locator('.group-row')
        .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('.tile')].map((tile) => tile.getAttribute('aria-label') ?? '')));
      const named = rows.map((row) => row.map((name) => photos[Number.parseInt(name, 10)]?.class ?? ''));
      const largest = named.map((row) => Math.max(0, ...new Set(row.map((name) => row.filter((other) => other === name).length))));
      const all = named.flat().length;
      const purity = largest.reduce((sum, count) => sum + count, 0) / all;
      console.log(
        `${basename(folder)}: ${all} photos of ${classes} classes in ${groups} groups${groups === suggested ? ' (suggested)' : ''}: purity ${purity.toFixed(3)}`,
      );
    }
  }
}

/** @typedef {{ truth: string, answer: string, probability: number, sure: boolean }} Line */

/**
 * @param {string} csv as Whole folder and `glimpse classify` write it
 * @returns {Map<string, Line>} by path
 */
function answersOf(csv) {
  const lines = csv.trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const [path = '', sure, answer = '', probability] = line.split(',');
      return [path, { truth: path.split('/').at(-2) ?? '', answer, probability: Number(probability), sure: sure === 'true' }];
    }),
  );
}

/** @param {string} who @param {Map<string, Line>} answers */
function report(who, answers) {
  const all = [...answers.values()];
  const right = all.filter(({ truth, answer }) => truth === answer).length;
  const none = all.filter(({ answer }) => answer === 'none').length;
  console.log(`  ${who}: ${right} of ${all.length} right (${((100 * right) / all.length).toFixed(1)} %), ${none} 'none of these'`);
}

/** @param {Page} page */
async function beginTeaching(page) {
  await page.goto(`${server.origin}/teach.html`);
  await ready(page);
  return meterOf(page);
}

/** @param {Page} page */
async function ready(page) {
  await page.locator('html[data-opened][data-state="ready"]').waitFor({ state: 'attached' });
}

/** @param {Page} page */
async function settled(page) {
  await page.locator('.looking .progress').waitFor({ state: 'hidden' });
}

/** @param {Page} page */
function tilesOf(page) {
  return page.locator('.class-card .tile').count();
}

/** @param {Page} page @param {string} button @param {string} path */
async function saved(page, button, path) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  await file.saveAs(path);
}

/** @param {Page} page @param {string} where @param {string[]} files */
async function drop(page, where, files) {
  await page.locator(where).scrollIntoViewIfNeeded();
  const box = await page.locator(where).boundingBox();
  const session = await page.context().newCDPSession(page);
  const at = { x: (box?.x ?? 0) + 100, y: (box?.y ?? 0) + 20, data: { items: [], files, dragOperationsMask: 1 } };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) await session.send('Input.dispatchDragEvent', { type, ...at });
  await session.detach();
}

/** @param {string[]} folders @returns {Promise<Photo[]>} */
async function photosOf(folders) {
  /** @type {Photo[]} */
  const photos = [];
  for (const folder of folders) {
    for (const name of (await readdir(folder)).sort()) {
      const files = await readdir(join(folder, name)).catch(() => []);
      for (const file of files.sort()) photos.push({ path: join(folder, name, file), class: name });
    }
  }
  return photos;
}

/** Each by its number, in one folder. @param {Photo[]} photos */
async function copied(photos) {
  const place = await mkdtemp(join(work, 'all-'));
  return Promise.all(
    photos.map(async ({ path }, at) => {
      const file = join(place, `${at}.jpg`);
      await copyFile(path, file);
      return file;
    }),
  );
}

/** @param {Photo[]} photos @param {string} place */
async function asFolders(photos, place) {
  for (const { path, class: name } of photos) {
    await mkdir(join(place, name), { recursive: true });
    await copyFile(path, join(place, name, basename(path)));
  }
}

/** @typedef {{ what: string, start: number, end: number }} Call */

/** In the page: when the workers were asked what, and when they answered; and when the page was busy. */
function watchWorkers() {
  const calls = /** @type {any[]} */ ([]);
  const tasks = /** @type {number[]} */ ([]);
  const real = Worker.prototype.postMessage;
  const known = new WeakSet();
  Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
    if (!known.has(this)) {
      known.add(this);
      this.addEventListener('message', ({ data }) => {
        const call = calls.find((each) => each.worker === this && each.id === data.id && !each.end);
        if (call && (data.type === 'answer' || data.type === 'refusal')) call.end = performance.now();
      });
    }
    if (message.id !== undefined) calls.push({ worker: this, id: message.id, what: message.what ?? message.ask?.what, start: performance.now() });
    return real.call(this, message, ...rest);
  };
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  Object.assign(globalThis, { calls, tasks });
}

/** @param {Page} page @returns {Promise<Call[]>} those since it was last asked */
function callsOf(page) {
  return page.evaluate(() => /** @type {any} */ (globalThis).calls.splice(0).map((/** @type {any} */ { what, start, end }) => ({ what, start, end })));
}

/** @param {Page} page @returns {Promise<number[]>} */
function longTasks(page) {
  return page.evaluate(() => /** @type {any} */ (globalThis).tasks.splice(0));
}

/** @param {Page} page */
async function meterOf(page) {
  const session = await page.context().newCDPSession(page);
  const processes = await browser.newBrowserCDPSession();
  await session.send('Performance.enable');
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (/** @type {string} */ wanted) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
    const pages = processInfo.filter(({ type }) => type === 'renderer');
    const kilobytes = await Promise.all(pages.map(async ({ id }) => Number(/VmRSS:\s+(\d+)/.exec(String(await readFile(`/proc/${id}/status`)))?.[1])));
    return `heap ${(value('JSHeapUsedSize') / 1e6).toFixed(1)} MB, ${value('Nodes')} DOM nodes, process ${Math.round(Math.max(...kilobytes) / 1000)} MB`;
  };
}
