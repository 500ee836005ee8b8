/** @import { BackendName, ModelId, Status, Wishes } from '../core/types.js' */
import { Failure } from '../core/errors.js';
import { throwIfAborted } from '../core/abort.js';
import { median } from '../core/median.js';
import { EngineClient } from '../rpc/client.js';
import { settled } from '../rpc/settled.js';

/** As the network sees any photo, but one look only: that is what is comparable. @type {Wishes} */
const WISHES = { framing: null, enhance: {}, singleView: true };

/**
 * What a network took on a backend, in milliseconds.
 *
 * @typedef {object} Times
 * @property {number} first from starting the engine to its first answer on this backend
 * @property {number} median of the network's part
 * @property {number} minimum
 * @property {number} preparing the median of what comes before
 * @property {number} threads of the CPU that had a part in it, at most
 */

/**
 * Times a network in an engine of its own, which ends before this does.
 *
 * @param {{ id: ModelId, weights: URL }} network
 * @param {BackendName} backend
 * @param {Blob} file the photo
 * @param {number} count how many answers are timed, after the first
 * @param {AbortSignal} signal
 * @returns {Promise<Times | Status>} the engine's status, which has the reason, where it doesn't answer on this backend. Rejects with
 *   a `Failure`
 */
export async function measure(network, backend, file, count, signal) {
  throwIfAborted(signal);
  const engine = new EngineClient({ models: [network], choice: network.id, preference: backend, mustEnd: true });
  try {
    const start = performance.now();
    engine.start();
    const { photo, preview } = await engine.open(file, signal);
    preview.close();
    if (backend === 'webgpu') await settled(engine, signal); // the CPU would answer before
    const { backend: answered } = await engine.classify(photo, WISHES, signal);
    const first = performance.now() - start;
    if (answered !== backend) return engine.status;
    const [networks, preparing] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
    let threads = 1;
    for (let time = 0; time < count; time += 1) {
      const outcome = await engine.classify(photo, WISHES, signal);
      if (outcome.backend !== backend) return engine.status; // a device may be lost at any time
      networks.push(outcome.milliseconds.network);
      preparing.push(outcome.milliseconds.preprocess);
      threads = Math.max(threads, outcome.threads);
    }
    return { first, median: median(networks), minimum: Math.min(...networks), preparing: median(preparing), threads };
  } finally {
    engine.end();
  }
}

/**
 * The photo that is asked about.
 * @param {URL} url
 * @param {AbortSignal} signal
 */
export async function fetchPhoto(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Failure('download', { file: url.pathname.replace(/^.*\//, ''), detail: `status ${response.status}` });
  return response.blob();
}
