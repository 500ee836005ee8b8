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

/** The address of a file of WebAssembly, as stacks have it. */
const WASM_ADDRESS = /\b[a-z-]+:\/\/[^\s()]+\.wasm\b/;

/**
 * Whose trap an error's stack is of: that of the backend whose WebAssembly or bindings it names, or of somebody else's
 * module, where it names that. Browsers name a module by its address only where they compiled it while it was fetched.
 *
 * @param {string} stack
 * @returns {BackendName | 'foreign' | null} null where the stack doesn't tell
 */
export function culpritNamedIn(stack) {
  // The bindings lie beside it; in a bundle, where they don't, they are in no file of their own.
  const isNamed = (/** @type {URL} */ file) => stack.includes(file.href) || stack.includes(new URL('glimpse.js', file).href);
  const named = BACKENDS.find((name) => isNamed(wasmFiles[name]));
  return named ?? (WASM_ADDRESS.test(stack) ? 'foreign' : null);
}
