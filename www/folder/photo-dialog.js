/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Row } from './batch.js' */
import { BarList } from '../ui/bar-list.js';
import { make, makeButton, setText } from '../ui/dom.js';

/** Pixels of the longer side of the photo as it is shown. */
const LONGEST = 800;

/** One photo, large, with its ranked answers. */
export class PhotoDialog {
  #localizer;
  #heading = make('h2', { id: 'photo-heading' });
  #canvas = make('canvas', { class: 'large', role: 'img' });
  #classes = new BarList('photo-classes');
  #vocabularyHeading = make('h3');
  #vocabulary = new BarList('photo-names');
  #close = makeButton('photo-close', 'button plain', () => this.root.close());
  #turn = 0;

  root = make(
    'dialog',
    { class: 'picture', 'aria-labelledby': 'photo-heading' },
    this.#heading,
    this.#canvas,
    this.#classes.root,
    this.#vocabularyHeading,
    this.#vocabulary.root,
    this.#close,
  );

  /** @param {Localizer<WordsOfFolder>} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.root.addEventListener('close', () => {
      this.#turn += 1;
      this.#canvas.width = this.#canvas.height = 0;
    });
  }

  /** @param {Row} row */
  async open({ path, file, answer }) {
    const { words, classNames } = this.#localizer;
    const turn = ++this.#turn;
    /** @param {string} label */
    const name = (label) => classNames.nameOf(label, answer.noneLabel);
    setText(this.#heading, path);
    setText(this.#close, words.folder.close);
    setText(this.#vocabularyHeading, words.folder.vocabulary);
    this.#canvas.setAttribute('aria-label', words.photoAlt(path));
    this.#classes.show(answer.ranked.slice(0, 10), name, words.folder.percent);
    this.#vocabulary.show(answer.vocabulary ?? [], name, words.folder.percent);
    this.#vocabularyHeading.hidden = this.#vocabulary.root.hidden = !answer.vocabulary;
    this.root.showModal();
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (bitmap && turn === this.#turn) {
      const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
      this.#canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      this.#canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      this.#canvas.getContext('2d')?.drawImage(bitmap, 0, 0, this.#canvas.width, this.#canvas.height);
    }
    bitmap?.close();
  }
}
