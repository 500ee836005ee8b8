/** @import { BackendName } from '../core/types.js' */

/** @type {Record<BackendName, URL>} where the WebAssembly of each backend is, in a bundle as well */
export const wasmFiles = {
  cpu: new URL('../../wasm/cpu/glimpse_bg.wasm', import.meta.url),
  webgpu: new URL('../../wasm/webgpu/glimpse_bg.wasm', import.meta.url),
};

/**
 * The backend whose WebAssembly or bindings an error's stack names. Browsers name a module by its address only where they
 * compiled it while it was fetched.
 *
 * @param {string} stack
 * @returns {BackendName | null} null where it names none
 */
export function backendNamedIn(stack) {
  const names = /** @type {BackendName[]} */ (Object.keys(wasmFiles));
  return names.find((name) => stack.includes(wasmFiles[name].href) || stack.includes(`/wasm/${name}/`)) ?? null;
}
