/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { LazyPictures } from '../ui/lazy-pictures.js' */
/** @import { PictureHandlers } from './picture-list.js' */
/** @import { Picture } from './project.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { PictureList } from './picture-list.js';

/** A group of pictures, which becomes a class when it is given a name. */
export class GroupRow {
  #list;
  #heading = make('h3');
  #label;
  #name;
  #make;

  root;

  /**
   * @param {number} number from 1
   * @param {LazyPictures} lazy
   * @param {PictureHandlers} pictures
   * @param {(name: string) => void} named
   */
  constructor(number, lazy, pictures, named) {
    const id = `group-${number}`;
    this.#list = new PictureList(lazy, pictures);
    this.#label = make('label', { class: 'unseen', for: `${id}-name` });
    this.#name = make('input', { id: `${id}-name`, class: 'class-name', maxlength: '80', autocomplete: 'off' });
    const done = () => named(this.#name.value.trim() || this.#name.placeholder);
    this.#make = makeButton(`${id}-make`, 'button plain', done);
    this.#name.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') done();
    });
    const naming = make('div', { class: 'buttons' }, this.#label, this.#name, this.#make);
    this.root = make('div', { class: 'group-row', role: 'group' }, make('div', { class: 'head' }, this.#heading, naming), this.#list.root);
    this.root.dataset.group = String(number);
    this.number = number;
  }

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {readonly Picture[]} pictures
   */
  show({ words, classNames }, pictures) {
    const { group } = words.teach;
    const guess = commonest(pictures.flatMap((picture) => picture.guess ?? []));
    const heading = group.row(this.number, pictures.length);
    this.root.setAttribute('aria-label', heading);
    setText(this.#heading, heading);
    setText(this.#label, words.teach.classes.of(group.name, String(this.number)));
    this.#name.placeholder = guess === null ? group.unnamed(this.number) : classNames.nameOf(guess);
    setText(this.#make, group.make);
    this.#make.setAttribute('aria-label', words.teach.classes.of(group.make, heading));
    this.#list.show(pictures);
  }

  /** Lets go what it holds. */
  close() {
    this.#list.clear();
    this.root.remove();
  }
}

/** @param {readonly string[]} names */
function commonest(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best?.[0] ?? null;
}
