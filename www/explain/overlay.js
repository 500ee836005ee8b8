/** @import { PlaceMap } from '../core/types.js' */
import { make } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';

/** @typedef {HTMLCanvasElement | HTMLVideoElement} Picture */

/** The colours of a map over a photo or a live picture, wherever and however large that is. */
export class Overlay {
  /** @type {Picture | null} */
  #below = null;
  #resized = new ResizeObserver(() => this.place());

  root = make('canvas', { class: 'overlay', 'aria-hidden': 'true', hidden: '' });

  /**
   * @param {PlaceMap} map
   * @param {Picture} picture over which it lies, in the same element
   * @param {boolean} mirrored whether people see that in a mirror
   */
  show({ colours, columns, rows }, picture, mirrored) {
    if (picture !== this.#below) {
      this.#resized.disconnect();
      this.#resized.observe(picture);
      this.#below = picture;
    }
    drawPixels(this.root, new ImageData(new Uint8ClampedArray(colours), columns, rows));
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

  /** Lays it over the picture; one that keeps its proportions may be smaller than its box. */
  place() {
    const below = this.#below;
    if (!below) return;
    const [width, height] = below instanceof HTMLVideoElement ? [below.videoWidth, below.videoHeight] : [below.width, below.height];
    if (width === 0 || height === 0) return;
    const { offsetLeft, offsetTop, clientWidth, clientHeight } = below;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    Object.assign(this.root.style, {
      left: `${offsetLeft + (clientWidth - width * scale) / 2}px`,
      top: `${offsetTop + (clientHeight - height * scale) / 2}px`,
      width: `${width * scale}px`,
      height: `${height * scale}px`,
    });
  }

  end() {
    this.clear();
    this.#resized.disconnect();
    this.#below = null;
    this.root.remove();
  }
}
