import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../www/core/errors.js';
import { models } from '../../www/core/models.js';
import { Supplies } from '../../www/engine/supplies.js';
import { firstFiles } from '../../www/rpc/head-start.js';
import { sample } from './samples.js';
import { backendIs, gate, scene, upload } from './scene.js';

/*
 * What the first answer takes is fetched by the page, beside the engine's own modules: how it comes in, and that it is on its way in
 * time, once.
 */

const CPU = /** @type {const} */ ({ module: 'cpu' });
const SMALL = /** @type {const} */ ({ model: 'cifar10' });

test('what the first answer takes is the module of the CPU and the first network, unless that is from elsewhere', () => {
  const wanted = (/** @type {Parameters<typeof firstFiles>[0]} */ given) => firstFiles(given).map((file) => file.wanted);
  assert.deepEqual(wanted(models), [CPU, { model: models[0]?.id }]);
  for (const weights of [new URL('https://example.org/own.safetensors'), new Blob()]) assert.deepEqual(wanted([{ id: 'own', weights }]), [CPU]);
  assert.deepEqual(wanted([]), [CPU]);
});

test('a supply is handed out once, with how far it is, before and after it has come', async () => {
  const supplies = new Supplies([CPU, SMALL]);
  assert.equal(supplies.module('webgpu'), null);
  assert.equal(supplies.weights('photo'), null);
  /** @type {number[]} */
  const loaded = [];
  supplies.report(SMALL, { loaded: 1, total: 3 });
  const weights = supplies.weights('cifar10', (progress) => loaded.push(progress.loaded));
  supplies.report(SMALL, { loaded: 2, total: 3 });
  const bytes = new Uint8Array(3);
  supplies.deliver(SMALL, bytes);
  supplies.report(SMALL, { loaded: 3, total: 3 }); // late
  assert.equal(await weights, bytes);
  assert.deepEqual(loaded, [1, 2]);
  assert.equal(supplies.weights('cifar10'), null, 'whoever wants it again fetches it');

  supplies.refuse(CPU, new Failure('download', { file: 'glimpse_bg.wasm' }));
  await assert.rejects(supplies.module('cpu') ?? Promise.resolve(), { code: 'download' });
  supplies.deliver(CPU, bytes); // nobody can be told any longer
  assert.equal(supplies.module('cpu'), null);
});

/** @param {readonly string[]} served */
const firstOf = (served) => served.filter((path) => /\/(cpu\/glimpse_bg\.wasm|cifar10\.safetensors)$/.test(path)).sort();
const FIRST = ['/wasm/cpu/glimpse_bg.wasm', '/www/model/cifar10.safetensors'];

scene('without WebGPU', 'the first network is on its way before the engine is, and comes once', async ({ page, server, open }) => {
  const worker = gate();
  server.meddle((path) => (path.endsWith('/rpc/worker.js') ? { until: worker.until } : undefined));
  await open();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('cifar10.safetensors')));
  assert.deepEqual(firstOf(server.served), FIRST);
  worker.open();
  await backendIs(page, 'cpu');
  assert.equal((await upload(page, sample('ship').path)).ranked[0]?.label, 'ship');
  assert.deepEqual(firstOf(server.served), FIRST, 'neither by the links of the page nor by the engine is it fetched twice');
  assert.ok(!server.served.some((path) => path.includes('/webgpu/')), 'and nothing of WebGPU where there is none');
});

scene('without WebGPU', 'a page of others that uses the engine gets its first network in the same way', async ({ page, server }) => {
  const worker = gate();
  server.meddle((path) => (path.endsWith('/rpc/worker.js') ? { until: worker.until } : undefined));
  await page.goto(server.page('/other.html', '<!doctype html><title>other</title><link rel="icon" href="/www/icon.svg" />'));
  await page.evaluate(async () => {
    const { EngineClient, models } = await import(String('/www/engine.js'));
    const engine = new EngineClient({ models, choice: 'cifar10', preference: 'cpu' });
    engine.start();
    Object.assign(globalThis, { engine });
  });
  await page.waitForFunction(() => performance.getEntriesByType('resource').filter(({ name }) => /\.(wasm|safetensors)$/.test(name)).length === 2);
  worker.open();
  await page.waitForFunction(() => /** @type {any} */ (globalThis).engine.status.state === 'ready');
  assert.deepEqual(firstOf(server.served), FIRST);
});
