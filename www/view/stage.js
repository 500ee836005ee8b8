import { words } from '../words.js';
import { get } from './dom.js';
import { drawBitmap } from './draw.js';

/** The place where the photo is dropped and then shown. */
export class Stage {
  #drop = get('drop', HTMLElement);
  #photo = get('photo', HTMLCanvasElement);
  #name = get('photo-name', HTMLElement);

  clear() {
    this.#photo.hidden = true;
    this.#name.textContent = '';
    delete this.#drop.dataset.photo;
  }

  /**
   * @param {ImageBitmap} preview closed when it has been drawn
   * @param {string} name
   */
  show(preview, name) {
    drawBitmap(this.#photo, preview);
    preview.close();
    this.#photo.setAttribute('aria-label', words.photoAlt(name));
    this.#photo.hidden = false;
    this.#name.textContent = name;
    this.#drop.dataset.photo = '';
  }
}
