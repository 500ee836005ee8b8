/*
 * Browsers end workers, on small devices above all, and tell the page nothing: whoever waits would wait for ever. So a
 * worker holds a Web Lock for as long as it lives, and the page queues up behind it: it gets the lock when the worker is
 * gone, however it went. Where there are no locks (Chrome has them everywhere, Safari since 15.4, Firefox since 96; all
 * only in secure contexts), nothing is noticed.
 */

/** @typedef {{ type: 'alive', lock: string }} Alive */

/** @returns {LockManager | undefined} */
// eslint-disable-next-line compat/compat -- undefined where there are none
const locks = () => /** @type {Partial<Navigator>} */ (navigator).locks;

/**
 * The worker's part: from now on it holds a lock, and tells which.
 * @param {(message: Alive) => void} tell
 */
export function showLife(tell) {
  const lock = `glimpse worker ${Date.now()} ${Math.random()}`;
  const held = () => {
    tell({ type: 'alive', lock });
    return new Promise(() => {}); // for ever
  };
  locks()
    ?.request(lock, held)
    .catch(() => {}); // an origin without storage has no locks
}

/**
 * The page's part.
 *
 * @param {Worker} worker
 * @param {() => void} died called once, where the worker has ended and the signal hasn't been given
 * @param {AbortSignal} ended the page itself ends it
 */
export function watchLife(worker, died, ended) {
  const lost = () => {
    if (!ended.aborted) died();
  };
  worker.addEventListener('messageerror', lost, { signal: ended }); // an answer is lost, and nobody can tell whose
  const listen = (/** @type {MessageEvent} */ { data }) => {
    if (data?.type !== 'alive') return;
    worker.removeEventListener('message', listen);
    locks()
      ?.request(data.lock, { signal: ended }, lost)
      .catch(() => {}); // ended by the page, or no locks here
  };
  worker.addEventListener('message', listen);
}
