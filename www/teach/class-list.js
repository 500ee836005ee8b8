/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { CardHandlers } from './class-card.js' */
/** @import { Dropped } from '../ui/dropped-files.js' */
/** @import { LazyPictures } from '../ui/lazy-pictures.js' */
/** @import { Change, Project } from './project.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { ClassCard } from './class-card.js';
import { chosenFiles } from '../ui/dropped-files.js';

/** The cards of all classes, and the ways to more classes. */
export class ClassList {
  #localizer;
  #project;
  #lazy;
  #handlers;
  /** @type {Map<number, ClassCard>} */
  #cards = new Map();
  #list = make('div', { class: 'cards' });
  #hint = make('p', { class: 'small' });
  #keys = make('p', { class: 'small' });
  #input = make('input', { type: 'file', webkitdirectory: '', multiple: '', hidden: '', tabindex: '-1', id: 'class-folder' });
  #add = makeButton('class-add', 'button', () => this.#addClass());
  #folder = makeButton('class-choose-folder', 'button plain', () => this.#input.click());

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Project} project
   * @param {LazyPictures} lazy
   * @param {CardHandlers & { folders: (files: Dropped[]) => void }} handlers
   */
  constructor(localizer, project, lazy, handlers) {
    this.#localizer = localizer;
    this.#project = project;
    this.#lazy = lazy;
    this.#handlers = handlers;
    this.root = make(
      'div',
      { class: 'class-list' },
      this.#hint,
      this.#list,
      make('div', { class: 'buttons' }, this.#add, this.#folder),
      this.#keys,
      this.#input,
    );
    this.#input.addEventListener('change', () => {
      handlers.folders(chosenFiles(this.#input));
      this.#input.value = '';
    });
    project.addEventListener('change', (event) => this.#see(/** @type {CustomEvent<Change>} */ (event).detail));
    localizer.follow(() => {
      const { classes, picture } = localizer.words.teach;
      setText(this.#hint, classes.hint);
      setText(this.#add, classes.add);
      setText(this.#folder, classes.folder);
      setText(this.#keys, picture.hint);
    });
    this.#see({ classes: true, pictures: [], removed: [] });
  }

  /** Ends recordings: the camera has gone. */
  stop() {
    for (const card of this.#cards.values()) card.stop();
  }

  /** How recordings are made has become another. */
  render() {
    for (const card of this.#cards.values()) card.render();
  }

  /** @param {Change} change */
  #see({ classes }) {
    if (classes) this.#arrange();
    for (const card of this.#cards.values()) card.render();
    this.#keys.hidden = this.#project.pictures.length === 0;
  }

  /** A card for each class, in their order. */
  #arrange() {
    for (const [id, card] of this.#cards) {
      if (this.#project.class(id)) continue;
      card.close();
      this.#cards.delete(id);
    }
    for (const each of this.#project.classes) {
      if (this.#cards.has(each.id)) continue;
      const card = new ClassCard(this.#localizer, this.#project, each, this.#lazy, this.#handlers);
      this.#cards.set(each.id, card);
      this.#list.append(card.root);
    }
  }

  #addClass() {
    const { classes } = this.#localizer.words.teach;
    let number = this.#project.classes.length + 1;
    while (this.#project.classNamed(classes.unnamed(number))) number += 1;
    const { id } = this.#project.addClass(classes.unnamed(number));
    this.#cards.get(id)?.focus();
  }
}
