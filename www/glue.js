/** @import { BackendName, Glue, Instance, Progress } from './types.js' */
import * as cpu from '../wasm/cpu/glimpse.js';
import * as webgpu from '../wasm/webgpu/glimpse.js';
import { download } from './download.js';
import { Failure, messageOf } from './failure.js';

/*
 * The one file that imports the generated glue. Each backend is a WebAssembly module of its own; it is fetched and
 * compiled once. It has one instance at a time, which can be replaced by a fresh one: after a panic, an instance is of
 * no more use, and the memory of one that isn't wanted any longer comes back only with the instance as a whole.
 */

/** @type {Record<BackendName, { glue: Glue, wasm: URL }>} */
const modules = {
  cpu: { glue: cpu, wasm: new URL('../wasm/cpu/glimpse_bg.wasm', import.meta.url) },
  webgpu: { glue: webgpu, wasm: new URL('../wasm/webgpu/glimpse_bg.wasm', import.meta.url) },
};

/** @type {Map<BackendName, Promise<WebAssembly.Module>>} */
const compiled = new Map();
/** @type {Map<BackendName, 'fresh' | 'used'>} what has become of the instance, where there is one */
const states = new Map();

/**
 * A fresh instance, with a memory of its own. What the one before has made is of no use from then on.
 *
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 * @returns {Promise<Instance>}
 */
export async function instantiate(backend, report) {
  const { glue } = modules[backend];
  const wasm = await compile(backend, report);
  try {
    const state = states.get(backend);
    if (state === 'used') glue.__wbg_reset_state();
    if (!state) await glue.default({ module_or_path: wasm });
  } catch (error) {
    throw new Failure('wasm-refused', { detail: messageOf(error) }, error);
  }
  states.set(backend, 'used');
  const { Classifier, max_pixels, when_device_lost } = glue;
  return { Classifier, max_pixels, when_device_lost }; // an object of its own, to tell it from the one before
}

/**
 * Gives the instance up and its memory back.
 * @param {BackendName} backend
 */
export function discard(backend) {
  if (states.get(backend) !== 'used') return;
  try {
    modules[backend].glue.__wbg_reset_state(); // which puts an empty one in its place
    states.set(backend, 'fresh');
  } catch {
    // There is no room even for an empty one. Whoever wants an instance next is told.
  }
}

/**
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 */
function compile(backend, report) {
  const known = compiled.get(backend);
  if (known) return known;
  const module = fetchAndCompile(modules[backend].wasm, report);
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
