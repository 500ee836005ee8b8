import { words } from '../page/words.js';
import { get } from './dom.js';
import { drawPicture } from './draw.js';

/** The place where the photo is dropped and then shown. */
export class Stage {
  #drop = get('drop', HTMLElement);
  #photo = get('photo', HTMLCanvasElement);
  #name = get('photo-name', HTMLElement);
  #held = false;

  clear() {
    if (this.#held) {
      this.#held = false;
      return;
    }
    this.#photo.hidden = true;
    this.#name.textContent = '';
    delete this.#photo.dataset.mirrored;
    delete this.#drop.dataset.photo;
  }

  /**
   * Shows the frozen frame at once and over the next `clear`, until it has become a photo like any other: neither does
   * the stage blink, nor does the picture turn round under the person's eyes.
   *
   * @param {HTMLCanvasElement} frame
   * @param {string} name
   * @param {boolean} mirrored
   */
  hold(frame, name, mirrored) {
    this.clear();
    this.#put(frame, name);
    this.#photo.toggleAttribute('data-mirrored', mirrored);
    this.#held = true;
  }

  /**
   * @param {ImageBitmap} preview closed when it has been drawn
   * @param {string} name
   */
  show(preview, name) {
    this.#put(preview, name);
    preview.close();
  }

  /**
   * @param {ImageBitmap | HTMLCanvasElement} picture
   * @param {string} name
   */
  #put(picture, name) {
    drawPicture(this.#photo, picture);
    this.#photo.setAttribute('aria-label', words.photoAlt(name));
    this.#photo.hidden = false;
    this.#name.textContent = name;
    this.#drop.dataset.photo = '';
  }
}
