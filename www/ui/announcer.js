import { setText } from './dom.js';

/** Milliseconds between two announcements. */
const PAUSE = 1500;

/** Puts news into a live region, not faster than they can be read out; of several that come at once, the last one. */
export class Announcer {
  #region;
  #last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Element} region */
  constructor(region) {
    this.#region = region;
  }

  /** @param {string} news */
  announce(news) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#last = performance.now();
        setText(this.#region, news);
      },
      Math.max(0, this.#last + PAUSE - performance.now()),
    );
  }

  clear() {
    clearTimeout(this.#timer);
    this.#region.textContent = '';
  }
}
