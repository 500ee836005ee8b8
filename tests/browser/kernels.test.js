/** @import { Place } from './scene.js' */
import assert from 'node:assert/strict';
import { randomNetworks } from './random-networks.js';
import { scene } from './scene.js';

/*
 * WebGPU's kernels (src/model/wgsl/) beside the CPU's on networks with random weights. The sides of their maps leave odd
 * borders everywhere, and between them they have a layer for every kernel. What is right for one compiler of shaders may be
 * wrong for another, so they are compiled by two: SwiftShader's from SPIR-V and Mesa's from GLSL (a third is in
 * tests/everywhere: Mesa's from SPIR-V, in Firefox).
 */

/**
 * The largest difference that there may be, as a share of the largest number. What maps and covered places say are
 * differences of numbers that are much larger.
 */
const SHARES = { features: 1e-5, cells: 1e-4, covered: 1e-4 };
/** Places are covered one after the other, which takes long where a network does. */
const SMALL = 32;

/** @type {readonly Place[]} */
const compilers = ['with WebGPU', 'with WebGPU on OpenGL'];

for (const [place, { architecture, side, file }] of compilers.flatMap((each) => randomNetworks().map((network) => /** @type {const} */ ([each, network])))) {
  scene(
    place,
    `the kernels compute what the CPU computes: ${architecture}, ${side} pixels`,
    async ({ page, server, skip }) => {
      server.page('/random.safetensors', file);
      if (place === 'with WebGPU on OpenGL') await page.addInitScript(claimTimestamps);
      await page.goto(server.page('/empty.html', '<!doctype html><title>Empty</title><link rel="icon" href="/www/icon.svg">'));
      // Where there is no OpenGL, Chromium takes SwiftShader again, or nothing.
      if (place === 'with WebGPU on OpenGL' && (await page.evaluate(async () => (await navigator.gpu.requestAdapter())?.info.isFallbackAdapter ?? true))) {
        skip('Chromium finds no OpenGL through EGL (on Debian: libegl-mesa0 and libgl1-mesa-dri)');
        return;
      }
      const methods = [...(architecture.includes('net') ? ['cells'] : []), ...(side < SMALL ? ['covered'] : [])];
      const { cpu, gpu } = await page.evaluate(numbersOfBoth, methods);
      assert.deepEqual(Object.keys(cpu), ['features', ...methods]);
      for (const [what, share] of Object.entries(SHARES)) {
        const [expected, found] = [cpu[what], gpu[what] ?? []];
        if (!expected) continue;
        assert.equal(found.length, expected.length, what);
        const most = Math.max(...expected.map(Math.abs));
        assert.ok(most > 0 && new Set(expected).size > 1, `${what}: the numbers say nothing: ${expected.slice(0, 8)}`);
        const worst = expected.reduce((soFar, value, at) => Math.max(soFar, Math.abs(value - (found[at] ?? Number.NaN))), 0);
        // Written so that a difference that is no number fails.
        assert.ok(worst <= share * most, `${what}: off by ${worst} where the largest is ${most}`);
      }
    },
    { backend: null },
  );
}

/**
 * Runs before the page: an adapter without `timestamp-query` says that it has it, because nothing starts without it
 * (www/engine/check-adapter.js), and nothing measures a time either.
 */
function claimTimestamps() {
  const { get } = /** @type {{ get(): GPUSupportedFeatures }} */ (Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'features'));
  const { requestDevice } = GPUAdapter.prototype;
  Object.defineProperty(GPUAdapter.prototype, 'features', {
    get() {
      return new Set([...get.call(this), 'timestamp-query']);
    },
  });
  GPUAdapter.prototype.requestDevice = function ({ requiredFeatures = [], ...others } = {}) {
    const real = get.call(this);
    return requestDevice.call(this, { ...others, requiredFeatures: [...requiredFeatures].filter((feature) => real.has(feature)) });
  };
}

/**
 * Runs in the page: features of two views, and what the network's maps and covered places say, from both backends.
 *
 * @param {string[]} methods
 */
async function numbersOfBoth(methods) {
  const [{ instantiate }, { testPicture }] = await Promise.all([import(String('/www/engine/wasm-modules.js')), import(String('/www/engine/test-picture.js'))]);
  const weights = new Uint8Array(await (await fetch('/random.safetensors')).arrayBuffer());
  // Wider than high, so that the views differ.
  const image = new ImageData(testPicture(96).data.slice(0, 4 * 96 * 64), 96, 64);
  /** @param {'cpu' | 'webgpu'} backend */
  const numbersOf = async (backend) => {
    const classifier = await (await instantiate(backend)).Classifier.load(weights);
    const { embedding } = await classifier.classify(image, { embedding: true });
    /** @type {Record<string, number[]>} */
    const numbers = { features: [...embedding] };
    for (const method of methods) {
      const work = classifier.explaining(image, {}, { method: method === 'covered' ? 'occlusion' : method });
      while (await work.step());
      numbers[method] = [...work.map().values];
    }
    return numbers;
  };
  return { cpu: await numbersOf('cpu'), gpu: await numbersOf('webgpu') };
}
