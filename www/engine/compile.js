/** @import { Progress } from '../core/types.js' */
import { download } from '../core/fetch-progress.js';
import { Failure, messageOf } from '../core/errors.js';

/**
 * Fetches a WebAssembly module and compiles it while it arrives. Rejects with a `Failure`.
 *
 * @param {URL} url
 * @param {(progress: Progress) => void} [report]
 * @param {RequestInit} [init]
 * @returns {Promise<WebAssembly.Module>}
 */
export async function fetchAndCompile(url, report, init) {
  if (typeof WebAssembly !== 'object') throw new Failure('wasm-missing');
  const response = await download(url, report, init);
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
