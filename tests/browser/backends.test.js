import assert from 'node:assert/strict';
import { sample, samples } from './samples.js';
import { backendIs, errorOf, noteOf, rememberInstance, ruinInstance, said, scene, upload } from './scene.js';

scene('with WebGPU', 'the CPU answers at once and WebGPU takes over', async ({ page, server, open }) => {
  server.meddle((path) => (path.endsWith('webgpu/glimpse_bg.wasm') ? { pause: 50 } : undefined));
  await open();
  await backendIs(page, 'cpu');
  assert.match(await noteOf(page), /^CPU for now: the WebGPU version is getting ready/);
  assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
  await backendIs(page, 'webgpu');
  assert.match(await noteOf(page), /^WebGPU: /);
  assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
  const weights = server.served.filter((path) => path.endsWith('.safetensors'));
  const once = ['/www/model/cifar10.safetensors', '/www/model/photo.safetensors'];
  assert.deepEqual(weights, once, 'both backends share one download of each file');
});

scene('with WebGPU', 'the choice of a backend answers the photo again and is remembered', async ({ page, open }) => {
  await open();
  await backendIs(page, 'webgpu');
  assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
  await page.selectOption('#backend', 'cpu');
  await page.locator('#timing[data-backend="cpu"]').waitFor();
  await backendIs(page, 'cpu');
  assert.equal(await noteOf(page), 'CPU: you chose it.');
  assert.equal((await said(page)).photo, 'ship.jpg');

  await page.reload();
  await backendIs(page, 'cpu');
  assert.equal(await page.locator('#backend').inputValue(), 'cpu');
  assert.equal(await noteOf(page), 'CPU: you chose it.');
  await page.selectOption('#backend', 'webgpu');
  await backendIs(page, 'webgpu');
  assert.equal(await noteOf(page), 'WebGPU: you chose it.');
  await page.reload();
  await backendIs(page, 'webgpu');
  await page.selectOption('#backend', 'auto');
  await page.reload();
  await backendIs(page, 'webgpu');
  assert.equal(await page.locator('#backend').inputValue(), 'auto');
});

scene('with WebGPU', 'CPU and WebGPU agree to one part in a hundred', async ({ page, open }) => {
  await open();
  await backendIs(page, 'webgpu');
  const names = samples.map(({ name }) => name);
  const answers = await page.evaluate(async (wanted) => {
    const [{ instantiate }, { decode }, { models }] = await Promise.all([
      import(String('/www/glue.js')),
      import(String('/www/decode.js')),
      import(String('/www/models.js')),
    ]);
    const backends = { cpu: await instantiate('cpu'), gpu: await instantiate('webgpu') };
    const all = [];
    for (const { id, weights } of models) {
      const bytes = new Uint8Array(await (await fetch(weights)).arrayBuffer());
      const cpu = await backends.cpu.Classifier.load(bytes);
      const gpu = await backends.gpu.Classifier.load(bytes);
      for (const name of wanted) {
        const image = await decode(await (await fetch(`/www/samples/${name}.jpg`)).blob(), 1e9);
        const byClass = async (/** @type {import('../../www/types.js').Classifier} */ classifier) => {
          const { ranked } = await classifier.classify(image);
          return ranked.toSorted((a, b) => a.index - b.index).map(({ probability }) => probability);
        };
        all.push({ name: `${id}, ${name}`, cpu: await byClass(cpu), gpu: await byClass(gpu) });
      }
    }
    return all;
  }, names);
  assert.equal(answers.length, 2 * names.length);
  for (const { name, cpu, gpu } of answers) {
    cpu.forEach((probability, index) => {
      const other = gpu[index] ?? Number.NaN;
      assert.ok(Math.abs(probability - other) <= 1e-2, `${name}, class ${index}: CPU ${probability}, WebGPU ${other}`);
    });
  }
});

scene('without WebGPU', 'the page says why it runs on the CPU, also when WebGPU is asked for', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const reason = /^CPU: this browser (has no WebGPU|offers no WebGPU adapter)\.$/;
  await page.locator('#backend-note', { hasText: reason }).waitFor();
  await page.selectOption('#backend', 'webgpu');
  await page.locator('#backend-note', { hasText: reason }).waitFor();
  assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
  await page.reload();
  await backendIs(page, 'cpu');
  assert.equal(await page.locator('#backend').inputValue(), 'webgpu');
});

scene('without WebGPU', 'without storage, everything works and nothing is remembered', async ({ page, open }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
  });
  await open();
  await backendIs(page, 'cpu');
  await page.selectOption('#backend', 'cpu');
  assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
  await page.reload();
  await backendIs(page, 'cpu');
  assert.equal(await page.locator('#backend').inputValue(), 'auto');
});

scene('with WebGPU', 'an adapter without timestamp queries is not used', async ({ page, server, open }) => {
  await page.addInitScript(() => {
    Object.defineProperty(GPUAdapter.prototype, 'features', { get: () => new Set(['depth-clip-control']) });
  });
  await open();
  await page.locator('#backend-note', { hasText: 'timestamp-query' }).waitFor();
  assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
  assert.ok(!server.served.some((path) => path.includes('/webgpu/')), 'nothing is fetched for it');
});

for (const [what, meddling] of /** @type {const} */ ([
  ['missing', { status: 404 }],
  ['damaged', { change: (/** @type {Buffer} */ body) => Buffer.from(body).fill(0x41, 8, 5000) }],
])) {
  const allow = [/glimpse_bg\.wasm/];

  scene(
    'with WebGPU',
    `with the WebGPU module ${what}, the CPU answers`,
    async ({ page, server, open }) => {
      server.meddle((path) => (path.endsWith('webgpu/glimpse_bg.wasm') ? meddling : undefined));
      await open();
      await page.locator('#backend-note', { hasText: /^CPU: (WebGPU failed|the WebGPU version could not be fetched)/ }).waitFor();
      assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
    },
    { allow },
  );

  scene(
    'with WebGPU',
    `with the CPU module ${what}, WebGPU answers`,
    async ({ page, server, open }) => {
      server.meddle((path) => (path.endsWith('cpu/glimpse_bg.wasm') ? meddling : undefined));
      await open();
      await backendIs(page, 'webgpu');
      assert.match(await noteOf(page), /^WebGPU: the CPU version could not be started/);
      assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
    },
    { allow },
  );

  scene(
    'without WebGPU',
    `with the only module ${what}, there is a sentence, and trying again works`,
    async ({ page, server, open }) => {
      server.meddle((path) => (path.endsWith('glimpse_bg.wasm') ? meddling : undefined));
      await open();
      await page.locator('html[data-state="failed"]').waitFor({ state: 'attached' });
      assert.match(await errorOf(page), /glimpse_bg\.wasm, could not be fetched|could not start the network/);
      server.meddle();
      await page.click('#retry');
      await backendIs(page, 'cpu');
      assert.equal(await errorOf(page), '');
      assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
    },
    { allow },
  );
}

scene(
  'with WebGPU',
  'when the device is lost, the CPU answers the same photo',
  async ({ page, open }) => {
    await page.addInitScript(() => {
      const real = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...asked) {
        const device = await real.apply(this, asked);
        Object.assign(globalThis, { lastDevice: device });
        return device;
      };
    });
    await open();
    await backendIs(page, 'webgpu');
    const before = await upload(page, sample('ship').path);
    assert.equal(before.backend, 'webgpu');
    await page.evaluate(() => /** @type {any} */ (globalThis).lastDevice.destroy());
    const lost = await upload(page, sample('cat').path);
    assert.equal(lost.error, '');
    assert.equal(lost.photo, 'cat.jpg');
    assert.equal(lost.backend, 'cpu');
    assert.match(await noteOf(page), /^CPU: WebGPU (failed|stopped answering)/);

    await page.selectOption('#backend', 'webgpu'); // asked for by hand, it is tried again
    await backendIs(page, 'webgpu');
    assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
  },
  { allow: [/^console: /, /^page error: /] },
);

scene(
  'without WebGPU',
  'after a crash of the CPU module, the next photo works',
  async ({ page, open }) => {
    await rememberInstance(page);
    await open();
    await backendIs(page, 'cpu');
    const before = await upload(page, sample('ship').path);
    await ruinInstance(page);
    const crashed = await upload(page, sample('cat').path);
    assert.match(crashed.error, /stumbled over “cat\.jpg” and has been started again/);
    const after = await upload(page, sample('ship').path);
    assert.deepEqual(after.ranked, before.ranked);
  },
  { allow: [/^console: /, /^page error: /] },
);
