/** Milliseconds that something must last before it is told. */
const LASTS = 1000;

/**
 * Tells news about something that may change with every frame: only what has lasted is news, and only once. A screen
 * reader would otherwise never come to the end of a sentence.
 */
export class Steady {
  /** @type {string | null} */
  #told = null;
  /** @type {string | null} */
  #value = null;
  #since = 0;

  /**
   * @param {string} value
   * @param {number} time milliseconds
   * @returns {boolean} whether the value is to be told now
   */
  add(value, time) {
    if (value !== this.#value) {
      this.#value = value;
      this.#since = time;
    }
    if (value === this.#told || time - this.#since < LASTS) return false;
    this.#told = value;
    return true;
  }
}
