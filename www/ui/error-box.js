import { get, say } from './dom.js';

/** The one place where errors are told, with a way on where there is one. */
export class Trouble {
  #box = get('error', HTMLElement);
  #text = get('error-text', HTMLElement);
  #retry = get('retry', HTMLButtonElement);

  /** @param {() => void} retry */
  constructor(retry) {
    this.#retry.addEventListener('click', retry);
  }

  clear() {
    this.#box.hidden = true;
    this.#text.textContent = '';
  }

  /**
   * @param {string} sentence
   * @param {boolean} retriable
   */
  show(sentence, retriable) {
    this.#box.hidden = false;
    this.#retry.hidden = !retriable;
    say(this.#text, sentence);
  }
}
