/** @import { Browser, BrowserContextOptions, Page } from 'playwright-core' */
/** @import { ModelId } from '../../www/core/types.js' */
/** @import { CameraOptions } from './chromium.js' */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { cameraFlags, executablePath, FLAGS, OPENGL_FLAGS, pkg, WEBGPU_FLAGS, workerOf } from './chromium.js';
import { serve } from './server.js';

/** A first forward pass on a software adapter, with a busy machine around it, takes a while. */
const PATIENCE = 60_000;

/** Flags of Chromium for each place. */
const PLACES = { 'with WebGPU': WEBGPU_FLAGS, 'with WebGPU on OpenGL': OPENGL_FLAGS, 'without WebGPU': [] };

/**
 * Where a page is opened: with a WebGPU adapter or without one.
 * @typedef {keyof typeof PLACES} Place
 */

/** Where the page is tested. @type {readonly Place[]} */
export const places = ['with WebGPU', 'without WebGPU'];

/** @type {Map<string, Promise<Browser>>} by place and flags */
const browsers = new Map();

after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});

/**
 * @param {Place} place
 * @param {string[]} more flags of Chromium
 */
function browserFor(place, more) {
  const key = [place, ...more].join(' ');
  const known = browsers.get(key);
  if (known) return known;
  const browser = chromium.launch({ executablePath, args: [...FLAGS, ...PLACES[place], ...more] });
  browsers.set(key, browser);
  return browser;
}

/**
 * The network of tests that are about something else: on an emulated GPU the photo network takes seconds for each answer.
 * @param {Place} place
 * @returns {ModelId}
 */
export function quickModel(place) {
  return place === 'with WebGPU' ? 'cifar10' : 'photo';
}

/**
 * @typedef {object} Setting
 * @property {Page} page
 * @property {Awaited<ReturnType<typeof serve>>} server
 * @property {() => Promise<void>} open opens the page
 * @property {(reason: string) => void} skip says why this machine can't do it
 */

/**
 * @typedef {object} SceneOptions
 * @property {RegExp[]} [allow] the trouble that the browser may report
 * @property {BrowserContextOptions} [context]
 * @property {'webgpu' | 'cpu' | null} [backend] what the page is told to run on, with WebGPU
 * @property {ModelId} [model] the network that the page is told to use
 * @property {CameraOptions} [camera]
 * @property {string} [host] another name for this computer, which a flag must make known
 */

/**
 * One test in one fresh browser profile. It fails on any console error, page error, failed request or request to
 * another origin; where a test provokes one, `allow` says which. With WebGPU that is what the page is told to run on, unless
 * `backend` says otherwise: left to itself it takes the CPU, which is faster than any emulated GPU. No service worker comes
 * between the page and the server, unless `context` allows it.
 *
 * @param {Place} place
 * @param {string} name
 * @param {(setting: Setting) => Promise<void>} play
 * @param {SceneOptions} [options]
 */
export function scene(place, name, play, { allow = [], context: contextOptions = {}, backend = 'webgpu', model, camera, host = '127.0.0.1' } = {}) {
  test(`${place}: ${name}`, async (running) => {
    assert.ok(existsSync(`${pkg}/index.html`), `${pkg}/index.html is missing: build the page first`);
    assert.ok(existsSync(executablePath), `${executablePath} is missing: install Chromium or set CHROMIUM`);
    const server = await serve(pkg);
    const origin = server.origin.replace('127.0.0.1', host);
    const browser = await browserFor(place, camera ? cameraFlags(camera) : []);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block', ...contextOptions });
    if (camera && (camera.allowed ?? true)) await context.grantPermissions(['camera']);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    if (place === 'with WebGPU' && backend) await page.addInitScript(preferUnlessChosen, /** @type {const} */ (['glimpse.backend', backend]));
    if (model) await page.addInitScript(preferUnlessChosen, /** @type {const} */ (['glimpse.model', model]));
    /** @type {string[]} */
    const troubles = [];
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
    page.on('requestfailed', (request) => troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
    page.on('response', (response) => {
      if (response.status() >= 400) troubles.push(`status ${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && !['blob:', 'data:'].includes(url.protocol)) troubles.push(`foreign: ${url}`);
    });
    try {
      await play({ page, server, open: () => open(page, origin), skip: (reason) => running.skip(reason) });
      const unexpected = troubles.filter((trouble) => !allow.some((pattern) => pattern.test(trouble)));
      assert.deepEqual(unexpected, [], 'the browser reported trouble');
    } finally {
      await context.close();
      await server.close();
    }
  });
}

/** @param {readonly [key: string, value: string]} preference */
function preferUnlessChosen([key, value]) {
  if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
}

/**
 * @param {Page} page
 * @param {string} origin
 */
async function open(page, origin) {
  await page.goto(`${origin}/`);
}

/**
 * Waits until the backend answers photos with the network, by default with the one that answers when nobody chooses.
 * @param {Page} page
 * @param {'cpu' | 'webgpu'} backend
 * @param {ModelId} [model]
 */
export async function backendIs(page, backend, model = 'photo') {
  const settled = page.locator(`html[data-state="ready"][data-backend="${backend}"][data-model="${model}"]`);
  await settled.waitFor({ state: 'attached' }).catch(async (error) => {
    const says = [await modelNoteOf(page), await noteOf(page), await errorOf(page)].map((text) => `“${text}”`).join(', ');
    throw new Error(`${model} never got ready on ${backend}; the page says ${says}`, { cause: error });
  });
}

/**
 * The backend that answers in a place, see `scene`.
 * @param {Place} place
 * @returns {'cpu' | 'webgpu'}
 */
export function usual(place) {
  return place === 'with WebGPU' ? 'webgpu' : 'cpu';
}

/** @param {Page} page */
export async function noteOf(page) {
  return (await page.locator('#backend-note').textContent()) ?? '';
}

/** @param {Page} page */
export async function modelNoteOf(page) {
  return (await page.locator('#model-note').textContent()) ?? '';
}

/** @param {Page} page */
export async function errorOf(page) {
  const error = page.locator('#error');
  return (await error.isVisible()) ? ((await page.locator('#error-text').textContent()) ?? '') : '';
}

/**
 * A row of bars: the name that people read, and the label of the weights file.
 * @typedef {{ name: string, label: string, probability: number }} Row
 */

/**
 * What the page says once it has finished: an answer, or an error, and never both.
 *
 * @typedef {object} Said
 * @property {string} error
 * @property {string} verdict
 * @property {string} confidence
 * @property {string} photo the name under the photo
 * @property {string} backend
 * @property {string} model the network that answered
 * @property {string} remark why it was that one, where another was asked for
 * @property {Row[]} ranked
 * @property {Row[]} vocabulary
 * @property {string} seen the square that the network saw, as a data URL
 * @property {[number, number]} seenSize
 * @property {[number, number, number]} seenMean its mean colour
 */

/**
 * @param {Page} page
 * @returns {Promise<Said>}
 */
export async function said(page) {
  await page.locator('html[data-state="ready"]').waitFor({ state: 'attached' });
  const found = await page.evaluate(() => {
    const shown = (/** @type {string} */ selector) => {
      const element = /** @type {HTMLElement | null} */ (document.querySelector(selector));
      return element?.checkVisibility() ? element : null;
    };
    const rows = (/** @type {string} */ selector) =>
      [...document.querySelectorAll(`${selector} li`)].map((item) => {
        const { label = '', probability } = /** @type {HTMLElement} */ (item).dataset;
        return { name: item.querySelector('.label')?.textContent ?? '', label, probability: Number(probability) };
      });
    const seen = /** @type {HTMLCanvasElement | null} */ (shown('#seen'));
    /** @type {[number, number, number]} */
    const mean = [0, 0, 0];
    if (seen && seen.width > 0) {
      const { data } = /** @type {CanvasRenderingContext2D} */ (seen.getContext('2d')).getImageData(0, 0, seen.width, seen.height);
      for (let at = 0; at < data.length; at += 4) {
        for (const channel of /** @type {const} */ ([0, 1, 2])) mean[channel] += (data[at + channel] ?? 0) / (data.length / 4);
      }
    }
    return {
      error: shown('#error-text')?.textContent ?? '',
      verdict: shown('#verdict')?.textContent ?? '',
      confidence: shown('#confidence')?.textContent ?? '',
      photo: shown('#photo-name')?.textContent ?? '',
      backend: shown('#timing')?.dataset.backend ?? '',
      model: shown('#timing')?.dataset.model ?? '',
      remark: shown('#remark')?.textContent ?? '',
      ranked: rows('#ranked'),
      vocabulary: shown('#vocabulary') ? rows('#vocabulary') : [],
      seen: seen?.toDataURL() ?? '',
      seenSize: /** @type {[number, number]} */ ([seen?.width ?? 0, seen?.height ?? 0]),
      seenMean: mean,
    };
  });
  assert.ok(!found.error || !found.verdict, `an error (${found.error}) and an answer (${found.verdict}) at once`);
  assert.ok(found.error || found.verdict, 'neither an error nor an answer');
  return found;
}

/**
 * Before the page is opened: keeps hold of the worker's latest WebAssembly instance, for `ruinInstance`.
 * @param {Setting['server']} server
 */
export function rememberInstance(server) {
  server.inWorker(() => {
    const real = WebAssembly.instantiate;
    Object.assign(WebAssembly, {
      async instantiate(/** @type {[WebAssembly.Module, WebAssembly.Imports]} */ ...asked) {
        const { exports } = await real(...asked);
        // As what exports can't be changed.
        const instance = { exports: { ...exports } };
        Object.assign(globalThis, { lastInstance: instance });
        return { instance, module: asked[0] };
      },
    });
  });
}

/**
 * Waits until nothing grows or fades any longer, as bars do, in the page and in what elements keep to themselves. What
 * moves for ever isn't waited for.
 * @param {Page} page
 */
export async function atRest(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame(); // what has changed begins to move when it is drawn
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])];
    const passing = roots
      .flatMap((root) => root.getAnimations())
      .filter(({ playState, effect }) => playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime)));
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

/** Something to wait for, and how to end the wait. */
export function gate() {
  /** @type {() => void} */
  let open = () => {};
  const until = new Promise((resolve) => (open = () => resolve(null)));
  return { until, open };
}

/** In the worker, see `inWorker` of the server: keeps hold of its latest GPU device. */
export function rememberDevice() {
  const real = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...asked) {
    const device = await real.apply(this, asked);
    Object.assign(globalThis, { lastDevice: device });
    return device;
  };
}

/**
 * Whatever is called of the instance next runs into a trap.
 * @param {Page} page
 */
export async function ruinInstance(page) {
  await workerOf(page).evaluate(() => {
    const { exports } = /** @type {any} */ (globalThis).lastInstance;
    const trap = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    for (const [name, of] of Object.entries(exports)) if (typeof of === 'function') exports[name] = trap;
  });
}

/**
 * Uploads through the real file input.
 *
 * @param {Page} page
 * @param {string | { name: string, mimeType: string, buffer: Buffer }} file
 */
export async function upload(page, file) {
  await page.setInputFiles('#file', file);
  return said(page);
}
