/** @import { Part } from '../core/edit-picture.js' */
import { make } from '../ui/dom.js';

/** The smallest part, and a step of the keyboard, in shares of a side. */
const LEAST = 0.05;
const STEP = 0.05;

/** How arrow keys move a part, or make it larger. */
const ARROWS = /** @type {Record<string, [x: number, y: number]>} */ ({
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
});

/**
 * A frame over a picture that a person draws with the pointer, or moves and resizes with the arrow keys: Enter takes what is in
 * it, Escape doesn't.
 */
export class Cropper {
  #picture;
  #frame = make('div', { class: 'frame' });
  /** @type {{ x: number, y: number } | null} where the pointer went down */
  #from = null;
  #resized = new ResizeObserver(() => this.place());

  /** @type {Part} in the middle, until somebody says otherwise */
  part = { x: 0.1, y: 0.1, width: 0.8, height: 0.8 };
  root = make('div', { class: 'cropper', tabindex: '0', role: 'group' }, this.#frame);

  /**
   * @param {HTMLCanvasElement} picture over which it lies, in the same element
   * @param {string} label what it is and how it is moved
   * @param {(used: boolean) => void} finish
   */
  constructor(picture, label, finish) {
    this.#picture = picture;
    this.root.setAttribute('aria-label', label);
    this.root.addEventListener('click', (event) => event.stopPropagation());
    this.root.addEventListener('pointerdown', (event) => this.#begin(event));
    this.root.addEventListener('mousedown', (event) => {
      event.preventDefault(); // which would begin to select the texts around
      this.root.focus();
    });
    this.root.addEventListener('pointermove', (event) => this.#draw(event));
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) this.root.addEventListener(end, () => (this.#from = null));
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === 'Escape') {
        event.preventDefault();
        finish(event.key === 'Enter');
      } else this.#nudge(event);
    });
    this.#resized.observe(picture);
  }

  /** Lays it over the picture, wherever that is by now. */
  place() {
    const { width, height, offsetLeft, offsetTop, clientWidth, clientHeight } = this.#picture;
    if (width === 0 || height === 0) return;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    const [shownWidth, shownHeight] = [width * scale, height * scale];
    Object.assign(this.root.style, {
      left: `${offsetLeft + (clientWidth - shownWidth) / 2}px`,
      top: `${offsetTop + (clientHeight - shownHeight) / 2}px`,
      width: `${shownWidth}px`,
      height: `${shownHeight}px`,
    });
    this.#show();
  }

  end() {
    this.#resized.disconnect();
    this.root.remove();
  }

  #show() {
    const { x, y, width, height } = this.part;
    Object.assign(this.#frame.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
  }

  /** @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const share = (/** @type {number} */ distance, /** @type {number} */ side) => Math.min(1, Math.max(0, distance / side));
    return { x: share(clientX - left, width), y: share(clientY - top, height) };
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    this.#from = this.#at(event);
    this.root.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #draw(event) {
    if (!this.#from) return;
    const to = this.#at(event);
    const side = (/** @type {number} */ from, /** @type {number} */ now) => {
      const length = Math.max(LEAST, Math.abs(now - from));
      return { start: Math.min(1 - length, Math.max(0, Math.min(from, now))), length };
    };
    const [across, down] = [side(this.#from.x, to.x), side(this.#from.y, to.y)];
    this.part = { x: across.start, y: down.start, width: across.length, height: down.length };
    this.#show();
  }

  /** @param {KeyboardEvent} event */
  #nudge(event) {
    const by = ARROWS[event.key];
    if (!by) return;
    event.preventDefault();
    const { x, y, width, height } = this.part;
    const within = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) => Math.min(most, Math.max(least, value));
    this.part = event.shiftKey
      ? { x, y, width: within(width + by[0], LEAST, 1 - x), height: within(height + by[1], LEAST, 1 - y) }
      : { x: within(x + by[0], 0, 1 - width), y: within(y + by[1], 0, 1 - height), width, height };
    this.#show();
  }
}
