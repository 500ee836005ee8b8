import { words } from '../words.js';
import { get } from './dom.js';
import { drawPhoto } from './draw.js';

const LONGEST = 1600;

/** The place where the photo is dropped and then shown. */
export class Stage {
  #drop = get('drop', HTMLElement);
  #photo = get('photo', HTMLCanvasElement);
  #name = get('photo-name', HTMLElement);
  #shown = 0;

  clear() {
    this.#shown += 1;
    this.#photo.hidden = true;
    this.#name.textContent = '';
    delete this.#drop.dataset.photo;
  }

  /**
   * @param {ImageData} image
   * @param {string} name
   */
  async show(image, name) {
    this.#shown += 1;
    const turn = this.#shown;
    const canvas = document.createElement('canvas');
    await drawPhoto(canvas, image, LONGEST);
    if (turn !== this.#shown) return;
    this.#photo.width = canvas.width;
    this.#photo.height = canvas.height;
    this.#photo.getContext('2d')?.drawImage(canvas, 0, 0);
    this.#photo.setAttribute('aria-label', words.photoAlt(name));
    this.#photo.hidden = false;
    this.#name.textContent = name;
    this.#drop.dataset.photo = '';
  }
}
