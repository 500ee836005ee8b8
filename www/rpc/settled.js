/** @import { EngineClient } from './client.js' */
import { reasonOf } from '../core/abort.js';

/**
 * Waits until nothing more is loaded.
 *
 * @param {EngineClient} engine
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function settled(engine, signal) {
  return new Promise((resolve, reject) => {
    const settle = () => {
      const { state, loading } = engine.status;
      if (!signal.aborted && (state === 'loading' || (state === 'ready' && loading))) return;
      engine.removeEventListener('change', settle);
      signal.removeEventListener('abort', settle);
      if (signal.aborted) reject(reasonOf(signal));
      else resolve(); // where it has failed, whoever asks is told
    };
    engine.addEventListener('change', settle);
    signal.addEventListener('abort', settle);
    settle();
  });
}
