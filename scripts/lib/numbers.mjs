// Fills the part of README.md between the `numbers` marks: accuracy from the shipped weights files and the small network's
// card (the companion measured it on the files that it wrote), sizes from the build, times from this machine's Chromium. And takes docs/page.png.
import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { serve } from '../../tests/browser/server.js';
import { median } from '../../www/core/median.js';
import { writeBetween } from './between-marks.mjs';
import { measureLargePhoto } from './large-photo.mjs';

/** The networks of www/core/models.js, in its order. */
const MODELS = /** @type {const} */ (['cifar10', 'photo']);
const PICTURE = 'www/samples/cat.jpg';
/** Uploads measured on each backend, after one that doesn't count. */
const RUNS = 30;

/**
 * The header of a weights file, see src/model/weights.rs.
 * @param {typeof MODELS[number]} model
 */
function header(model) {
  const file = readFileSync(`www/model/${model}.safetensors`);
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata } = JSON.parse(String(file.subarray(8, 8 + length)));
  return { ...JSON.parse(metadata.glimpse).header, bytes: file.length, brotli: brotliCompressSync(file).length };
}

/**
 * @param {string} origin
 * @param {'cpu' | 'webgpu'} backend
 */
async function measure(origin, backend) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', ...(backend === 'webgpu' ? ['--enable-unsafe-webgpu'] : [])],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, serviceWorkers: 'block' });
    const settled = (/** @type {string} */ what) => page.locator(`html[data-state="ready"]${what}`).waitFor({ state: 'attached', timeout: 120_000 });
    // Left to itself, the page would take the faster one.
    await page.addInitScript((chosen) => localStorage.setItem('glimpse.backend', chosen), backend);
    const start = performance.now();
    await page.goto(origin);
    // The small network on the CPU answers first on every machine; this is how long a visitor waits until it can.
    await settled('');
    const ready = performance.now() - start;
    await settled(`[data-backend="${backend}"][data-model="photo"]`);
    const whole = performance.now() - start;
    /** @type {Record<string, { network: number, preprocess: number }>} */
    const times = {};
    // The photo network last: then it is what the picture shows.
    for (const model of MODELS) {
      await page.selectOption('#model', model);
      await settled(`[data-backend="${backend}"][data-model="${model}"]`);
      const network = [];
      const preprocess = [];
      for (let run = 0; run <= RUNS; run += 1) {
        await page.setInputFiles('#file', PICTURE);
        const timing = page.locator(`html[data-state="ready"] #timing[data-backend="${backend}"][data-model="${model}"]`);
        await timing.waitFor();
        if (run === 0) continue;
        network.push(Number(await timing.getAttribute('data-network')));
        preprocess.push(Number(await timing.getAttribute('data-preprocess')));
      }
      times[model] = { network: median(network), preprocess: median(preprocess) };
    }
    /** @type {import('./large-photo.mjs').Steps | null} */
    let large = null;
    if (backend === 'cpu') {
      mkdirSync('docs', { recursive: true });
      await page.waitForTimeout(800); // the bars grow
      await page.screenshot({ path: 'docs/page.png' });
      large = await measureLargePhoto(page, '/www/model/photo.safetensors');
    }
    return { ready, whole, times, large, version: browser.version() };
  } finally {
    await browser.close();
  }
}

const kb = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000).toLocaleString('en')} kB`;
const percent = (/** @type {number | null} */ share) => (share === null ? 'not measured' : `${(share * 100).toFixed(2)} %`);
const ms = (/** @type {number} */ value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

/** @param {string} module @returns {{ raw: number, brotli: number, glue: number }} */
function sizes(module) {
  return JSON.parse(String(readFileSync(`${process.env.CARGO_TARGET_DIR ?? 'target'}/web/wasm/${module}.sizes.json`)));
}

const weights = MODELS.map(header);
const [, photo] = weights;
const server = await serve('pkg');
const cpu = await measure(server.origin, 'cpu');
const gpu = await measure(server.origin, 'webgpu');
await server.close();

const [module, larger, learning] = [sizes('cpu'), sizes('webgpu'), sizes('learn')];
const processor = cpus()[0];
const times = (/** @type {typeof cpu} */ measured) =>
  MODELS.map((model) => {
    const { preprocess, network } = measured.times[model] ?? { preprocess: NaN, network: NaN };
    return `${ms(preprocess)} to prepare, ${ms(network)} in the network`;
  });
/** What the small network's card says of one form of the test images, with the interval. @param {string} form */
function onTest(form) {
  /** @type {{ on: string, source: string | null, metrics: { accuracy: number, accuracy_interval: { low: number, high: number } } }[]} */
  const measured = JSON.parse(String(readFileSync('www/model/cifar10.json'))).measured;
  const found = measured.find(({ on, source }) => on === 'test' && source?.startsWith(form));
  if (!found) throw new Error(`www/model/cifar10.json has no figures of ${form}: see scripts/small-network.`);
  const { accuracy, accuracy_interval: interval } = found.metrics;
  return `${percent(accuracy)} (${(interval.low * 100).toFixed(1)} to ${(interval.high * 100).toFixed(1)} %)`;
}

const rows = [
  ['', 'small network', 'photo network'],
  ['---', '---', '---'],
  ['architecture', ...weights.map((file) => `${file.architecture}, ${file.preprocessing.input_size} × ${file.preprocessing.input_size} pixels`)],
  ['accuracy on the 10,000 test images of CIFAR-10, as JPEG', onTest('jpeg'), percent(photo.provenance.test_accuracy)],
  ['accuracy on the first 1,000 of them, lossless', onTest('lossless'), '–'],
  ['weights', ...weights.map((file) => `${kb(file.bytes)}, ${kb(file.brotli)} with Brotli`)],
  ['from opening the page until it can answer', ms(cpu.ready), ms(cpu.whole)],
  ['one photo on the CPU, one thread', ...times(cpu)],
  ['one photo on WebGPU, emulated on the CPU', ...times(gpu)],
];
const { decode, readBack, resize, drawImage } = cpu.large ?? { decode: NaN, readBack: NaN, resize: NaN, drawImage: NaN };
const table = rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
const text = `${table}

The CPU module, which loads first, has ${kb(module.raw)} (${kb(module.brotli)} with Brotli); the WebGPU module, which loads beside it,
${kb(larger.raw)} (${kb(larger.brotli)}); the module that learns and shows layers, which only Teach, heads of
one's own and a tab of 'See inside' load, ${kb(learning.raw)} (${kb(learning.brotli)}).

A JPEG of 4000 × 3000 pixels takes ${ms(decode)} to decode, ${ms(readBack)} to read back and ${ms(resize)} to become the numbers of one view of
the photo network; the browser's own \`drawImage\`, smoothing at high quality, takes ${ms(drawImage)} to make it as small.

Measured on ${new Date().toISOString().slice(0, 10)} by \`scripts/numbers\`: ${processor?.model.trim()}, ${cpus().length} cores, Chromium ${cpu.version}, medians
of ${RUNS} photos, served from the same machine. There was no GPU: WebGPU ran on SwiftShader, Chromium's emulation,
so its time says nothing of a real one. JPEGs of CIFAR-10 are of quality 75 with 4:2:0 chroma.`;

writeBetween('README.md', 'numbers', text);
console.log(text);
