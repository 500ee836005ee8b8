/** @import { Thread } from '../types.js' */
/** @import { Port } from './wire.js' */

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
  const url = new URL('./worker.js', import.meta.url);
  const worker = url.origin === location.origin ? make(url) : makeForeign(url);
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve; // it says hello
    worker.onerror = (event) => reject(event.error ?? new Error(event.message || `${url} could not be loaded`));
  });
  worker.onerror = null; // from now on, the engine sees its errors itself
  return { port: worker, thread: 'worker', end: () => worker.terminate() };
}

/**
 * Browsers refuse the script of another origin, but not a script of this page that imports it.
 * @param {URL} url
 */
function makeForeign(url) {
  const script = new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' });
  return make(URL.createObjectURL(script)); // not revoked: the worker may still be about to fetch it
}

/** @param {URL | string} url */
function make(url) {
  return new Worker(url, { type: 'module', name: 'glimpse' });
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
