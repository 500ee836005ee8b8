/** @import { Browser, Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { agree, answersOfBoth } from './agreement.js';
import { workerOf } from './chromium.js';
import { sample, samples } from './samples.js';
import { backendIs, errorOf, gate, noteOf, rememberDevice, rememberInstance, ruinInstance, said, scene, upload } from './scene.js';

scene('with WebGPU', 'the CPU answers at once and WebGPU takes over', async ({ page, server, open }) => {
  const held = gate();
  server.meddle((path) => (path.endsWith('webgpu/glimpse_bg.wasm') ? held : undefined));
  await open();
  await backendIs(page, 'cpu');
  assert.match(await noteOf(page), /^CPU for now: the WebGPU version is getting ready/);
  assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
  held.open();
  await backendIs(page, 'webgpu');
  assert.match(await noteOf(page), /^WebGPU: /);
  assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
  const weights = server.served.filter((path) => path.endsWith('.safetensors'));
  const once = ['/www/model/cifar10.safetensors', '/www/model/photo.safetensors'];
  assert.deepEqual(weights, once, 'both backends share one download of each file');
});

scene(
  'with WebGPU',
  'the choice of a backend answers the photo again and is remembered',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'webgpu', 'cifar10');
    assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
    await page.selectOption('#backend', 'cpu');
    await page.locator('#timing[data-backend="cpu"]').waitFor();
    await backendIs(page, 'cpu', 'cifar10');
    assert.equal(await noteOf(page), 'CPU: you chose it.');
    assert.equal((await said(page)).photo, 'ship.jpg');

    await page.reload();
    await backendIs(page, 'cpu', 'cifar10');
    assert.equal(await page.locator('#backend').inputValue(), 'cpu');
    assert.equal(await noteOf(page), 'CPU: you chose it.');
    await page.selectOption('#backend', 'webgpu');
    await backendIs(page, 'webgpu', 'cifar10');
    assert.equal(await noteOf(page), 'WebGPU: you chose it.');
    await page.reload();
    await backendIs(page, 'webgpu', 'cifar10');
    await page.selectOption('#backend', 'auto');
    await page.reload();
    await backendIs(page, 'cpu', 'cifar10');
    assert.equal(await page.locator('#backend').inputValue(), 'auto');
  },
  { model: 'cifar10' },
);

scene(
  'with WebGPU',
  'CPU and WebGPU agree to one part in a hundred',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    const names = samples.map(({ name }) => name);
    agree(await page.evaluate(answersOfBoth, names), 2 * names.length);
  },
  { backend: 'cpu' },
);

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

for (const [what, before, note] of /** @type {const} */ ([
  [
    'without timestamp queries',
    () => Object.defineProperty(GPUAdapter.prototype, 'features', { get: () => new Set(['depth-clip-control']) }),
    /^CPU: .*“timestamp-query”/,
  ],
  [
    'that gives no device',
    () => (GPUAdapter.prototype.requestDevice = () => Promise.reject(new DOMException('No room.', 'OperationError'))),
    /^CPU: this WebGPU adapter gives no device \(No room\)\.$/,
  ],
])) {
  scene('with WebGPU', `an adapter ${what} is not used`, async ({ page, server, open }) => {
    server.inWorker(before);
    await open();
    await page.locator('#backend-note', { hasText: note }).waitFor();
    assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
    assert.ok(!server.served.some((path) => path.endsWith('webgpu/glimpse_bg.wasm')), 'nothing is fetched for it');
  });
}

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
      await backendIs(page, 'webgpu', 'cifar10');
      assert.match(await noteOf(page), /^WebGPU: the CPU version could not be started/);
      assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
    },
    { allow, model: 'cifar10' },
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

for (const [how, lose] of /** @type {[string, (page: Page) => Promise<unknown>][]} */ ([
  ['destroyed', (page) => workerOf(page).evaluate(() => /** @type {any} */ (globalThis).lastDevice.destroy())],
  // Chromium starts its GPU process anew afterwards.
  [
    'lost with the GPU process',
    async (page) => {
      const session = await /** @type {Browser} */ (page.context().browser()).newBrowserCDPSession();
      await session.send('Browser.crashGpuProcess');
    },
  ],
])) {
  scene(
    'with WebGPU',
    `when the device is ${how}, the CPU answers, and WebGPU is tried again later`,
    async ({ page, server, open }) => {
      server.inWorker(rememberDevice);
      await open();
      await backendIs(page, 'webgpu', 'cifar10');
      assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
      await lose(page);
      await page.locator('#backend-note', { hasText: /^CPU: the GPU went away \(.+\)\. It will be tried again\.$/ }).waitFor();
      await backendIs(page, 'cpu', 'cifar10');
      assert.equal((await said(page)).backend, 'cpu', 'the photo on show is answered again');
      const lost = await upload(page, sample('cat').path);
      assert.equal(lost.error, '');
      assert.equal(lost.photo, 'cat.jpg');
      assert.equal(lost.backend, 'cpu');
      await backendIs(page, 'webgpu', 'cifar10'); // nobody has asked for it
      assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
    },
    { allow: [/^console: /, /^page error: /], model: 'cifar10' },
  );
}

scene(
  'with WebGPU',
  'a device that is lost in the middle of an answer: the CPU gives that answer',
  async ({ page, server, open }) => {
    server.inWorker(rememberDevice);
    await open();
    await backendIs(page, 'webgpu');
    await upload(page, sample('ship').path);
    await page.setInputFiles('#file', sample('cat').path);
    await page.locator('#photo-name', { hasText: 'cat.jpg' }).waitFor();
    await workerOf(page).evaluate(() => /** @type {any} */ (globalThis).lastDevice.destroy());
    const found = await said(page);
    assert.deepEqual([found.error, found.photo, found.backend], ['', 'cat.jpg', 'cpu']);
  },
  { allow: [/^console: /, /^page error: /] },
);

scene(
  'with WebGPU',
  'left to itself, the page measures both and says which is faster; next time it knows',
  async ({ page, server, open }) => {
    server.inWorker(rememberDevice);
    await open();
    await backendIs(page, 'cpu', 'cifar10');
    // An emulated GPU runs on the CPU itself.
    await page.locator('#backend-note', { hasText: /^CPU: faster here than WebGPU \([\d.,]+ ms against [\d.,]+ ms for a picture\)\.$/ }).waitFor();
    assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
    server.served.length = 0;
    await page.reload();
    await page.locator('#backend-note', { hasText: /^CPU: faster here than WebGPU/ }).waitFor();
    assert.ok(!server.served.some((path) => path.endsWith('webgpu/glimpse_bg.wasm')), 'nothing is fetched for it');

    // What would have been remembered where WebGPU is the faster one.
    await page.evaluate(() => {
      const known = JSON.parse(localStorage.getItem('glimpse.speeds') ?? '');
      known.speeds.cifar10.webgpu = known.speeds.cifar10.cpu / 4;
      localStorage.setItem('glimpse.speeds', JSON.stringify(known));
    });
    await page.reload();
    await backendIs(page, 'webgpu', 'cifar10');
    assert.match(await noteOf(page), /^WebGPU: faster here than the CPU \([\d.,]+ ms against [\d.,]+ ms for a picture\)\.$/);
    assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');

    await workerOf(page).evaluate(() => /** @type {any} */ (globalThis).lastDevice.destroy());
    await page.locator('#backend-note', { hasText: /^CPU: the GPU went away \(.+\)\. It will be tried again\.$/ }).waitFor();
  },
  { backend: null, model: 'cifar10', allow: [/^console: /, /^page error: /] },
);

scene(
  'with WebGPU',
  'a CPU module that crashes during the trial is not held against WebGPU',
  async ({ page, server, open }) => {
    const held = gate();
    server.meddle((path) => (path.endsWith('webgpu/glimpse_bg.wasm') ? held : undefined));
    rememberInstance(server);
    await open();
    await backendIs(page, 'cpu', 'cifar10');
    await ruinInstance(page);
    held.open();
    await backendIs(page, 'webgpu', 'cifar10');
    assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
  },
  { allow: [/^console: /, /^page error: /], model: 'cifar10' },
);

scene('with WebGPU', 'WebGPU that computes wrongly is found out and not used', async ({ page, server, open }) => {
  // A shader compiler with a small fault: every activation comes out two in a hundred too small.
  server.inWorker(() => {
    const real = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (wanted) {
      const fault = 'fn faulty(x: vec4f, low: vec4f, high: vec4f) -> vec4f { return 0.98 * clamp(x, low, high); }';
      return real.call(this, { ...wanted, code: `${wanted.code.replaceAll(/\bclamp\(/g, 'faulty(')}\n${fault}` });
    };
  });
  await open();
  await page.locator('#backend-note', { hasText: /^CPU: WebGPU computes wrongly on this machine \(off by [\d.]+% in a test picture\)\.$/ }).waitFor();
  assert.equal((await upload(page, sample('ship').path)).backend, 'cpu');
});

scene(
  'without WebGPU',
  'after a crash of the CPU module, the next photo works',
  async ({ page, server, open }) => {
    rememberInstance(server);
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
