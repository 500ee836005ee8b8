/** Milliseconds that the figures look back. */
const WINDOW = 2000;

/** How many frames per second are answered, and what a frame takes from the camera's picture to its answer. */
export class FrameRate {
  /** @type {{ ended: number, took: number }[]} */
  #frames = [];

  /**
   * @param {number} began when the frame was taken, in milliseconds
   * @param {number} ended when its answer was there
   */
  add(began, ended) {
    this.#frames.push({ ended, took: ended - began });
    // Two always stay: where a frame takes longer than the window, they still tell how long.
    while (this.#frames.length > 2 && (this.#frames[0]?.ended ?? 0) < ended - WINDOW) this.#frames.shift();
  }

  /** Frames per second; null until there are two. */
  get perSecond() {
    const [first] = this.#frames;
    const last = this.#frames[this.#frames.length - 1];
    if (!first || !last || last.ended <= first.ended) return null;
    return (1000 * (this.#frames.length - 1)) / (last.ended - first.ended);
  }

  /** The median: one frame that had to wait doesn't change what a frame takes. Null until there is one. */
  get milliseconds() {
    const took = this.#frames.map((frame) => frame.took).sort((a, b) => a - b);
    const middle = Math.floor(took.length / 2);
    const [low, high] = took.length % 2 === 1 ? [took[middle], took[middle]] : [took[middle - 1], took[middle]];
    return low === undefined || high === undefined ? null : (low + high) / 2;
  }
}
