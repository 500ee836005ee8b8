/**
 * Keeps an element as high as it has been since this was switched on, while its text changes often: a live picture shall
 * not make everything below its answer jump.
 */
export class Steady {
  #element;
  #on = false;
  #width = 0;
  #height = 0;
  #observer = new ResizeObserver(([entry]) => {
    if (entry) this.#see(entry.contentRect);
  });

  /** @param {HTMLElement} element without padding and border */
  constructor(element) {
    this.#element = element;
  }

  /** @param {boolean} on */
  set on(on) {
    if (on === this.#on) return;
    this.#on = on;
    this.#width = 0;
    this.#hold(0);
    if (on) this.#observer.observe(this.#element);
    else this.#observer.disconnect();
  }

  /** @param {DOMRectReadOnly} box */
  #see({ width, height }) {
    // In other columns, its text may need less room than before.
    if (this.#width > 0 && width !== this.#width) requestAnimationFrame(() => this.#on && this.#measure());
    else this.#hold(Math.max(height, this.#height));
    this.#width = width;
  }

  #measure() {
    this.#hold(0);
    this.#hold(this.#element.getBoundingClientRect().height);
  }

  /** @param {number} height */
  #hold(height) {
    this.#height = height;
    this.#element.style.minHeight = height > 0 ? `${height}px` : '';
  }
}
