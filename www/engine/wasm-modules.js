/** @import { BackendName, Bindings, Instance, Progress } from '../core/types.js' */
import * as cpu from '../../wasm/cpu/glimpse.js';
import * as webgpu from '../../wasm/webgpu/glimpse.js';
import { download } from '../core/fetch-progress.js';
import { Failure, messageOf } from '../core/errors.js';
import { wasmFiles } from './wasm-files.js';

/*
 * The one file that imports the generated bindings. Each backend is a WebAssembly module of its own; it is fetched and
 * compiled once. The bindings keep one instance, and can replace it by a fresh one: after a panic, an instance is of no more
 * use, and the memory of one that isn't wanted any longer comes back only with the instance as a whole.
 */

/**
 * A copy of the bindings, and whether their instance is in use.
 * @typedef {{ bindings: Bindings, state: 'new' | 'fresh' | 'used' }} Slot
 */

/** @type {Record<BackendName, { slots: Slot[], source: URL }>} */
const modules = {
  cpu: {
    slots: [{ bindings: cpu, state: 'new' }],
    source: new URL('../../wasm/cpu/glimpse.js', import.meta.url),
  },
  webgpu: {
    slots: [{ bindings: webgpu, state: 'new' }],
    source: new URL('../../wasm/webgpu/glimpse.js', import.meta.url),
  },
};

/** @type {Map<BackendName, Promise<WebAssembly.Module>>} */
const compiled = new Map();
let copies = 0;

/** @type {WeakMap<Instance, Slot>} */
const places = new WeakMap();

/**
 * A fresh instance, with a memory of its own.
 *
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 * @returns {Promise<Instance>}
 */
export async function instantiate(backend, report) {
  const wasm = await compile(backend, report);
  const slot = await reserve(backend);
  const { bindings } = slot;
  try {
    await bindings.default({ module_or_path: wasm }); // which does nothing where there is an instance
  } catch (error) {
    slot.state = 'new';
    throw new Failure('wasm-refused', { detail: messageOf(error) }, error);
  }
  const { Classifier, max_pixels, when_device_lost } = bindings;
  const instance = { Classifier, max_pixels, when_device_lost };
  places.set(instance, slot);
  return instance;
}

/**
 * Gives an instance up and its memory back.
 * @param {Instance} instance
 */
export function discard(instance) {
  const slot = places.get(instance);
  if (!slot) return;
  places.delete(instance);
  try {
    slot.bindings.__wbg_reset_state(); // which puts an empty one in its place
    slot.state = 'fresh';
  } catch {
    // There is no room even for an empty one. The slot stays in use, and whoever wants an instance next gets another copy.
  }
}

/**
 * The bindings know one instance, so who wants one while that is in use gets another copy of the bindings: a module is known by
 * its whole URL, with its fragment. It is rare: only engines that share the page's own thread meet here.
 *
 * @param {BackendName} backend
 * @returns {Promise<Slot>}
 */
async function reserve(backend) {
  const { slots, source } = modules[backend];
  const free = slots.find(({ state }) => state !== 'used');
  if (free) {
    free.state = 'used';
    return free;
  }
  try {
    /** @type {Slot} */
    const slot = { bindings: await import(/* @vite-ignore */ /* webpackIgnore: true */ `${source}#${++copies}`), state: 'used' };
    slots.push(slot);
    return slot;
  } catch (error) {
    throw new Failure('download', { file: 'glimpse.js', detail: messageOf(error) }, error);
  }
}

/**
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 */
function compile(backend, report) {
  const known = compiled.get(backend);
  if (known) return known;
  const module = fetchAndCompile(wasmFiles[backend], report);
  compiled.set(backend, module);
  module.catch(() => compiled.delete(backend)); // so that another try fetches again
  return module;
}

/**
 * @param {URL} url
 * @param {(progress: Progress) => void} [report]
 */
async function fetchAndCompile(url, report) {
  if (typeof WebAssembly !== 'object') throw new Failure('wasm-missing');
  const response = await download(url, report);
  try {
    // Streaming insists on the right type, and some servers don't know it.
    const typed = response.headers.get('content-type')?.split(';')[0]?.trim() === 'application/wasm';
    if (typed) return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    const detail = messageOf(error);
    const code = error instanceof WebAssembly.CompileError ? 'wasm-refused' : 'download';
    throw new Failure(code, { file: 'glimpse_bg.wasm', detail }, error);
  }
}
