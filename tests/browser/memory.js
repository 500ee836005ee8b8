/** @import { CDPSession, Page } from 'playwright-core' */
/** @import { serve } from './server.js' */
import { workerOf } from './chromium.js';

/*
 * How much memory a page and its worker hold, after all garbage has been collected.
 */

/** @typedef {{ page: number, worker: number, wasm: number }} Memory in bytes: the two JavaScript heaps, and WebAssembly */

/**
 * Before the page is opened: keeps sight of the worker's WebAssembly memories, and of no dead one's.
 * @param {Awaited<ReturnType<typeof serve>>} server
 */
export function watchMemory(server) {
  server.inWorker(() => {
    /** @type {WeakRef<WebAssembly.Memory>[]} */
    const memories = [];
    Object.assign(globalThis, { memories });
    const real = WebAssembly.instantiate;
    Object.assign(WebAssembly, {
      async instantiate(/** @type {[WebAssembly.Module, WebAssembly.Imports]} */ ...asked) {
        const instance = await real(...asked);
        memories.push(new WeakRef(/** @type {WebAssembly.Memory} */ (instance.exports.memory)));
        return instance;
      },
    });
  });
}

/**
 * Once, when the worker is there; then as often as wanted.
 * @param {Page} page
 * @returns {Promise<() => Promise<Memory>>}
 */
export async function memoryMeter(page) {
  const session = await page.context().newCDPSession(page);
  const worker = await attachToWorker(session);
  return async () => ({
    page: await heapOf((method) => session.send(/** @type {any} */ (method))),
    worker: await heapOf(worker),
    wasm: await workerOf(page).evaluate(() =>
      /** @type {WeakRef<WebAssembly.Memory>[]} */ (/** @type {any} */ (globalThis).memories).reduce(
        (sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0),
        0,
      ),
    ),
  });
}

/** @param {(method: string) => Promise<any>} send */
async function heapOf(send) {
  await send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await send('Runtime.getHeapUsage');
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

/**
 * A DevTools session in the worker, through that of its page.
 * @param {CDPSession} session
 * @returns {Promise<(method: string) => Promise<any>>}
 */
async function attachToWorker(session) {
  const attached = new Promise((resolve) => session.once('Target.attachedToTarget', ({ sessionId }) => resolve(sessionId)));
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let count = 0;
  return (method) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      const hear = (/** @type {{ sessionId: string, message: string }} */ event) => {
        const { id: answered, result, error } = JSON.parse(event.message);
        if (event.sessionId !== sessionId || answered !== id) return;
        session.off('Target.receivedMessageFromTarget', hear);
        if (error) reject(new Error(error.message));
        else resolve(result);
      };
      session.on('Target.receivedMessageFromTarget', hear);
      session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject);
    });
}
