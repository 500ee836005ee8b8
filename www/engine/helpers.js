/*
 * Threads that help the CPU's module with a picture: workers, each with an instance of the module on the same memory. Browsers
 * share memory between threads only in pages that are isolated from others (`crossOriginIsolated`); everywhere else, and where a
 * browser grants no workers here, the module computes alone. Nobody is told: it is the same answer, later.
 */

/** More threads than this hardly pay for themselves, and phones get warm of them. */
export const MOST_THREADS = 4;

/** How many threads can be used where this runs. The page's own thread must not wait for others, so there it is one. */
function usefulThreads() {
  const isWorker = typeof document === 'undefined' && typeof Worker === 'function';
  return isWorker && globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) : 1;
}

/**
 * Starts helpers, without waiting for them.
 *
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory that of the instance which they help
 * @returns {() => void} ends them
 */
export function startHelpers(module, memory) {
  /** @type {Worker[]} */
  const workers = [];
  const end = () => {
    for (const worker of workers) worker.terminate();
  };
  try {
    while (workers.length + 1 < usefulThreads()) {
      const worker = new Worker(new URL('./helper-worker.js', import.meta.url), { type: 'module', name: 'glimpse helper' });
      worker.onerror = (event) => event.preventDefault(); // its script can't be had: then it doesn't help
      workers.push(worker);
      worker.postMessage({ module, memory });
    }
  } catch {
    // Refused, by a policy or because this module comes from another origin than the page; or the browser passes no memory on, as
    // WebKitGTK 2.50 doesn't.
    end();
  }
  return end;
}
