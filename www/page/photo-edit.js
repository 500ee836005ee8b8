/** @import { Edit } from '../core/edit-picture.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { PhotoStage } from '../ui/photo-stage.js' */
import { cut, turn } from '../core/edit-picture.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { Cropper } from './cropper.js';

/** Turning a photo and cutting a part out of it, and back to how it came. */
export class PhotoEdit {
  #localizer;
  #stage;
  #edit;
  #turn = makeButton('turn', 'quiet', () => this.#edit(turn(this.#stage.picture.mirrored ? 3 : 1)));
  #crop = makeButton('crop-photo', 'quiet', () => this.#startCropping());
  #reset = makeButton('edit-reset', 'quiet', () => this.#edit(null));
  #use = makeButton('crop-use', 'quiet', () => this.#finishCropping(true));
  #cancel = makeButton('crop-cancel', 'quiet', () => this.#finishCropping(false));
  #hint = make('p', { class: 'small', hidden: '' });
  #edited = false;
  /** @type {Cropper | null} while a part is being chosen */
  #cropper = null;

  root = make('div', { class: 'edit', role: 'group' }, this.#turn, this.#crop, this.#reset, this.#use, this.#cancel, this.#hint);

  /**
   * @param {Localizer} localizer
   * @param {PhotoStage} stage whose photo it is
   * @param {(edit: Edit | null) => void} edit null for how it came
   */
  constructor(localizer, stage, edit) {
    this.#localizer = localizer;
    this.#stage = stage;
    this.#edit = edit;
    localizer.follow(() => this.#render());
  }

  /**
   * Another photo is shown, or the same one edited.
   * @param {boolean} edited
   */
  show(edited) {
    this.#edited = edited;
    if (!edited && document.activeElement === this.#reset) this.#turn.focus(); // it is about to be gone
    this.#leave();
  }

  #startCropping() {
    const { photo } = this.#stage.picture;
    this.#cropper = new Cropper(photo, this.#localizer.words.edit.part, (used) => this.#finishCropping(used));
    this.#stage.root.append(this.#cropper.root);
    this.#render();
    this.#cropper.place();
    this.#cropper.root.focus();
  }

  /** @param {boolean} used whether the part is taken, or everything left as it was */
  #finishCropping(used) {
    const part = this.#cropper?.part;
    this.#leave();
    if (used && part) this.#edit(cut(this.#stage.picture.mirrored ? { ...part, x: 1 - part.x - part.width } : part));
    this.#crop.focus();
  }

  #leave() {
    this.#cropper?.end();
    this.#cropper = null;
    this.#render();
  }

  #render() {
    const { edit } = this.#localizer.words;
    const cropping = this.#cropper !== null;
    this.root.setAttribute('aria-label', edit.label);
    setText(this.#turn, edit.turn);
    setText(this.#crop, edit.crop);
    setText(this.#reset, edit.reset);
    setText(this.#use, edit.use);
    setText(this.#cancel, edit.cancel);
    setText(this.#hint, edit.part);
    for (const button of [this.#use, this.#cancel, this.#hint]) button.hidden = !cropping;
    for (const button of [this.#turn, this.#crop]) button.hidden = cropping;
    this.#reset.hidden = cropping || !this.#edited;
  }
}
