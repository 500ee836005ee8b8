import assert from 'node:assert/strict';
import { test } from 'node:test';

/*
 * Which calls a trap ends that no promise tells of: in Node, with errors as a worker gets them.
 */

/** @type {Record<string, (event: any) => void>} */
const listeners = {};
Object.assign(globalThis, { addEventListener: (/** @type {string} */ type, /** @type {() => void} */ listener) => (listeners[type] = listener) });
const { supervise } = await import('../../www/engine/supervise.js');
const { wasmFiles } = await import('../../www/engine/wasm-files.js');

/**
 * A call on each of the backends, and how they end.
 * @param {('cpu' | 'webgpu')[]} backends
 */
function underWay(...backends) {
  const ends = backends.map(() => /** @type {(answer: string) => void} */ (() => {}));
  const calls = backends.map((backend, at) => supervise(backend, () => new Promise((resolve) => (ends[at] = resolve))).catch(({ code }) => code));
  return {
    async outcomes() {
      for (const end of ends) end('answered');
      return Promise.all(calls);
    },
  };
}

/** @param {string} stack */
function trap(stack) {
  const error = new WebAssembly.RuntimeError('unreachable');
  error.stack = `RuntimeError: unreachable\n    at ${stack}`;
  return error;
}

const OF_GPU = `${wasmFiles.webgpu}:wasm-function[7]:0x1f`;

test('a trap ends the calls of the backend that its stack names, and no others', async () => {
  const { outcomes } = underWay('cpu', 'webgpu', 'cpu');
  listeners.error?.({ error: trap(OF_GPU) });
  assert.deepEqual(await outcomes(), ['answered', 'crashed', 'answered']);
});

test('a trap of a backend that has no call under way ends none', async () => {
  const { outcomes } = underWay('cpu');
  listeners.unhandledrejection?.({ reason: trap(OF_GPU) });
  assert.deepEqual(await outcomes(), ['answered']);
});

test('in a bundle, where the module has another address, the stack is understood, too', async () => {
  const { outcomes } = underWay('cpu', 'webgpu');
  const address = new URL('https://example.org/assets/glimpse_bg-B1.wasm');
  const before = wasmFiles.cpu;
  wasmFiles.cpu = address;
  listeners.error?.({ error: trap(`${address}:wasm-function[7]:0x1f`) });
  wasmFiles.cpu = before;
  assert.deepEqual(await outcomes(), ['crashed', 'answered']);
});

test('a trap of another library’s module ends none, even where that lies in a folder of the same name', async () => {
  const { outcomes } = underWay('cpu', 'webgpu');
  listeners.error?.({ error: trap('https://example.org/other/wasm/cpu/other_bg.wasm:wasm-function[7]:0x1f') });
  assert.deepEqual(await outcomes(), ['answered', 'answered']);
});

test('bindings name their backend, too', async () => {
  const { outcomes } = underWay('cpu', 'webgpu');
  listeners.error?.({ error: trap(`passStringToWasm (${new URL('glimpse.js', wasmFiles.webgpu)}:12:5)`) });
  assert.deepEqual(await outcomes(), ['answered', 'crashed']);
});

test('a trap whose stack names no backend ends all calls, and what is no trap ends none', async () => {
  const { outcomes } = underWay('cpu', 'webgpu');
  listeners.error?.({ error: new TypeError('of somebody else') });
  listeners.error?.({ error: trap('wasm://wasm/00c0ffee:wasm-function[7]:0x1f') });
  assert.deepEqual(await outcomes(), ['crashed', 'crashed']);
});
