import { make } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';

/** How arrow keys move it. */
const ARROWS = /** @type {Record<string, [across: number, down: number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/** A picture with a frame around one of its pixels, which the pointer and the arrow keys choose. */
export class PixelCursor {
  #canvas = make('canvas');
  #frame = make('span', { class: 'frame' });
  #moved;

  /** Of the pixel. */
  row = 0;
  column = 0;
  root = make('div', { class: 'pixel-cursor', tabindex: '0', role: 'group' }, this.#canvas, this.#frame);

  /** @param {() => void} moved another pixel has been chosen */
  constructor(moved) {
    this.#moved = moved;
    this.root.addEventListener('pointermove', (event) => this.#point(event));
    this.root.addEventListener('pointerdown', (event) => this.#point(event));
    this.root.addEventListener('keydown', (event) => {
      const by = ARROWS[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#move(this.row + by[1], this.column + by[0]);
    });
  }

  /** @param {ImageData} image a pixel of it stays chosen, the one in the middle where it has another size than before */
  show(image) {
    if (image.width !== this.#canvas.width || image.height !== this.#canvas.height) {
      this.row = Math.floor((image.height - 1) / 2);
      this.column = Math.floor((image.width - 1) / 2);
    }
    drawPixels(this.#canvas, image);
    this.#place();
  }

  clear() {
    this.#canvas.width = this.#canvas.height = 0;
  }

  /** @param {PointerEvent} event */
  #point({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.#move(Math.floor(((clientY - top) / height) * this.#canvas.height), Math.floor(((clientX - left) / width) * this.#canvas.width));
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #move(row, column) {
    const within = (/** @type {number} */ at, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, at));
    const [to, across] = [within(row, this.#canvas.height), within(column, this.#canvas.width)];
    if (to === this.row && across === this.column) return;
    this.row = to;
    this.column = across;
    this.#place();
    this.#moved();
  }

  #place() {
    const { width, height } = this.#canvas;
    const share = (/** @type {number} */ at, /** @type {number} */ size) => `${(at / size) * 100}%`;
    Object.assign(this.#frame.style, {
      left: share(this.column, width),
      top: share(this.row, height),
      width: share(1, width),
      height: share(1, height),
    });
  }
}
