// Fills the part of README.md between the `numbers` marks: accuracy from the shipped weights file (the trainer measured
// it on the file that it wrote), sizes from the build, times from this machine's Chromium. And takes docs/page.png.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { serve } from '../../tests/browser/server.js';

const WEIGHTS = 'www/model/cifar10.safetensors';
const PICTURE = 'www/samples/cat.jpg';
/** Uploads measured on each backend, after one that doesn't count. */
const RUNS = 30;

/** The header of a weights file, see src/model/weights.rs. */
function header() {
  const file = readFileSync(WEIGHTS);
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata } = JSON.parse(String(file.subarray(8, 8 + length)));
  return { ...JSON.parse(metadata.glimpse).header, bytes: file.length, brotli: brotliCompressSync(file).length };
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
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
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    const start = performance.now();
    await page.goto(origin);
    // The CPU answers first on every machine; this is how long a visitor waits until it can.
    await page.locator('html[data-state="ready"]').waitFor({ state: 'attached', timeout: 120_000 });
    const ready = performance.now() - start;
    await page.locator(`html[data-state="ready"][data-backend="${backend}"]`).waitFor({ state: 'attached', timeout: 120_000 });
    const network = [];
    const preprocess = [];
    for (let run = 0; run <= RUNS; run += 1) {
      await page.setInputFiles('#file', PICTURE);
      await page.locator(`html[data-state="ready"] #timing[data-backend="${backend}"]`).waitFor();
      const timing = page.locator('#timing');
      if (run === 0) continue;
      network.push(Number(await timing.getAttribute('data-network')));
      preprocess.push(Number(await timing.getAttribute('data-preprocess')));
    }
    if (backend === 'cpu') {
      mkdirSync('docs', { recursive: true });
      await page.waitForTimeout(800); // the bars grow
      await page.screenshot({ path: 'docs/page.png' });
    }
    return { ready, network: median(network), preprocess: median(preprocess), version: browser.version() };
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

const weights = header();
const server = await serve('pkg');
const cpu = await measure(server.origin, 'cpu');
const gpu = await measure(server.origin, 'webgpu');
await server.close();

const [module, larger] = [sizes('cpu'), sizes('webgpu')];
const { provenance } = weights;
const processor = cpus()[0];
const rows = [
  ['accuracy on the test images', `${percent(provenance.test_accuracy)} (${weights.architecture}, ${provenance.epochs} epochs)`],
  ['CPU module, first to load', `${kb(module.raw)}, ${kb(module.brotli)} with Brotli`],
  ['WebGPU module, loaded beside it', `${kb(larger.raw)}, ${kb(larger.brotli)} with Brotli`],
  ['weights', `${kb(weights.bytes)}, ${kb(weights.brotli)} with Brotli`],
  ['from opening the page until it can answer', ms(cpu.ready)],
  ['one photo on the CPU, one thread', `${ms(cpu.preprocess)} to prepare, ${ms(cpu.network)} in the network`],
  ['one photo on WebGPU, emulated on the CPU', `${ms(gpu.preprocess)} to prepare, ${ms(gpu.network)} in the network`],
];
const table = ['| | |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join('\n');
const text = `${table}

Measured on ${new Date().toISOString().slice(0, 10)} by \`scripts/numbers\`: ${processor?.model.trim()}, ${cpus().length} cores, Chromium ${cpu.version}, medians
of ${RUNS} photos, served from the same machine. There was no GPU: WebGPU ran on SwiftShader, Chromium's emulation,
so its time says nothing of a real one. Data: ${provenance.data}.`;

const readme = String(readFileSync('README.md'));
const marks = /(<!-- numbers: [^>]*-->\n)[\s\S]*?(<!-- \/numbers -->)/;
if (!marks.test(readme)) throw new Error('README.md has lost the marks between which the numbers stand.');
writeFileSync('README.md', readme.replace(marks, (_, open, close) => `${open}\n${text}\n\n${close}`));
console.log(text);
