import { throwIfAborted } from '../core/abort.js';

/**
 * Runs one task after the other. A task whose signal is aborted before its turn comes is never started.
 */
export class Queue {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @template T
   * @param {() => Promise<T>} task
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  add(task, signal) {
    const turn = this.#last.then(() => {
      throwIfAborted(signal);
      return task();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
