/**
 * So many seconds without a sign of life, and a worker counts as stuck in a computation that has no end. The longest one that has
 * an end, a large photo on a slow telephone, takes some seconds.
 */
export const PATIENCE = 60;

/**
 * Asks a worker every second whether it still takes messages. Counting ticks, not the clock, it doesn't blame the worker
 * where the page itself was held up or the computer slept.
 */
export class Heartbeat {
  #ping;
  #stuck;
  #silent = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => boolean} ping asks; false where there is no worker at the moment that could be ended
   * @param {() => void} stuck
   */
  constructor(ping, stuck) {
    this.#ping = ping;
    this.#stuck = stuck;
  }

  /** Somebody waits for the worker. */
  start() {
    if (this.#timer !== undefined) return;
    this.#silent = 0;
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  /** Something has come from the worker. */
  heard() {
    this.#silent = 0;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick() {
    this.#silent = this.#ping() ? this.#silent + 1 : 0;
    if (this.#silent <= PATIENCE) return;
    this.#silent = 0;
    this.#stuck();
  }
}
