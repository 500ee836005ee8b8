/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Row } from './batch.js' */
import { BarList } from '../ui/bar-list.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPicture } from '../ui/draw.js';

/** One photo, large, with its ranked answers. */
export class PhotoDialog {
  #localizer;
  #pictureOf;
  #heading = make('h2', { id: 'photo-heading' });
  #canvas = make('canvas', { class: 'large', role: 'img' });
  #classes = new BarList('photo-classes');
  #vocabularyHeading = make('h3');
  #vocabulary = new BarList('photo-names');
  #close = makeButton('photo-close', 'button plain', () => this.root.close());
  /** @type {Row | null} what it shows */
  #row = null;
  #turn = new AbortController();

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

  /**
   * @param {Localizer<WordsOfFolder>} localizer
   * @param {(file: File, signal: AbortSignal) => Promise<ImageBitmap>} pictureOf the photo as a screen needs it
   */
  constructor(localizer, pictureOf) {
    this.#localizer = localizer;
    this.#pictureOf = pictureOf;
    this.root.addEventListener('close', () => {
      this.#turn.abort();
      this.#row = null;
      this.#canvas.width = this.#canvas.height = 0;
    });
    localizer.follow(() => this.#render());
  }

  /** @param {Row} row */
  async open(row) {
    this.#row = row;
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#render();
    this.root.showModal();
    // The small picture is there at once; the engine may be busy with the next photos, or have ended.
    for (const picture of [createImageBitmap(row.thumbnail), this.#pictureOf(row.file, signal)]) {
      const bitmap = await picture.catch(() => null);
      if (bitmap && !signal.aborted) drawPicture(this.#canvas, bitmap);
      bitmap?.close();
    }
  }

  #render() {
    if (!this.#row) return;
    const { path, answer } = this.#row;
    const { words, classNames } = this.#localizer;
    /** @param {string} label */
    const name = (label) => classNames.nameOf(label, answer.noneLabel);
    setText(this.#heading, path);
    setText(this.#close, words.folder.close);
    setText(this.#vocabularyHeading, words.folder.vocabulary);
    this.#canvas.setAttribute('aria-label', words.photoAlt(path));
    this.#classes.show(answer.ranked.slice(0, 10), name, words.folder.percent);
    this.#vocabulary.show(answer.vocabulary ?? [], name, words.folder.percent);
    this.#vocabularyHeading.hidden = this.#vocabulary.root.hidden = !answer.vocabulary;
  }
}
