import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { calls, instances, useFakeModules } from './fake-modules.js';

/*
 * Pictures that wait for their turn on a backend while its instance is given up: another one answers them. In Node,
 * with instances whose answers the test gives (`fake-modules.js`).
 */

useFakeModules();
const { Engine } = await import('../../www/engine/engine.js');
const { Failure } = await import('../../www/core/errors.js');

const weights = new URL('data:application/octet-stream,weights');
const nothing = { framing: null, enhance: {} };

/** An engine with one network on the CPU alone. */
async function onCpu() {
  calls.length = 0;
  instances.cpu = 0;
  const engine = new Engine({ models: [{ id: 'cifar10', weights }], choice: 'cifar10', preference: 'cpu', speeds: {} });
  await engine.start();
  assert.equal(engine.status.state, 'ready');
  /** A picture that is asked about; what comes of it is read in the end. */
  const ask = () =>
    engine.classify(/** @type {ImageBitmap} */ (new ImageBitmap()), nothing).then(
      ({ backend }) => backend,
      (error) => (error instanceof Failure ? error.code : String(error)),
    );
  return { engine, ask };
}

/** The call that is under way, as soon as there is one. */
async function call() {
  for (let tries = 0; calls.length === 0; tries += 1) {
    assert.ok(tries < 1_000, 'nobody asks the instance');
    await pause(1);
  }
  return /** @type {import('./fake-modules.js').Call} */ (calls.shift());
}

test('the picture behind one that crashes the instance is answered by the next instance', { timeout: 10_000 }, async () => {
  const { ask } = await onCpu();
  const pictures = [ask(), ask(), ask()];
  (await call()).crash();
  for (let answers = 0; answers < 2; answers += 1) {
    const { instance, answer } = await call();
    assert.equal(instance, 2);
    answer();
  }
  assert.deepEqual(await Promise.all(pictures), ['crashed', 'cpu', 'cpu']);
  assert.equal(instances.cpu, 2);
});

test('a picture that has waited for one crash after the other is given up in the end', { timeout: 10_000 }, async () => {
  const { ask } = await onCpu();
  const pictures = Array.from({ length: 6 }, ask);
  const done = Promise.all(pictures);
  let running = true;
  done.finally(() => (running = false));
  while (running) {
    calls.shift()?.crash();
    await pause(1);
  }
  assert.deepEqual([...new Set(await done)], ['crashed']);
  // Each instance is brought down by one picture: it isn't asked about the same one again.
  assert.ok(instances.cpu <= pictures.length + 1, `${instances.cpu} instances`);
  const next = ask();
  (await call()).answer();
  assert.equal(await next, 'cpu', 'and what comes then is answered');
});

test('what waits behind the end of an instance that isn’t wanted any longer says so, and not that it crashed', { timeout: 10_000 }, async () => {
  const backends = await import('../../www/engine/backend.js');
  const backend = new backends.Backend('cpu');
  await backend.load('cifar10', Promise.resolve(new Uint8Array()), () => {});
  backend.retire();
  await assert.rejects(backend.classify('cifar10', new ImageData(1, 1), {}), backends.NotLoaded);
  assert.equal(backend.state, 'idle');
  assert.equal(backend.failure, null);
});
