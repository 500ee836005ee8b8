/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Project } from './project.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPicture } from '../ui/draw.js';

/** One picture, larger, with what can be done with it. */
export class PictureDialog {
  #localizer;
  #project;
  #heading = make('h2', { id: 'picture-heading' });
  #canvas = make('canvas', { class: 'large', role: 'img' });
  #name = make('p', { class: 'name' });
  #guess = make('p', { class: 'small' });
  #label = make('label', { for: 'picture-place' });
  #place = make('select', { id: 'picture-place' });
  #move = makeButton('picture-move', 'button', () => this.#moveNow());
  #remove = makeButton('picture-remove', 'button plain', () => this.#removeNow());
  #close = makeButton('picture-close', 'button plain', () => this.root.close());
  #id = 0;
  /** @type {HTMLElement | null} what had the focus before */
  #from = null;

  root = make(
    'dialog',
    { class: 'picture', 'aria-labelledby': 'picture-heading' },
    this.#heading,
    this.#canvas,
    this.#name,
    this.#guess,
    make('p', { class: 'pick' }, this.#label, this.#place),
    make('div', { class: 'buttons' }, this.#move, this.#remove, this.#close),
  );

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Project} project
   */
  constructor(localizer, project) {
    this.#localizer = localizer;
    this.#project = project;
    this.root.addEventListener('close', () => {
      this.#canvas.width = this.#canvas.height = 0;
      if (this.#from?.isConnected) this.#from.focus();
    });
    localizer.follow(() => this.#render());
  }

  /** @param {number} id */
  async open(id) {
    const picture = this.#project.picture(id);
    if (!picture) return;
    this.#id = id;
    this.#from = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.#render();
    this.root.showModal();
    const bitmap = await createImageBitmap(picture.thumbnail).catch(() => null);
    if (!bitmap) return;
    drawPicture(this.#canvas, bitmap);
    bitmap.close();
  }

  #render() {
    const { words } = this.#localizer;
    const { picture: own } = words.teach;
    setText(this.#heading, own.heading);
    setText(this.#label, own.move);
    setText(this.#move, own.moveNow);
    setText(this.#remove, words.teach.remove);
    setText(this.#close, words.teach.close);
    const picture = this.#project.picture(this.#id);
    if (!picture) return;
    setText(this.#name, picture.name);
    this.#canvas.setAttribute('aria-label', words.photoAlt(picture.name));
    setText(this.#guess, picture.guess ? own.guess(this.#localizer.classNames.nameOf(picture.guess)) : '');
    const options = this.#project.classes.map(({ id, name }) => make('option', { value: String(id) }, name));
    this.#place.replaceChildren(...options, make('option', { value: '' }, own.unsorted));
    this.#place.value = String(picture.place ?? '');
  }

  #moveNow() {
    this.root.close();
    this.#project.movePictures([this.#id], this.#place.value === '' ? null : Number(this.#place.value));
  }

  #removeNow() {
    this.root.close();
    this.#project.removePictures([this.#id]);
  }
}
