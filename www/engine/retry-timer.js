/** Milliseconds. */
const FIRST = 5_000;
const LONGEST = 300_000;

/** Tries something again that had worked before, after pauses that get longer while it goes on failing. */
export class RetryTimer {
  #again;
  #pause = FIRST;
  #since = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} again */
  constructor(again) {
    this.#again = again;
  }

  /** Whether it will be tried again. */
  get waiting() {
    return this.#timer !== undefined;
  }

  later() {
    if (this.#timer !== undefined) return;
    const now = Date.now();
    // What has lasted for long since the last time starts with a short pause anew.
    this.#pause = now - this.#since > 2 * LONGEST ? FIRST : Math.min(2 * this.#pause, LONGEST);
    this.#since = now;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#again();
    }, this.#pause);
  }
}
