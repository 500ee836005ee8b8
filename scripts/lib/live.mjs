// Times the live picture: `node scripts/lib/live.mjs [SECONDS] [BACKEND] [NETWORK] [where]`, see scripts/live.
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { cameraFlags, executablePath, FLAGS, pkg, WEBGPU_FLAGS } from '../../tests/browser/chromium.js';
import { clip } from '../../tests/browser/clip.js';
import { memoryMeter, watchMemory } from '../../tests/browser/memory.js';
import { serve } from '../../tests/browser/server.js';

/** Frames per second of the camera. */
const RATE = 30;
/** Milliseconds before the first figures: shaders compile, caches fill. */
const SETTLE = 5_000;

const [, , seconds = '60', onBackend, onModel, where] = process.argv;
const backends = /** @type {const} */ (['cpu', 'webgpu']).filter((backend) => !onBackend || backend === onBackend);
const models = /** @type {const} */ (['cifar10', 'photo']).filter((model) => !onModel || model === onModel);
if (backends.length === 0 || models.length === 0 || !(Number(seconds) > 0))
  throw new Error(`seconds, a backend and a network are wanted, not: ${process.argv.slice(2).join(' ')}`);

const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * @param {typeof backends[number]} backend
 * @param {typeof models[number]} model
 * @param {string} film
 */
async function measure(backend, model, film) {
  const server = await serve(pkg);
  watchMemory(server);
  const browser = await chromium.launch({
    executablePath,
    args: [...FLAGS, ...cameraFlags({ clip: film }), ...(backend === 'webgpu' ? WEBGPU_FLAGS : [])],
  });
  try {
    const context = await browser.newContext({ permissions: ['camera'], serviceWorkers: 'block', viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(
      ([backend, model]) => {
        localStorage.setItem('glimpse.backend', backend);
        localStorage.setItem('glimpse.model', model);
        const tasks = /** @type {number[]} */ ([]);
        Object.assign(globalThis, { longTasks: tasks });
        new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
      },
      /** @type {const} */ ([backend, model]),
    );
    await page.goto(server.origin);
    const ready = `html[data-state="ready"][data-backend="${backend}"][data-model="${model}"]`;
    await page.locator(ready).waitFor({ state: 'attached', timeout: 120_000 });
    await page.click('#live-start');
    await page.locator('html[data-live="running"]').waitFor({ state: 'attached' });
    if (where === 'where') {
      await page.click('#where');
      await page.locator('canvas.overlay').waitFor();
    }
    await pause(SETTLE);
    const measureMemory = await memoryMeter(page);
    const read = () =>
      page.evaluate(() => {
        const { fps, milliseconds } = /** @type {HTMLElement} */ (document.getElementById('live-rate')).dataset;
        const tasks = /** @type {any} */ (globalThis).longTasks.splice(0);
        return { fps: Number(fps), milliseconds: Number(milliseconds), tasks: /** @type {number[]} */ (tasks) };
      });
    await read(); // long tasks of the start don't count
    const steps = Math.max(1, Math.round(Number(seconds) / 60));
    for (let minute = 1; minute <= steps; minute += 1) {
      const [fps, milliseconds, tasks] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
      for (let second = 0; second < Number(seconds) / steps; second += 1) {
        await pause(1000);
        const now = await read();
        // Before the first answer there are no figures.
        if (now.fps > 0) fps.push(now.fps);
        if (now.milliseconds > 0) milliseconds.push(now.milliseconds);
        tasks.push(...now.tasks);
      }
      const { page: heap, worker, wasm } = await measureMemory();
      await read(); // collecting garbage is a task, too
      const mean = (/** @type {number[]} */ list) => list.reduce((sum, value) => sum + value, 0) / list.length;
      console.log(
        [
          model,
          backend,
          `${minute}`,
          mean(fps).toFixed(1),
          mean(milliseconds).toFixed(0),
          `${tasks.length}${tasks.length ? ` (${Math.max(...tasks).toFixed(0)} ms)` : ''}`,
          mb(heap),
          mb(worker),
          mb(wasm),
        ].join(' | '),
      );
    }
    return browser.version();
  } finally {
    await browser.close();
    await server.close();
  }
}

console.log(
  ['network', 'backend', 'minute', 'frames per second', 'ms per frame', 'tasks over 50 ms', 'heap of the page', 'of the worker', 'WebAssembly'].join(' | '),
);
const { path: film } = await clip(['cat', 'ship', 'horse'], 1, RATE);
let version = '';
for (const backend of backends) for (const model of models) version = await measure(backend, model, film);
console.log(
  `\n${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Chromium ${version}, camera of 640 × 480 at ${RATE} frames per second`,
);
if (backends.includes('webgpu')) console.log('WebGPU was emulated on the CPU (SwiftShader) if this machine has no GPU.');
