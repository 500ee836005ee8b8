/** @import { Outcome, Photo, Preference, Wishes } from '../core/types.js' */
/** @import { Network } from './types.js' */
import { throwIfAborted } from '../core/abort.js';
import { median } from '../core/median.js';
import { EngineClient } from '../rpc/client.js';
import { settled } from '../rpc/settled.js';

/** So many answers are timed, after one that isn't: the first is slower everywhere. */
export const TIMED = 5;

/**
 * What a network said, and the time that it took, in milliseconds: the median of preparing and computing. `size` is that of
 * its file, in bytes.
 *
 * @typedef {{ outcome: Outcome, milliseconds: number, size: number | null }} Measured
 */

/**
 * Asks a network in an engine of its own, which ends before this does: there is never more than one beside the page's.
 *
 * @param {Network} network
 * @param {Preference} preference
 * @param {Blob} file the photo
 * @param {Wishes} wishes
 * @param {AbortSignal} signal
 * @param {(asked: { engine: EngineClient, photo: Photo, wishes: Wishes }) => Promise<void>} [beforeEnd] what else is to be done with the engine
 * @returns {Promise<Measured>} rejects with a `Failure`
 */
export async function measureNetwork(network, preference, file, wishes, signal, beforeEnd) {
  throwIfAborted(signal);
  const engine = new EngineClient({ models: [network], choice: network.id, preference, mustEnd: true });
  try {
    engine.start();
    const { photo, preview } = await engine.open(file, signal);
    preview.close();
    await settled(engine, signal); // WebGPU comes after the CPU
    let outcome = await engine.classify(photo, wishes, signal);
    const times = [];
    for (let run = 0; run < TIMED; run += 1) {
      outcome = await engine.classify(photo, wishes, signal);
      times.push(outcome.milliseconds.preprocess + outcome.milliseconds.network);
    }
    const { size } = engine.status;
    await beforeEnd?.({ engine, photo, wishes });
    return { outcome, milliseconds: median(times), size };
  } finally {
    engine.end();
  }
}
