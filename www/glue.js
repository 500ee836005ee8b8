/** @import { BackendName, Glue, Progress } from './types.js' */
import { download } from './download.js';
import { Failure, messageOf } from './failure.js';

/*
 * The one file that imports the generated glue. Each backend is a WebAssembly module of its own; it is fetched and
 * compiled once and can be instantiated any number of times, because an instance that has panicked is of no more use.
 */

/** @type {Map<BackendName, Promise<WebAssembly.Module>>} */
const compiled = new Map();
let instances = 0;

/**
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 * @returns {Promise<Glue>} a fresh instance, with a memory of its own
 */
export async function instantiate(backend, report) {
  const [wasm, glue] = await Promise.all([compile(backend, report), importGlue(backend)]);
  try {
    await glue.default({ module_or_path: wasm });
  } catch (error) {
    throw new Failure('wasm-refused', { detail: messageOf(error) }, error);
  }
  return glue;
}

/**
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 */
function compile(backend, report) {
  const known = compiled.get(backend);
  if (known) return known;
  const module = fetchAndCompile(backend, report);
  compiled.set(backend, module);
  module.catch(() => compiled.delete(backend)); // so that another try fetches again
  return module;
}

/**
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 */
async function fetchAndCompile(backend, report) {
  if (typeof WebAssembly !== 'object') throw new Failure('wasm-missing');
  const url = new URL(`../wasm/${backend}/glimpse_bg.wasm`, import.meta.url);
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

/**
 * The glue keeps its instance in a variable of its module, so a fresh instance needs a fresh module. A module is
 * known by its whole URL, so a new fragment gives one, and the browser's cache still knows the file.
 *
 * @param {BackendName} backend
 * @returns {Promise<Glue>}
 */
async function importGlue(backend) {
  instances += 1;
  const url = new URL(`../wasm/${backend}/glimpse.js#${instances}`, import.meta.url);
  try {
    return await import(url.href);
  } catch (error) {
    throw new Failure('download', { file: 'glimpse.js', detail: messageOf(error) }, error);
  }
}
