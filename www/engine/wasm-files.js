/** @import { BackendName } from '../core/types.js' */

/** @typedef {BackendName | 'learn'} ModuleName */

/** @type {Record<ModuleName, URL>} where the WebAssembly of each module is, in a bundle as well */
export const wasmFiles = {
  cpu: new URL('../../wasm/cpu/glimpse_bg.wasm', import.meta.url),
  webgpu: new URL('../../wasm/webgpu/glimpse_bg.wasm', import.meta.url),
  learn: new URL('../../wasm/learn/glimpse_bg.wasm', import.meta.url),
};

/** @type {BackendName[]} */
const BACKENDS = ['cpu', 'webgpu'];

/**
 * The backend whose WebAssembly or bindings an error's stack names. Browsers name a module by its address only where they
 * compiled it while it was fetched.
 *
 * @param {string} stack
 * @returns {BackendName | null} null where it names none
 */
export function backendNamedIn(stack) {
  return BACKENDS.find((name) => stack.includes(wasmFiles[name].href) || stack.includes(`/wasm/${name}/`)) ?? null;
}
