/*
 * Reasons of aborted signals, also in browsers whose signals keep none: Chrome before 98, Firefox before 97.
 */

/** @type {WeakMap<AbortSignal, unknown>} */
const reasons = new WeakMap();

/**
 * @param {AbortController} controller
 * @param {unknown} [reason] left out, an `AbortError`
 */
export function abort(controller, reason = new DOMException('It has been aborted.', 'AbortError')) {
  if (controller.signal.aborted) return; // the first reason stays
  reasons.set(controller.signal, reason);
  controller.abort(reason);
}

/** @param {AbortSignal} signal one that has been aborted */
export function reasonOf(signal) {
  return signal.reason ?? reasons.get(signal) ?? new DOMException('It has been aborted.', 'AbortError');
}

/** @param {AbortSignal | undefined} signal */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw reasonOf(signal);
}
