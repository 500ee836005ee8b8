/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Dropped } from '../ui/dropped-files.js' */
/** @import { LazyPictures } from '../ui/lazy-pictures.js' */
/** @import { PictureHandlers } from './picture-list.js' */
/** @import { Class, Project } from './project.js' */
/** @import { Pace, Source } from './recorder.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { carriesFiles, chosenFiles, droppedFiles } from '../ui/dropped-files.js';
import { DRAGGED, PictureList } from './picture-list.js';
import { Recorder } from './recorder.js';

/**
 * What a card needs of the page around it.
 *
 * @typedef {object} CardHandlers
 * @property {(files: Dropped[], place: number) => void} files
 * @property {(frame: HTMLCanvasElement, place: number) => void} frame
 * @property {(id: number) => void} remove
 * @property {PictureHandlers} pictures
 * @property {Source} camera
 * @property {() => Pace} pace
 */

/** A class: its name, its pictures, and the ways to add some. */
export class ClassCard {
  #localizer;
  #project;
  #id;
  #handlers;
  #list;
  #recorder;
  #name;
  #nameLabel;
  #trouble;
  #count = make('p', { class: 'count' });
  #enabled = make('input', { type: 'checkbox' });
  #enabledText = make('span');
  #input = make('input', { type: 'file', accept: 'image/*', multiple: '', hidden: '', tabindex: '-1' });
  #choose;
  #record;
  #remove;
  #hint = make('p', { class: 'small hint' });
  #note = make('p', { class: 'small', role: 'status' });
  /** Of the elements that something hovers over, how many. */
  #depth = 0;

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Project} project
   * @param {Class} made
   * @param {LazyPictures} lazy
   * @param {CardHandlers} handlers
   */
  constructor(localizer, project, { id }, lazy, handlers) {
    this.#localizer = localizer;
    this.#project = project;
    this.#id = id;
    this.#handlers = handlers;
    this.#list = new PictureList(lazy, handlers.pictures);
    this.#recorder = new Recorder(handlers.camera, handlers.pace, (frame) => handlers.frame(frame, id));
    const own = `class-${id}`;
    this.#name = make('input', { id: `${own}-name`, class: 'class-name', maxlength: '80', autocomplete: 'off', 'aria-describedby': `${own}-trouble` });
    this.#nameLabel = make('label', { class: 'unseen', for: `${own}-name` });
    this.#trouble = make('p', { id: `${own}-trouble`, class: 'trouble', role: 'alert' });
    this.#choose = makeButton(`${own}-choose`, 'button plain', () => this.#input.click());
    this.#record = makeButton(`${own}-record`, 'button plain', () => {});
    this.#remove = makeButton(`${own}-remove`, 'quiet', () => handlers.remove(id));
    this.root = make(
      'div',
      { class: 'class-card', role: 'group' },
      make('div', { class: 'head' }, this.#nameLabel, this.#name, this.#count),
      this.#trouble,
      make('div', { class: 'buttons' }, this.#choose, this.#record, this.#note),
      this.#list.root,
      this.#hint,
      make('div', { class: 'tail' }, make('label', { class: 'option' }, this.#enabled, this.#enabledText), this.#remove),
      this.#input,
    );
    this.root.dataset.class = String(id);
    this.#listen();
    localizer.follow(() => this.render());
  }

  get id() {
    return this.#id;
  }

  /** What the project says of it now. */
  render() {
    const found = this.#project.class(this.#id);
    if (!found) return;
    const { teach } = this.#localizer.words;
    const { classes } = teach;
    const pictures = this.#project.picturesOf(this.#id);
    this.root.setAttribute('aria-label', classes.card(found.name));
    this.root.toggleAttribute('data-off', !found.enabled);
    if (document.activeElement !== this.#name && !this.#trouble.textContent) this.#name.value = found.name;
    setText(this.#nameLabel, classes.of(classes.name, found.name));
    setText(this.#count, teach.photos(pictures.length));
    this.#enabled.checked = found.enabled;
    setText(this.#enabledText, classes.enabled);
    this.#enabled.setAttribute('aria-label', classes.of(classes.enabled, found.name));
    setText(this.#choose, classes.choose);
    this.#choose.setAttribute('aria-label', classes.of(classes.choose, found.name));
    setText(this.#remove, classes.removeClass);
    this.#remove.setAttribute('aria-label', classes.of(classes.removeClass, found.name));
    setText(this.#hint, classes.empty);
    this.#hint.hidden = pictures.length > 0;
    this.#list.show(pictures);
    this.#renderRecorder();
  }

  /** For whoever has just made it: the name can be written at once. */
  focus() {
    this.#name.focus();
    this.#name.select();
  }

  /** Ends a recording, where there is one. */
  stop() {
    this.#recorder.stop();
  }

  /** Lets go what it holds. */
  close() {
    this.stop();
    this.#list.clear();
    this.root.remove();
  }

  #listen() {
    this.#name.addEventListener('input', () => this.#rename(false));
    this.#name.addEventListener('blur', () => this.#rename(true));
    this.#name.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#rename(true);
    });
    this.#enabled.addEventListener('change', () => this.#project.enableClass(this.#id, this.#enabled.checked));
    this.#input.addEventListener('change', () => {
      this.#handlers.files(chosenFiles(this.#input), this.#id);
      this.#input.value = ''; // so that the same files can be chosen again
    });
    this.root.addEventListener('dragenter', () => this.#hover(1));
    this.root.addEventListener('dragleave', () => this.#hover(-1));
    this.root.addEventListener('dragover', (event) => event.preventDefault());
    this.root.addEventListener('drop', (event) => void this.#drop(event));
    this.root.addEventListener('paste', (event) => this.#paste(event));
    this.#listenToRecord();
  }

  #listenToRecord() {
    const [button, recorder] = [this.#record, this.#recorder];
    button.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      button.setPointerCapture(event.pointerId); // so that the end is heard wherever the pointer is by then
      recorder.press();
    });
    for (const type of ['pointerup', 'pointercancel']) button.addEventListener(type, () => recorder.release());
    button.addEventListener('keydown', (event) => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      if (!event.repeat) recorder.press();
    });
    button.addEventListener('keyup', (event) => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      recorder.release();
    });
    button.addEventListener('blur', () => recorder.release());
    button.addEventListener('contextmenu', (event) => event.preventDefault()); // what a long touch would open
    // Assistive technology clicks: then a click begins and another one ends it.
    button.addEventListener('click', (event) => {
      if (event.detail > 0) return;
      if (recorder.state === 'off') recorder.press();
      else recorder.stop();
    });
    recorder.addEventListener('change', () => this.#renderRecorder());
  }

  #renderRecorder() {
    const { classes } = this.#localizer.words.teach;
    const { state, remaining, count } = this.#recorder;
    const counted = this.#handlers.pace().delay > 0;
    const name = this.#project.class(this.#id)?.name ?? '';
    const action = !counted ? classes.record : state === 'off' ? classes.recordCounted : classes.recordStop;
    setText(this.#record, action);
    this.#record.setAttribute('aria-label', classes.of(action, name));
    this.root.toggleAttribute('data-recording', state === 'recording');
    const said = { off: '', waiting: this.#localizer.words.live.starting, counting: classes.countdown(remaining), recording: classes.recording(count) };
    setText(this.#note, said[state]);
  }

  /** @param {boolean} last whether the person has finished writing: then what can't be the name is given up */
  #rename(last) {
    const { classes } = this.#localizer.words.teach;
    const trouble = this.#project.renameClass(this.#id, this.#name.value);
    const said = { empty: classes.nameEmpty, taken: classes.nameTaken(this.#name.value.trim()) };
    setText(this.#trouble, trouble && !last ? said[trouble] : '');
    this.#name.toggleAttribute('aria-invalid', !!trouble && !last);
    if (last) this.#name.value = this.#project.class(this.#id)?.name ?? '';
  }

  /** @param {number} change */
  #hover(change) {
    this.#depth = Math.max(0, this.#depth + change);
    this.root.toggleAttribute('data-dragging', this.#depth > 0);
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    event.preventDefault();
    event.stopPropagation(); // the page around it would make classes of the folders
    this.#hover(-this.#depth);
    const dragged = event.dataTransfer?.getData(DRAGGED);
    if (dragged) this.#project.movePictures([Number(dragged)], this.#id);
    else if (carriesFiles(event)) this.#handlers.files(await droppedFiles(event.dataTransfer), this.#id);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#handlers.files(
      files.map((file) => ({ file, folder: '', path: file.name })),
      this.#id,
    );
  }
}
