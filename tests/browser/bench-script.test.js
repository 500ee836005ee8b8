import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { chosen, readOptions } from '../../scripts/lib/bench/options.mjs';
import { markdownOf, rowsOf } from '../../scripts/lib/bench/report.mjs';
import { serve } from '../../scripts/lib/bench/server.mjs';
import { timeWarm } from '../../scripts/lib/bench/warm.mjs';
import { executablePath, FLAGS, pkg, root } from './chromium.js';

/* scripts/bench: whether it runs, others beside it included, and what it makes of figures. How fast anything is isn't asked. */

/** @param {string[]} options */
const bench = (...options) => promisify(execFile)(`${root}scripts/bench`, options, { maxBuffer: 1e7 });

test('both networks are exported, give the same answers in TensorFlow.js and onnxruntime-web, and are timed beside glimpse', async () => {
  const others = ['tensorflow-wasm-1', 'onnxruntime-wasm-1'];
  const { stdout } = await bench('--quick', '--no-cold', '--only', others.join(), '--json', '-');
  const { networks, versions, machine } = JSON.parse(stdout);
  assert.match(machine.browser, /^Chromium \d/);
  assert.match(`${versions.tensorflow} ${versions.onnxruntime}`, /^\d+\.\d+\.\d+ \d+\.\d+\.\d+$/);
  for (const name of ['small', 'photo']) {
    const rows = /** @type {import('../../scripts/lib/bench/report.mjs').Row[]} */ (networks[name]);
    assert.deepEqual(
      rows.map(({ id, reason }) => [id, reason]),
      ['glimpse-cpu', ...others].map((id) => [id, null]),
    );
    for (const { id, first, median, minimum, inferences, ratio } of rows) {
      assert.ok(
        [first, median, minimum, ratio].every((figure) => figure !== null && figure > 0),
        id,
      );
      assert.ok(minimum !== null && median !== null && minimum <= median && inferences >= 2, id);
    }
    assert.equal(rows[0]?.ratio, 1);
  }
});

test('a first visit is timed, counted and weighed, without anything of others', async () => {
  const { stdout } = await bench('--quick', '--network', 'small', '--json', '-');
  const { networks, versions } = JSON.parse(stdout);
  assert.deepEqual(versions, {});
  const [row] = networks.small;
  assert.deepEqual([networks.photo, row.reason, row.reasonCold], [undefined, null, null]);
  assert.ok(row.answered.none > 0);
  assert.ok(row.bytes > 1_500_000 && row.bytes < 5_000_000, `module and weights: ${row.bytes}`);
  assert.ok(row.memory > 1_000_000, String(row.memory));
});

/** Contestants for whom something goes wrong. */
const FAULTY = {
  broken: `export const load = () => Promise.reject(new Error('There is no such thing here.'));`,
  wrong: `export const load = async () => ({ input: (tensor) => tensor, infer: async () => ({ milliseconds: 1, logits: new Float32Array(10) }) });`,
  // It goes while others are timed.
  lost: `import { load as real } from '/bench/glimpse.mjs';
    export async function load(network) {
      const glimpse = await real(network, { backend: 'cpu' });
      let left = 4;
      const infer = (image) => (left-- > 0 ? glimpse.infer(image) : Promise.reject(new Error('It has gone.')));
      return { ...glimpse, infer };
    }`,
  // It never answers.
  silent: `export const load = async () => ({ input: (tensor) => tensor, infer: () => new Promise(() => {}) });`,
};

test('whoever can’t run is listed with the reason, and one that says something else ends it before a time is taken', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'glimpse-bench-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(FAULTY)) await writeFile(join(folder, `${name}.mjs`), text);
  const server = await serve({ '/bench/': `${root}scripts/lib/bench/page`, '/faulty/': folder, '/': pkg }, join(folder, 'compressed'));
  t.after(() => server.close());
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...server.flags] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const known = { kind: /** @type {const} */ ('cpu'), library: /** @type {const} */ ('glimpse') };
  const glimpse = { ...known, id: 'glimpse-cpu', name: 'glimpse', module: '/bench/glimpse.mjs', options: { backend: 'cpu' } };
  const faulty = (/** @type {keyof typeof FAULTY} */ name) => ({ ...known, id: name, name, module: `/faulty/${name}.mjs`, options: {} });
  const time = async (/** @type {(typeof glimpse | ReturnType<typeof faulty>)[]} */ ...contestants) => {
    await page.goto(`${server.origin}/bench/host.html`);
    return timeWarm(page, 'small', contestants, 3, 1, () => {}, 20_000);
  };
  const found = await time(faulty('broken'), faulty('lost'), faulty('silent'), glimpse);
  assert.deepEqual(
    found.map(({ contestant, reason }) => [contestant.id, reason]),
    [
      ['broken', 'There is no such thing here.'],
      ['lost', 'It has gone.'],
      ['silent', 'It has not answered for 20 seconds.'],
      ['glimpse-cpu', null],
    ],
  );
  assert.deepEqual(
    found.map(({ times }) => times.length > 0),
    [false, false, false, true],
  );
  assert.equal(await page.locator('iframe').count(), 1, 'those that failed are gone');
  await assert.rejects(
    time(glimpse, faulty('wrong')),
    /^Error: wrong and glimpse disagree about cat\.jpg on the small network: a probability differs by 0\.\d{4}\.$/,
  );
});

test('what is asked for wrongly is refused in a sentence', async () => {
  for (const [options, sentence] of /** @type {const} */ ([
    [['--network', 'large'], /no network 'large': say small or photo/],
    [['--rounds', '0'], /'0' is no number of rounds/],
    [['--only', 'caffe'], /No contestant is called 'caffe…': there are glimpse-cpu, /],
    [['--fast'], /--fast/],
  ])) {
    await assert.rejects(bench(...options), (/** @type {any} */ { code, stderr }) => {
      assert.equal(code, 1);
      assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /^ +at /m, 'no stack');
      return true;
    });
  }
});

test('options, contestants and the tables', () => {
  const quick = readOptions(['--quick']);
  assert.deepEqual([quick.rounds, quick.only, quick.networks], [2, ['glimpse-cpu'], ['small', 'photo']]);
  const all = /** @type {const} */ (['glimpse-cpu', 'glimpse-webgpu', 'tensorflow-wasm-1']).map((id) => ({
    ...{ id, name: id.toUpperCase(), kind: /** @type {'cpu' | 'gpu'} */ (id.endsWith('gpu') ? 'gpu' : 'cpu') },
    ...{ library: /** @type {'glimpse'} */ ('glimpse'), module: '', options: {} },
  }));
  const [glimpse, gpu, other] = all;
  assert.ok(glimpse && gpu && other);
  assert.deepEqual(chosen(all, ['tensor']), [glimpse, other], 'glimpse on the CPU is always there');
  const rows = rowsOf(
    [
      { contestant: glimpse, reason: null, first: 9, times: [2, 4, 3] },
      { contestant: gpu, reason: 'There is none.', first: Number.NaN, times: [] },
      { contestant: other, reason: null, first: 8, times: [6, 6] },
    ],
    [{ contestant: other, reason: null, visits: [{ line: 'none', milliseconds: 1234, label: 'cat', bytes: 5e6, memory: null }] }],
  );
  assert.deepEqual(
    rows.map(({ median, minimum, ratio }) => [median, minimum, ratio]),
    [
      [3, 2, 1],
      [null, null, null],
      [6, 6, 2],
    ],
  );
  const adapter = { name: 'google swiftshader', emulated: true };
  const machine = { processor: 'P', cores: 2, load: 0.25, browser: 'Chromium 1', webgpu: adapter, webgl: null };
  const text = markdownOf({ date: '2026-11-27', machine, versions: { onnxruntime: '1.2.3' }, rounds: 2, networks: { small: rows } });
  assert.match(text, /^\| {2}\| median \| minimum \| median ÷ glimpse’s \| first inference \| first answer \| transferred \|$/m);
  assert.match(text, /^\| TENSORFLOW-WASM-1 \| 6\.00 ms \| 6\.00 ms \| 2\.00 \| 8\.00 ms \| 1\.23 s \| 5\.0 MB \|$/m);
  assert.match(text, /^- GLIMPSE-WEBGPU can’t run here: There is none\.$/m);
  assert.match(text, /WebGPU was emulated on the CPU \(google swiftshader\).*There was no WebGL\./);
  assert.match(text, /Chromium 1, onnxruntime-web 1\.2\.3/);
});
