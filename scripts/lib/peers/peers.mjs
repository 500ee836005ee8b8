// Runs both in one page, see scripts/peers.
import { cpSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { chromium } from 'playwright-core';
import { serve } from '../../../tests/browser/server.js';

const [, , peers = 'target/peers', runs = '40'] = process.argv;

// Everything under one roof, so that the page may load it.
const site = `${peers}/site`;
rmSync(site, { recursive: true, force: true });
cpSync('pkg', site, { recursive: true });
cpSync(`${peers}/tfjs.js`, `${site}/tfjs.js`);
cpSync(`${peers}/node_modules/@tensorflow/tfjs-backend-wasm/dist`, `${site}/tfjs`, { recursive: true });
cpSync('www/samples/cat.jpg', `${site}/picture.jpg`);

const server = await serve(site);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(`${server.origin}/picture.jpg`); // a page of that origin that runs nothing by itself
  const found = await page.evaluate(async (times) => {
    const weightsFile = new Uint8Array(await (await fetch('/www/model/photo.safetensors')).arrayBuffer());
    const image = await (async () => {
      const bitmap = await createImageBitmap(await (await fetch('/picture.jpg')).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height);
    })();

    const bindings = await import(String('/wasm/cpu/glimpse.js'));
    await bindings.default({ module_or_path: '/wasm/cpu/glimpse_bg.wasm' });
    const ours = await bindings.Classifier.load(weightsFile);
    const { preprocessing, vocabulary } = ours.info();

    // The same numbers for the other: bytes times the scale of their channel.
    const view = new DataView(weightsFile.buffer);
    const length = Number(view.getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(weightsFile.subarray(8, 8 + length)));
    /** @type {Record<string, { shape: number[], values: Float32Array }>} */
    const weights = {};
    for (const [
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ] of Object.entries(header).filter(([key]) => key !== '__metadata__')) {
      const bytes = weightsFile.slice(8 + length + from, 8 + length + to).buffer;
      weights[name] = { shape, values: dtype === 'I8' ? Float32Array.from(new Int8Array(bytes)) : new Float32Array(bytes) };
    }
    for (const [name, { shape, values }] of Object.entries(weights)) {
      const scale = weights[`${name}.scale`]?.values;
      if (!scale) continue;
      // The first axis of a convolution, the last of a dense layer.
      const inner = shape.length === 4 ? values.length / scale.length : 1;
      for (const [index, value] of values.entries()) values[index] = value * (scale[Math.floor(index / inner) % scale.length] ?? NaN);
    }
    const peer = await (await import(String('/tfjs.js'))).load(weights, '/tfjs/');
    const input = peer.input(ours.tensor(image), preprocessing.input_size);

    /** @type {Record<'ours' | 'theirs', number[]>} */
    const times_ = { ours: [], theirs: [] };
    let answer;
    let logits = new Float32Array();
    // In turns, so that a noisy moment hits both alike; the first three do not count.
    for (let run = -3; run < times; run += 1) {
      answer = await ours.classify(image);
      const start = performance.now();
      logits = await peer.logits(input);
      const theirs = performance.now() - start;
      if (run < 0) continue;
      times_.ours.push(answer.milliseconds.network);
      times_.theirs.push(theirs);
    }
    const best = logits.indexOf(Math.max(...logits));
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - (logits[best] ?? 0)), 0);
    return {
      times: times_,
      version: peer.version,
      ours: answer.vocabulary[0],
      theirs: { label: vocabulary.classes[best], probability: 1 / sum },
    };
  }, Number(runs));

  if (found.ours.label !== found.theirs.label || Math.abs(found.ours.probability - found.theirs.probability) > 1e-3) {
    throw new Error(`they disagree: ${JSON.stringify([found.ours, found.theirs])}`);
  }
  const sorted = (/** @type {number[]} */ values) => values.toSorted((a, b) => a - b);
  const [ours, theirs] = [sorted(found.times.ours), sorted(found.times.theirs)];
  const figure = (/** @type {number[]} */ values) => `median ${values[values.length >> 1]?.toFixed(1)} ms, best ${values[0]?.toFixed(1)} ms`;
  const ratio = (ours[ours.length >> 1] ?? NaN) / (theirs[theirs.length >> 1] ?? NaN);
  console.log(`glimpse, CPU module:                      ${figure(ours)}`);
  console.log(`TensorFlow.js ${found.version}, wasm, SIMD, one thread: ${figure(theirs)}`);
  console.log(`ratio of the medians ${ratio.toFixed(2)}; both say ${found.ours.label}, ${(found.ours.probability * 100).toFixed(1)} %`);
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Chromium ${browser.version()}`);
} finally {
  await browser.close();
  await server.close();
}
