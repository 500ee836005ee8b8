/** Milliseconds that something must last before it is news. */
const LASTS = 1000;

/**
 * Finds the news about something that may change with every frame: only what has lasted is news, and only once. A screen
 * reader would otherwise never come to the end of a sentence.
 */
export class StableValue {
  /** @type {string | null} */
  #announced = null;
  /** @type {string | null} */
  #value = null;
  #since = 0;

  /**
   * @param {string} value
   * @param {number} time milliseconds
   * @returns {boolean} whether the value is to be announced now
   */
  add(value, time) {
    if (value !== this.#value) {
      this.#value = value;
      this.#since = time;
    }
    if (value === this.#announced || time - this.#since < LASTS) return false;
    this.#announced = value;
    return true;
  }
}
