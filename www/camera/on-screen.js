/**
 * Milliseconds out of sight after which the picture counts as not seen: who scrolls past it and back doesn't wait for a
 * camera to start again. It is less than the watchdog's patience, because browsers tell no new pictures of a video that is
 * scrolled away.
 */
const GRACE = 1000;

/** Whether any of a video is within the window, of the page or of the iframe's page around it. */
export class OnScreen {
  #video;
  #changed;
  #observer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  seen = true;

  /**
   * @param {HTMLVideoElement} video
   * @param {() => void} changed
   */
  constructor(video, changed) {
    this.#video = video;
    this.#changed = changed;
    this.#observer = new IntersectionObserver((entries) => this.#take(entries.some(({ isIntersecting }) => isIntersecting)));
  }

  /** Looks from now on; until it knows better, the video counts as seen. */
  watch() {
    this.stop();
    this.#observer.observe(this.#video);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    this.seen = true;
  }

  /** @param {boolean} seen */
  #take(seen) {
    clearTimeout(this.#timer);
    if (seen) this.#become(true);
    else this.#timer = setTimeout(() => this.#become(false), GRACE);
  }

  /** @param {boolean} seen */
  #become(seen) {
    if (this.seen === seen) return;
    this.seen = seen;
    this.#changed();
  }
}
