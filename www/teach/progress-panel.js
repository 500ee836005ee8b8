/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Embedder } from './embedder.js' */
import { make, makeButton, setText } from '../ui/dom.js';

/** So many files are named that could not be read. */
const NAMED = 8;

/** How far the network is with the photos that it is shown, and which of them it can't read. */
export class ProgressPanel {
  #localizer;
  #embedder;
  #text = make('p', { id: 'looking-text' });
  #bar = make('progress', { max: '1', 'aria-labelledby': 'looking-text' });
  #cancel;
  #looking;
  #refusedText = make('p', { id: 'refused-text' });
  #dismiss;
  #refused;

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Embedder} embedder
   */
  constructor(localizer, embedder) {
    this.#localizer = localizer;
    this.#embedder = embedder;
    this.#cancel = makeButton('looking-cancel', 'quiet', () => embedder.cancel());
    this.#dismiss = makeButton('refused-dismiss', 'quiet', () => {
      embedder.refused = [];
      this.#render();
    });
    this.#looking = make('div', { class: 'progress', hidden: '' }, this.#text, this.#bar, this.#cancel);
    this.#refused = make('div', { class: 'error', hidden: '' }, this.#refusedText, this.#dismiss);
    this.root = make('div', { class: 'looking' }, this.#looking, make('div', { role: 'status' }, this.#refused));
    embedder.addEventListener('change', () => this.#render());
    localizer.follow(() => this.#render());
  }

  #render() {
    const { progress: own } = this.#localizer.words.teach;
    const { progress, refused } = this.#embedder;
    this.#looking.hidden = !progress;
    if (progress) {
      this.#bar.value = progress.done / progress.total;
      setText(this.#text, own.looking(progress.done, progress.total));
    }
    setText(this.#cancel, own.cancel);
    this.#refused.hidden = refused.length === 0;
    const names = refused.slice(0, NAMED).map(({ name }) => `“${name}”`);
    setText(this.#refusedText, refused.length === 0 ? '' : own.refused(names, refused.length - names.length));
    setText(this.#dismiss, own.dismiss);
  }
}
