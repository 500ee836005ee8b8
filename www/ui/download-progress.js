/** @import { Progress } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make, setText } from './dom.js';

/** How far the download of a network is that somebody waits for. */
export class DownloadProgress {
  #localizer;
  #text = make('p', { id: 'progress-text' });
  #bar = make('progress', { id: 'progress-bar', max: '1', part: 'progress', 'aria-labelledby': 'progress-text' });
  /** @type {Progress | null} */
  #progress = null;

  root = make('div', { id: 'progress', class: 'progress', hidden: '' }, this.#text, this.#bar);

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    localizer.follow(() => this.#render());
  }

  hide() {
    this.root.hidden = true;
    // A hidden bar keeps nothing: whether a short download had told how far it was is chance.
    this.#bar.removeAttribute('value');
  }

  /** @param {Progress | null} progress null where nothing is known of it */
  show(progress) {
    this.#progress = progress;
    this.root.hidden = false;
    if (progress?.total) this.#bar.value = progress.loaded / progress.total;
    else this.#bar.removeAttribute('value');
    this.#render();
  }

  #render() {
    setText(this.#text, this.#localizer.words.loading(this.#progress));
  }
}
