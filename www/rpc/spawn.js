/** @import { Thread } from '../core/types.js' */
/** @import { Port } from './protocol.js' */

/**
 * The far side of the bridge, ready to be spoken to.
 *
 * @typedef {object} Launched
 * @property {Port} port
 * @property {Thread} thread
 * @property {(() => void) | null} end frees all that it holds; null where that can't be done
 */

/**
 * Starts the engine in a worker, or, where the browser grants none (an old browser, a strict Content-Security-Policy,
 * a script that comes from another origin), on the page's own thread.
 *
 * @returns {Promise<Launched>}
 */
export async function launch() {
  try {
    return await launchWorker();
  } catch (error) {
    console.info('glimpse runs on the page’s own thread, because no worker could be started.', error);
    return launchHere();
  }
}

/** @returns {Promise<Launched>} */
async function launchWorker() {
  if (typeof OffscreenCanvas !== 'function') throw new Error('without OffscreenCanvas, a worker can’t read pixels');
  const { worker, loaded } = isForeign() ? makeForeign() : { worker: make(), loaded() {} };
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve; // it says hello
      worker.onerror = (event) => reject(event.error ?? new Error(event.message || 'the worker’s script could not be loaded'));
    });
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    loaded();
  }
  worker.onerror = null; // from now on, the engine sees its errors itself
  return { port: worker, thread: 'worker', end: () => worker.terminate() };
}

/**
 * Whether this module comes from another origin than the page. In a bundle of webpack's, its address is that of the
 * source file on the machine that bundled it; the bundle itself is taken for the page's own.
 */
function isForeign() {
  const { protocol, origin } = new URL(import.meta.url);
  return protocol !== 'file:' && origin !== location.origin;
}

/** Written in one piece, literally: that is how bundlers find a worker and bundle it. */
function make() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'glimpse' });
}

/** Browsers refuse the script of another origin, but not a script of this page that imports it. */
function makeForeign() {
  const here = import.meta.url;
  const url = new URL('./worker.js', here); // not literally: a bundler would copy the file, without what it imports
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  return { worker: new Worker(script, { type: 'module', name: 'glimpse' }), loaded: () => URL.revokeObjectURL(script) };
}

/** @returns {Promise<Launched>} */
async function launchHere() {
  const { serve } = await import('./server.js');
  const { port1, port2 } = new MessageChannel();
  const hello = new Promise((resolve) => (port1.onmessage = resolve));
  serve(/** @type {Port} */ (port2));
  await hello;
  return { port: port1, thread: 'page', end: null };
}
