/** @import { BackendName } from '../core/types.js' */
import { reasonOf } from '../core/abort.js';
import { Failure, messageOf } from '../core/errors.js';
import { culpritNamedIn } from './wasm-files.js';

/*
 * A panic inside an asynchronous call of a WebAssembly module doesn't reject the call's promise: it surfaces as an
 * error of the worker or the page, and the promise never settles; nor does it when the GPU goes away. So every call waits
 * for all of that, and, on a GPU, no longer than a time limit.
 */

/**
 * @typedef {object} Call
 * @property {BackendName} backend
 * @property {(reason: Failure) => void} fail
 */

/** @type {Set<Call>} */
const calls = new Set();
let listening = false;

/**
 * Starts a call of a backend, and sees to it that it settles.
 *
 * @template T
 * @param {BackendName} backend
 * @param {() => Promise<T>} start
 * @param {number} [limit] milliseconds
 * @param {AbortSignal} [lifetime] of the instance: aborted, with a `Failure`, when that is of no more use
 * @returns {Promise<T>}
 */
export async function supervise(backend, start, limit, lifetime) {
  listen();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Call | undefined} */
  let call;
  /** @type {Promise<never>} */
  const crashed = new Promise((_, reject) => {
    call = { backend, fail: reject };
    calls.add(call);
    if (limit) timer = setTimeout(() => reject(new Failure('silent', { seconds: Math.round(limit / 1000) })), limit);
  });
  const end = () => lifetime && call?.fail(/** @type {Failure} */ (reasonOf(lifetime)));
  lifetime?.addEventListener('abort', end);
  try {
    return await Promise.race([start(), crashed]);
  } catch (error) {
    throw isCrash(error) ? new Failure('crashed', { detail: messageOf(error) }, error) : error;
  } finally {
    clearTimeout(timer);
    lifetime?.removeEventListener('abort', end);
    if (call) calls.delete(call);
  }
}

/**
 * @param {unknown} error
 * @returns {boolean} whether the instance that threw this is beyond use
 */
export function isFatal(error) {
  return error instanceof Failure && ['crashed', 'silent', 'webgpu-lost'].includes(error.code);
}

/** @param {unknown} error */
function isCrash(error) {
  return error instanceof WebAssembly.RuntimeError;
}

function listen() {
  if (listening) return;
  listening = true;
  addEventListener('error', (event) => blame(event.error));
  addEventListener('unhandledrejection', (event) => blame(event.reason));
}

/**
 * Fails the calls of the backend that the stack names, which may have none under way; none, where it names a module of
 * somebody else's; all of them, where it doesn't tell.
 * @param {unknown} error
 */
function blame(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  const culprit = culpritNamedIn(error.stack ?? '');
  for (const call of calls) {
    if (culprit === null || call.backend === culprit) call.fail(new Failure('crashed', { detail: error.message }, error));
  }
}
