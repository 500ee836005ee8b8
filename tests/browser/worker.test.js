/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { sample } from './samples.js';
import { Failure } from '../../www/core/errors.js';
import en from '../../www/i18n/en.js';
import { root, workerOf, workersEnd } from './chromium.js';
import { backendIs, errorOf, noteOf, places, said, scene, upload, usual } from './scene.js';
import { serve } from './server.js';

/*
 * Where the engine runs, that it ends and comes back, and that whoever no longer wants an answer gets none.
 */

/** @param {Page} page */
const threadOf = (page) => page.locator('html').getAttribute('data-thread');

for (const place of places) {
  scene(place, 'decoding, preprocessing and inference run in a worker', async ({ page, open }) => {
    // What of these the page's own thread calls. (It has a module compiled, which browsers do beside it while that arrives.)
    await page.addInitScript(() => {
      const calls = Object.assign(globalThis, { calls: /** @type {string[]} */ ([]) }).calls;
      const spy = (/** @type {any} */ on, /** @type {string} */ name) => {
        const real = on[name];
        on[name] = function (/** @type {any[]} */ ...asked) {
          calls.push(name);
          return real.apply(this, asked);
        };
      };
      spy(globalThis, 'createImageBitmap');
      spy(WebAssembly, 'instantiate');
      spy(WebAssembly, 'compile');
      spy(GPU.prototype, 'requestAdapter');
      for (const context of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) spy(context.prototype, 'getImageData');
      const messages = Object.assign(globalThis, { messages: /** @type {any[]} */ ([]) }).messages;
      const Real = Worker;
      globalThis.Worker = class extends Real {
        /** @param {ConstructorParameters<typeof Worker>} asked */
        constructor(...asked) {
          super(...asked);
          this.addEventListener('message', ({ data }) => messages.push(data));
        }
      };
    });
    await open();
    await backendIs(page, usual(place));
    assert.equal(await threadOf(page), 'worker');
    assert.equal(page.workers().length, 1);
    const found = await upload(page, sample('cat').path);
    assert.equal(found.ranked[0]?.label, 'cat');
    const calls = await page.evaluate(() => /** @type {any} */ (globalThis).calls);
    assert.deepEqual(calls, ['getImageData'], 'only the one of this test itself, which looks at the square');
    const told = await page.evaluate(() => {
      /** @type {any[]} */
      const messages = /** @type {any} */ (globalThis).messages;
      const named = messages.filter((message) => JSON.stringify(message).includes('"classes":'));
      return { answers: messages.filter(({ type }) => type === 'outcome').length, named: named.map(({ type, number }) => `${type} ${number}`) };
    });
    assert.ok(told.answers > 0);
    assert.ok(told.named.length > 0);
    assert.deepEqual([...new Set(told.named)], told.named, 'the names are told once for each network on each backend');
    assert.ok(
      told.named.every((what) => what.startsWith('info ')),
      told.named.join(),
    );
  });
}

for (const [what, policy, files] of /** @type {const} */ ([
  ['the Content-Security-Policy forbids workers', "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'", undefined],
  ['the worker’s script is missing', undefined, /\/rpc\/worker\.js$/],
])) {
  scene(
    'without WebGPU',
    `where ${what}, the page’s own thread does the work, and says so`,
    async ({ page, server, open }) => {
      if (policy) server.police(policy);
      server.meddle((path) => (files?.test(path) ? { status: 404 } : undefined));
      await open();
      await backendIs(page, 'cpu');
      assert.equal(await threadOf(page), 'page');
      assert.equal(page.workers().length, 0);
      await page.locator('#backend-note', { hasText: /^CPU: / }).waitFor(); // what becomes of WebGPU is known later
      assert.match(await noteOf(page), /^CPU: .+ No worker could be started, so the page may stutter while it computes\.$/);
      const found = await upload(page, sample('cat').path);
      assert.deepEqual([found.error, found.ranked[0]?.label], ['', 'cat']);
    },
    { allow: [/worker-src/, /worker\.js/] },
  );
}

for (const [what, policy, thread] of /** @type {const} */ ([
  ['may start a worker from a script of its own', "script-src * 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob: http:", 'worker'],
  ['may start no worker', "script-src * 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'", 'page'],
])) {
  scene(
    'without WebGPU',
    `a page of another origin that ${what} gets its answers, too`,
    async ({ page, server }) => {
      const other = await serve(`${root}www/samples`);
      try {
        other.police(policy);
        await page.goto(`${other.origin}/CREDITS.md`);
        const answer = await page.evaluate(async (origin) => {
          const from = (/** @type {string} */ path) => import(`${origin}/www/${path}`);
          const [{ EngineClient }, { models }] = await Promise.all([from('rpc/client.js'), from('core/models.js')]);
          const client = new EngineClient({ models, choice: 'cifar10', preference: 'cpu' });
          client.start();
          const { photo, preview } = await client.open(await (await fetch('/cat.jpg')).blob());
          const { ranked } = await client.classify(photo, { framing: null, enhance: {} });
          return { thread: client.thread, width: preview.width, best: ranked[0].label };
        }, server.origin);
        assert.equal(answer.thread, thread);
        assert.equal(answer.best, 'cat');
        assert.ok(answer.width > 100);
      } finally {
        await other.close();
      }
    },
    { allow: [/worker-src/, /foreign: /, /favicon/] },
  );
}

scene(
  'without WebGPU',
  'where Trusted Types are required, a worker answers all the same',
  async ({ page, server, open }) => {
    server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types glimpse");
    await open();
    await backendIs(page, 'cpu');
    assert.equal(await threadOf(page), 'worker');
    const found = await upload(page, sample('cat').path);
    assert.deepEqual([found.error, found.ranked[0]?.label], ['', 'cat']);
  },
  { allow: [/trusted/i] },
);

scene(
  'without WebGPU',
  'two engines on the page’s own thread don’t disturb each other',
  async ({ page, server, open }) => {
    server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'");
    await open();
    await backendIs(page, 'cpu');
    const found = await page.evaluate(async () => {
      const from = (/** @type {string} */ path) => import(String(path));
      const [{ EngineClient }, { models }] = await Promise.all([from('/www/rpc/client.js'), from('/www/core/models.js')]);
      const make = () => new EngineClient({ models, choice: 'cifar10', preference: 'cpu' });
      /** @type {import('../../www/rpc/client.js').EngineClient[]} */
      const clients = [make(), make()];
      const file = await (await fetch('/www/samples/cat.jpg')).blob();
      const ask = async (/** @type {import('../../www/rpc/client.js').EngineClient} */ client) => {
        const { photo } = await client.open(file);
        const { ranked } = await client.classify(photo, { framing: null, enhance: {} });
        return `${client.thread}: ${ranked[0]?.label}`;
      };
      return [...(await Promise.all(clients.map(ask))), ...(await Promise.all(clients.map(ask)))];
    });
    assert.deepEqual(
      found,
      Array.from({ length: 4 }, () => 'page: cat'),
    );
    assert.equal((await upload(page, sample('ship').path)).ranked[0]?.label, 'ship', 'the page’s own engine goes on');
  },
  { allow: [/worker-src/] },
);

scene('without WebGPU', 'an idle worker ends, and the next request starts another one', async ({ page, open }) => {
  await page.clock.install();
  await open();
  await backendIs(page, 'cpu');
  const before = await upload(page, sample('ship').path);
  assert.equal(page.workers().length, 1);
  await page.clock.fastForward('05:00');
  await page.locator('html[data-thread="none"]').waitFor({ state: 'attached' });
  await workersEnd(page);
  assert.deepEqual((await said(page)).ranked, before.ranked, 'what was shown stays');

  await page.click('#stretch'); // the same photo, looked at in another way
  await page.locator('html[data-thread="worker"]').waitFor({ state: 'attached' });
  await page.locator('html[data-state="ready"] #timing[data-model="photo"]').waitFor();
  await page.click('#crop');
  const after = await said(page);
  assert.deepEqual(after.ranked, before.ranked);
  assert.equal(page.workers().length, 1);
});

scene('without WebGPU', 'a worker that computes without an end is ended with a sentence, and the next photo works', async ({ page, open }) => {
  await page.clock.install();
  await open();
  await backendIs(page, 'cpu');
  workerOf(page)
    .evaluate(() => {
      for (;;);
    })
    .catch(() => {}); // it is ended meanwhile
  await page.setInputFiles('#file', sample('ship').path);
  await page.locator('html[data-state="busy"]').waitFor({ state: 'attached' });
  await page.clock.runFor(50_000);
  assert.equal(await errorOf(page), '', 'a slow machine has its time');
  await page.clock.runFor(15_000);
  await page.locator('#error').waitFor();
  assert.equal(await errorOf(page), en.failure(new Failure('stuck', { seconds: 60 }), 'ship.jpg'));
  await page.clock.resume();
  const found = await upload(page, sample('cat').path);
  assert.deepEqual([found.error, found.ranked[0]?.label], ['', 'cat']);
});

scene('without WebGPU', 'a request that is cancelled is refused at once and keeps nobody waiting', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const found = await page.evaluate(async () => {
    const from = (/** @type {string} */ path) => import(String(path));
    const [{ EngineClient }, { models }] = await Promise.all([from('/www/rpc/client.js'), from('/www/core/models.js')]);
    /** @type {import('../../www/rpc/client.js').EngineClient} */
    const client = new EngineClient({ models, choice: 'cifar10', preference: 'cpu' });
    client.start();
    const wishes = { framing: null, enhance: {} };
    const { photo } = await client.open(await (await fetch('/www/samples/cat.jpg')).blob());
    /** @type {string[]} */
    const order = [];
    const note = (/** @type {string} */ what) => [
      (/** @type {any} */ outcome) => order.push(`${what}: ${outcome.ranked[0].label}`),
      (/** @type {any} */ error) => order.push(`${what}: ${error.name}`),
    ];
    const turns = Array.from({ length: 5 }, () => new AbortController());
    const asked = turns.map(({ signal }, at) => client.classify(photo, wishes, signal).then(...note(String(at))));
    for (const at of [1, 2, 3]) turns[at]?.abort();
    const gone = AbortSignal.abort();
    asked.push(client.classify(photo, wishes, gone).then(...note('before')));
    const bitmap = await createImageBitmap(new ImageData(8, 8));
    asked.push(client.classify(bitmap, wishes, gone).then(...note('bitmap')));
    await Promise.all(asked);
    return { order: order.toSorted(), last: order.slice(-2).toSorted(), closed: bitmap.width === 0 };
  });
  assert.deepEqual(found.order, ['0: cat', '1: AbortError', '2: AbortError', '3: AbortError', '4: cat', 'before: AbortError', 'bitmap: AbortError']);
  assert.deepEqual(found.last, ['0: cat', '4: cat'], 'nobody who cancels waits for those before');
  assert.ok(found.closed, 'a bitmap that was never sent is closed');
});

scene('without WebGPU', 'it tells where the network looked, step by step, and ends when that is no longer wanted', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const found = await page.evaluate(async () => {
    const from = (/** @type {string} */ path) => import(String(path));
    const [{ EngineClient }, { models }] = await Promise.all([from('/www/rpc/client.js'), from('/www/core/models.js')]);
    /** @type {import('../../www/rpc/client.js').EngineClient} */
    const client = new EngineClient({ models, choice: 'cifar10', preference: 'cpu' });
    client.start();
    const wishes = { framing: null, enhance: {} };
    const { photo } = await client.open(await (await fetch('/www/samples/cat.jpg')).blob());
    const { outcome, map } = await client.explain(photo, wishes);
    const { ranked } = await client.classify(photo, wishes);
    /** @type {[number, number][]} */
    const steps = [];
    const finer = await client.explain(photo, wishes, { class: 'dog', shifts: 4 }, { onProgress: (...step) => steps.push(step) });
    const turn = new AbortController();
    let told = 0;
    const stopped = await client.explain(photo, wishes, { method: 'occlusion' }, { signal: turn.signal, onProgress: () => (told += 1) && turn.abort() }).then(
      () => 'done',
      (error) => error.name,
    );
    const refused = await client.explain(photo, wishes, { class: 'unicorn' }).catch((error) => [error.code, String(error.facts.detail)]);
    const sum = (/** @type {import('../../www/core/types.js').PlaceMap} */ { values, constant }) => values.reduce((a, b) => a + b, 0) + (constant ?? NaN);
    const plain = (/** @type {import('../../www/core/types.js').PlaceMap} */ { values, colours, legend, ...rest }) => ({
      ...rest,
      values: values.length,
      colours: colours.length,
      legend: legend.length,
    });
    client.end();
    return {
      same: JSON.stringify(outcome.ranked) === JSON.stringify(ranked),
      classes: outcome.info.classes.length,
      label: ranked[0]?.label,
      map: plain(map),
      off: [Math.abs(sum(map) - map.score), Math.abs(sum(finer.map) - finer.map.score)],
      finer: finer.map.label,
      steps,
      stopped,
      told,
      refused,
    };
  });
  assert.ok(found.same, 'the answer is that of classify');
  assert.equal(found.classes, 10);
  const { columns, rows, values, colours, legend, ...rest } = found.map;
  assert.deepEqual([rest.method, rest.of, rest.label], ['cells', 'class', found.label]);
  assert.deepEqual([columns * rows, columns * rows * 4, 257 * 4], [values, colours, legend]);
  assert.equal(Math.max(columns, rows), 56);
  assert.ok(
    found.off.every((difference) => difference < 1e-4),
    `the places and the constant add up to the score: ${found.off}`,
  );
  assert.equal(found.finer, 'dog');
  assert.deepEqual(found.steps, [
    [1, 4],
    [2, 4],
    [3, 4],
    [4, 4],
  ]);
  assert.deepEqual([found.stopped, found.told], ['AbortError', 1]);
  assert.deepEqual(found.refused, ['photo-refused', 'The network knows no unicorn.']);
});

scene('without WebGPU', 'a failure has its code and facts on this side of the bridge, too', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const found = await upload(page, { name: 'bad.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') });
  assert.match(found.error, /^“bad\.jpg” could not be opened as a picture\./);
});

scene('without WebGPU', 'who waits for a worker that the browser ends is refused, and the next photo starts another one', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  await page.evaluate(async () => {
    const from = (/** @type {string} */ path) => import(String(path));
    const [{ EngineClient }, { models }, { LearnerClient }] = await Promise.all(
      ['rpc/client.js', 'core/models.js', 'rpc/learner-client.js'].map((path) => from(`/www/${path}`)),
    );
    const client = new EngineClient({ models, choice: 'cifar10', preference: 'cpu' });
    const { photo } = await client.open(await (await fetch('/www/samples/cat.jpg')).blob());
    const learner = new LearnerClient(models[models.length - 1].weights);
    const told = (/** @type {Promise<any>} */ promise) =>
      promise.then(
        (value) => value?.ranked?.[0].label ?? 'done',
        (error) => (error.name === 'Failure' ? error.code : error.name),
      );
    const classify = () => told(client.classify(photo, { framing: null, enhance: {} }));
    const learn = () => told(learner.call('nothing', []));
    Object.assign(globalThis, { client, classify, learn });
  });
  const run = (/** @type {string} */ what) => page.evaluate((name) => /** @type {any} */ (globalThis)[name](), what);
  /** The worker ends itself, in place of the browser: the page learns as little of it. */
  const kill = async (/** @type {string} */ what, /** @type {RegExp} */ script) => {
    const worker = page.workers().findLast((each) => script.test(each.url()));
    await worker?.evaluate(() => {
      Object.assign(globalThis, { onmessage: null }); // it answers nothing any more
    });
    const asked = run(what);
    await worker?.evaluate(() => self.close()).catch(() => {});
    return asked;
  };
  assert.equal(await run('classify'), 'cat');
  assert.equal(await kill('classify', /\/worker\.js$/), 'crashed');
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).client.thread), null);
  assert.equal(await run('classify'), 'cat');

  const ends = await page.evaluate(() => {
    const { client, classify } = /** @type {any} */ (globalThis);
    client.end();
    const first = classify();
    client.end(); // while it is being launched
    return Promise.all([first, classify()]);
  });
  assert.deepEqual(ends, ['AbortError', 'cat']);

  assert.equal(await run('learn'), 'done', 'a call that there isn’t has no answer');
  assert.equal(await kill('learn', /learner-worker\.js$/), 'learner-crashed');
  assert.equal(await run('learn'), 'done');
});
