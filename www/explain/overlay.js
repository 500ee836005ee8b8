/** @import { PlaceMap } from '../core/types.js' */
import { make } from '../ui/dom.js';

/** The colours of a map over a photo, wherever and however large that is. */
export class Overlay {
  #photo;
  #resized = new ResizeObserver(() => this.place());

  root = make('canvas', { class: 'overlay', 'aria-hidden': 'true' });

  /** @param {HTMLCanvasElement} photo over which it lies, in the same element */
  constructor(photo) {
    this.#photo = photo;
    this.#resized.observe(photo);
  }

  /**
   * @param {PlaceMap} map
   * @param {boolean} mirrored whether people see the photo in a mirror
   */
  show({ colours, columns, rows }, mirrored) {
    this.root.width = columns;
    this.root.height = rows;
    this.root.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(colours), columns, rows), 0, 0);
    this.root.toggleAttribute('data-mirrored', mirrored);
    this.root.hidden = false;
    this.place();
  }

  clear() {
    this.root.hidden = true;
  }

  /** @param {number} opacity 0 to 1 */
  set opacity(opacity) {
    this.root.style.opacity = String(opacity);
  }

  /** Lays it over the photo; a canvas that keeps its proportions may be smaller than its box. */
  place() {
    const { width, height, offsetLeft, offsetTop, clientWidth, clientHeight } = this.#photo;
    if (width === 0 || height === 0) return;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    Object.assign(this.root.style, {
      left: `${offsetLeft + (clientWidth - width * scale) / 2}px`,
      top: `${offsetTop + (clientHeight - height * scale) / 2}px`,
      width: `${width * scale}px`,
      height: `${height * scale}px`,
    });
  }

  end() {
    this.#resized.disconnect();
    this.root.remove();
  }
}
