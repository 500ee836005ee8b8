/** @import { Failure } from '../core/errors.js' */
/** @import { Phrase, Words } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make, makeButton, setText } from './dom.js';

/**
 * @param {Words} words
 * @param {Failure} failure
 * @param {string} name the photo's name, where it is about one
 */
export function errorText(words, failure, name) {
  return words.widget.failure(failure, name) ?? words.failure(failure, name);
}

/** The one place where errors stand, with a way on where there is one. */
export class ErrorBox {
  #localizer;
  #text = make('p', { id: 'error-text' });
  #retry;
  /** @type {{ failure: Failure, name: Phrase } | null} */
  #shown = null;

  root;

  /**
   * @param {Localizer} localizer
   * @param {() => void} retry
   */
  constructor(localizer, retry) {
    this.#localizer = localizer;
    this.#retry = makeButton('retry', 'button', retry);
    this.root = make('div', { id: 'error', class: 'error', part: 'error', role: 'alert', hidden: '' }, this.#text, this.#retry);
    localizer.follow(() => {
      setText(this.#retry, localizer.words.page.retry);
      this.#render();
    });
  }

  clear() {
    this.#shown = null;
    this.root.hidden = true;
    this.#text.textContent = '';
  }

  /**
   * @param {Failure} failure
   * @param {Phrase} name the photo's name, empty where it is about none
   * @param {boolean} retriable
   */
  show(failure, name, retriable) {
    this.#shown = { failure, name };
    this.root.hidden = false;
    this.#retry.hidden = !retriable;
    this.#render();
  }

  #render() {
    const { words } = this.#localizer;
    if (this.#shown) setText(this.#text, errorText(words, this.#shown.failure, this.#shown.name(words)));
  }
}
