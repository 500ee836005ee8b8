/*
 * How a page notices that a worker has gone, for which browsers have no event: a worker that takes too much memory is
 * ended without a word. A lock that the worker holds for as long as it lives falls to whoever waits for it.
 */

/**
 * @returns {Promise<string | null>} the name of a lock that this worker holds from now on; null where the browser has no
 *   locks (Firefox before 96, a page without an origin)
 */
export function holdLife() {
  const name = `glimpse ${Date.now()} ${Math.random()}`;
  return new Promise((resolve) => {
    const forEver = () => {
      resolve(name);
      return new Promise(() => {});
    };
    Promise.resolve(navigator.locks?.request(name, forEver)).then(
      () => resolve(null),
      () => resolve(null),
    );
  });
}

/**
 * Resolves when the worker has ended that holds this lock.
 * @param {string} life
 * @returns {Promise<void>}
 */
export async function whenEnded(life) {
  await navigator.locks.request(life, () => {});
}
