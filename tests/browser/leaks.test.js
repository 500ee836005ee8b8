/** @import { Page } from 'playwright-core' */
/** @import { Memory } from './memory.js' */
import assert from 'node:assert/strict';
import { workerOf } from './chromium.js';
import { clip } from './clip.js';
import { memoryMeter, watchMemory } from './memory.js';
import { samples } from './samples.js';
import { backendIs, scene, upload, usual } from './scene.js';

/*
 * That memory stays what it is however long the camera runs and however many photos are shown. The short form runs with
 * the other tests and finds what keeps 70 kB of each photo or 5 kB of each frame; the long one, scripts/soak, a quarter of that.
 */

/** Bytes by which a JavaScript heap may be larger than before without having grown: what engines keep for themselves. */
const SLACK = 1_500_000;

const { path: film } = await clip(['cat', 'ship', 'horse'], 1, 30);

/** @param {Page} page */
function countFrames(page) {
  return page.addInitScript(() => {
    const real = createImageBitmap;
    const counter = Object.assign(globalThis, { framesTaken: 0 });
    Object.assign(globalThis, {
      createImageBitmap(/** @type {any[]} */ ...asked) {
        counter.framesTaken += 1;
        return /** @type {any} */ (real)(...asked);
      },
    });
  });
}

/**
 * @param {Page} page
 * @param {number} count
 */
function frames(page, count) {
  return page.waitForFunction((wanted) => /** @type {any} */ (globalThis).framesTaken >= wanted, count, { timeout: 600_000, polling: 200 });
}

/** In the worker: counts the pictures that are closed. */
function countClosed() {
  const counter = Object.assign(globalThis, { picturesClosed: 0 });
  const real = ImageBitmap.prototype.close;
  ImageBitmap.prototype.close = function () {
    if (this.width > 0) counter.picturesClosed += 1; // a closed one has no width
    real.call(this);
  };
}

/** @param {Page} page */
function closedIn(page) {
  return workerOf(page).evaluate(() => Number(/** @type {any} */ (globalThis).picturesClosed));
}

/**
 * The least of several measurements: a picture of the camera that is being looked at takes more than a megabyte.
 *
 * @param {() => Promise<Memory>} measure
 * @returns {Promise<Memory>}
 */
async function leastOf(measure) {
  /** @type {Memory[]} */
  const all = [];
  for (let time = 0; time < 8; time += 1) all.push(await measure());
  const least = (/** @type {keyof Memory} */ part) => Math.min(...all.map((memory) => memory[part]));
  return { page: least('page'), worker: least('worker'), wasm: Math.max(...all.map(({ wasm }) => wasm)) };
}

/**
 * @param {string} what
 * @param {Memory} before
 * @param {Memory} after
 */
function same(what, before, after) {
  const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  for (const part of /** @type {const} */ (['page', 'worker', 'wasm'])) {
    console.log(`${what}, ${part}: ${mb(before[part])} before, ${mb(after[part])} after`);
  }
  assert.equal(after.wasm, before.wasm, `${what}: WebAssembly memory has grown`);
  for (const part of /** @type {const} */ (['page', 'worker'])) {
    assert.ok(after[part] <= before[part] + SLACK, `${what}: the heap of the ${part} has grown by ${mb(after[part] - before[part])}`);
  }
}

const long = Boolean(process.env.GLIMPSE_SOAK);

for (const { place, model, uploads, shown, begin, end } of /** @type {const} */ ([
  {
    place: 'without WebGPU',
    model: 'photo',
    ...(long ? { uploads: 100, shown: 200, begin: 100, end: 1_000 } : { uploads: 15, shown: 37, begin: 20, end: 120 }),
  },
  {
    place: 'without WebGPU',
    model: 'cifar10',
    ...(long ? { uploads: 100, shown: 200, begin: 100, end: 2_000 } : { uploads: 15, shown: 37, begin: 40, end: 340 }),
  },
  // Emulated, a frame takes half a second.
  { place: 'with WebGPU', model: 'cifar10', ...(long ? { uploads: 5, shown: 15, begin: 40, end: 120 } : { uploads: 3, shown: 10, begin: 10, end: 40 }) },
])) {
  scene(
    place,
    `${shown} photos and ${end} frames of the camera leave memory as it was, ${model} network`,
    async ({ page, server, open }) => {
      watchMemory(server);
      server.inWorker(countClosed);
      await countFrames(page);
      await open();
      await backendIs(page, usual(place), model);
      const meter = await memoryMeter(page);
      const measure = () => leastOf(meter);
      const show = async (/** @type {number} */ count) => {
        for (let at = 0; at < count; at += 1) await upload(page, samples[at % samples.length]?.path ?? '');
      };
      await show(uploads);
      const early = await measure();
      await show(shown - uploads);
      same(`photos ${uploads} to ${shown}`, early, await measure());

      await page.click('#live-back');
      await frames(page, begin);
      const first = await measure();
      await frames(page, end);
      same(`frames ${begin} to ${end}`, first, await measure());
      // Pixels are in none of these heaps, and collecting garbage frees them: closing is what counts. One picture may be
      // on its way; of the photos, the worker closes its own.
      const taken = await page.evaluate(() => Number(/** @type {any} */ (globalThis).framesTaken));
      const closed = (await closedIn(page)) - shown;
      assert.ok(closed >= taken - 1, `of ${taken} pictures, the worker closed ${closed}`);
    },
    { camera: { clip: film }, model },
  );
}
