/** @import { Thread } from '../core/types.js' */
/** @import { Port } from './protocol.js' */
import { Failure, messageOf } from '../core/errors.js';
import { watchLife } from './liveness.js';

/**
 * The far side of the bridge, ready to be spoken to.
 *
 * @typedef {object} Launched
 * @property {Port} port
 * @property {Thread} thread
 * @property {() => void} onlost called where it has ended by itself: nothing that was asked will be answered
 * @property {(() => void) | null} end frees all that it holds; null where that can't be done
 */

/**
 * What is to run on the far side.
 *
 * @typedef {object} FarSide
 * @property {() => Worker} make written literally by whoever wants it: that is how bundlers find a worker and bundle it
 * @property {string} script the worker's script again, relative to this module
 * @property {() => Promise<{ serve(port: Port): void }>} load the same for the page's own thread
 */

/**
 * What of the Trusted Types API is used here.
 * @typedef {{ createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string } }} TrustedTypes
 */

/** @type {ReturnType<TrustedTypes['createPolicy']> | null} */
let trust = null;

/** @type {FarSide} */
const ENGINE = { make: makeEngine, script: './worker.js', load: () => import('./server.js') };

/**
 * Starts the engine, or another far side, in a worker, or, where the browser grants none (an old browser, a strict Content-Security-Policy,
 * a script that comes from another origin), on the page's own thread.
 *
 * @param {FarSide} [side]
 * @param {object} [how]
 * @param {boolean} [how.mustEnd] whether it has to be such that it can be ended: without a worker it rejects then
 * @returns {Promise<Launched>}
 */
export async function launch(side = ENGINE, { mustEnd = false } = {}) {
  try {
    return await launchWorker(side);
  } catch (error) {
    if (mustEnd) throw new Failure('no-worker', { detail: messageOf(error) }, error);
    console.info('glimpse runs on the page’s own thread, because no worker could be started.', error);
    return launchHere(side);
  }
}

/**
 * @param {FarSide} side
 * @returns {Promise<Launched>}
 */
async function launchWorker({ make, script }) {
  if (typeof OffscreenCanvas !== 'function') throw new Error('without OffscreenCanvas, a worker can’t read pixels');
  const { worker, loaded } = isForeign() ? makeForeign(script) : { worker: makeOwn(make, script), loaded() {} };
  const ended = new AbortController();
  /** @type {Launched} */
  const launched = {
    port: worker,
    thread: 'worker',
    onlost() {},
    end() {
      ended.abort();
      worker.terminate();
    },
  };
  watchLife(worker, () => launched.onlost(), ended.signal);
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve; // it says hello
      worker.onerror = (event) => reject(event.error ?? new Error(event.message || 'the worker’s script could not be loaded'));
    });
  } catch (error) {
    launched.end?.();
    throw error;
  } finally {
    loaded();
  }
  worker.onerror = null; // from now on, the engine sees its errors itself
  return launched;
}

/**
 * Whether this module comes from another origin than the page. In a bundle of webpack's, its address is that of the
 * source file on the machine that bundled it; the bundle itself is taken for the page's own.
 */
function isForeign() {
  const { protocol, origin } = new URL(import.meta.url);
  return protocol !== 'file:' && origin !== location.origin;
}

/**
 * Where a page requires Trusted Types, an address alone starts no worker; a policy's word for it does, if the page allows a
 * policy called `glimpse`. In a bundle the worker has another address, and such a page's own thread does the work.
 *
 * @param {() => Worker} make
 * @param {string} script
 */
function makeOwn(make, script) {
  try {
    return make();
  } catch (error) {
    // eslint-disable-next-line compat/compat -- asked for, not relied on
    const types = /** @type {{ trustedTypes?: TrustedTypes }} */ (globalThis).trustedTypes;
    if (!types) throw error;
    trust ??= types.createPolicy('glimpse', { createScriptURL: (address) => address });
    const here = import.meta.url; // not literally, as in `makeForeign`
    return new Worker(trust.createScriptURL(new URL(script, here).href), { type: 'module', name: 'glimpse' });
  }
}

/** Written in one piece, literally: that is how bundlers find a worker and bundle it. */
function makeEngine() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'glimpse' });
}

/**
 * Browsers refuse the script of another origin, but not a script of this page that imports it.
 * @param {string} script
 */
function makeForeign(script) {
  const here = import.meta.url;
  const url = new URL(script, here); // not literally: a bundler would copy the file, without what it imports
  const blob = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  return { worker: new Worker(blob, { type: 'module', name: 'glimpse' }), loaded: () => URL.revokeObjectURL(blob) };
}

/**
 * @param {FarSide} side
 * @returns {Promise<Launched>}
 */
async function launchHere({ load }) {
  const { serve } = await load();
  const { port1, port2 } = new MessageChannel();
  const hello = new Promise((resolve) => (port1.onmessage = resolve));
  serve(/** @type {Port} */ (port2));
  await hello;
  return { port: port1, thread: 'page', onlost() {}, end: null };
}
