import assert from 'node:assert/strict';
import { randomNetworks } from './random-networks.js';
import { backendIs, scene } from './scene.js';

/*
 * WebGPU's kernels (src/model/wgsl/) beside the CPU's on networks with random weights. The sides of their maps leave odd
 * borders everywhere, and between them they have a layer for every kernel.
 */

/** The largest difference that there may be, as a share of the largest number. Weights in bytes would allow less on the CPU. */
const SHARE = 2e-5;

for (const { architecture, side, file } of randomNetworks()) {
  scene(
    'with WebGPU',
    `the kernels compute what the CPU computes: ${architecture}, ${side} pixels`,
    async ({ page, server, open }) => {
      server.page('/random.safetensors', file);
      await open();
      await backendIs(page, 'cpu');
      const { cpu, gpu } = await page.evaluate(numbersOfBoth);
      assert.deepEqual(Object.keys(gpu), Object.keys(cpu));
      assert.ok('features' in cpu && 'covered' in cpu);
      assert.equal('cells' in cpu, architecture === 'convnet' || architecture === 'efficientnet_lite', 'who has maps');
      for (const [what, expected] of Object.entries(cpu)) {
        const found = gpu[what] ?? [];
        assert.equal(found.length, expected.length, what);
        const most = Math.max(...expected.map(Math.abs));
        assert.ok(most > 1e-3 && new Set(expected).size > 1, `${what}: the numbers say nothing`);
        const worst = expected.reduce((so_far, value, at) => Math.max(so_far, Math.abs(value - (found[at] ?? Number.NaN))), 0);
        // Written so that a difference that is no number fails.
        assert.ok(worst <= SHARE * most, `${what}: off by ${worst} where the largest is ${most}`);
      }
    },
    { backend: 'cpu' },
  );
}

/** Runs in the page: features of two views, and what the network's maps and covered places say, from both backends. */
async function numbersOfBoth() {
  const [{ instantiate }, { testPicture }] = await Promise.all([import(String('/www/engine/wasm-modules.js')), import(String('/www/engine/verify-gpu.js'))]);
  const weights = new Uint8Array(await (await fetch('/random.safetensors')).arrayBuffer());
  // Wider than high, so that the views differ.
  const square = testPicture(96);
  const image = new ImageData(square.data.slice(0, 4 * 96 * 64), 96, 64);
  /** @param {'cpu' | 'webgpu'} backend */
  const numbersOf = async (backend) => {
    const classifier = await (await instantiate(backend)).Classifier.load(weights);
    const { embedding } = await classifier.classify(image, { embedding: true });
    /** @type {Record<string, number[]>} */
    const numbers = { features: [...embedding] };
    for (const [what, method] of [
      ['cells', 'cells'],
      ['covered', 'occlusion'],
    ]) {
      try {
        const work = classifier.explaining(image, {}, { method });
        while (await work.step());
        numbers[String(what)] = [...work.map().values];
      } catch (error) {
        if (!String(error).includes('no map')) throw error;
      }
    }
    return numbers;
  };
  return { cpu: await numbersOf('cpu'), gpu: await numbersOf('webgpu') };
}
