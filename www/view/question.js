/** @import { Info, Ranked } from '../types.js' */
import { words } from '../words.js';
import { get, make, say } from './dom.js';

/** “Is it a cat?”: yes or no, from one class's probability and a threshold. */
export class Question {
  #class = get('ask-class', HTMLSelectElement);
  #threshold = get('threshold', HTMLInputElement);
  #thresholdValue = get('threshold-value', HTMLOutputElement);
  #answer = get('ask-answer', HTMLElement);
  #why = get('ask-why', HTMLElement);
  /** @type {Ranked[]} */
  #ranked = [];

  constructor() {
    this.#class.addEventListener('change', () => this.#reply());
    this.#threshold.addEventListener('input', () => this.#reply());
    this.#reply();
  }

  /** @param {Info} info */
  offer(info) {
    if (this.#class.options.length > 0) return;
    this.#class.append(...info.classes.map((label) => make('option', { value: label }, `${words.withArticle(label)}?`)));
    this.#class.disabled = false;
    this.#threshold.disabled = false;
  }

  /** @param {Ranked[]} ranked empty where there is no photo */
  show(ranked) {
    this.#ranked = ranked;
    this.#reply();
  }

  #reply() {
    const threshold = Number(this.#threshold.value) / 100;
    say(this.#thresholdValue, words.percent(threshold));
    const entry = this.#ranked.find(({ label }) => label === this.#class.value);
    const yes = entry && entry.probability >= threshold;
    this.#answer.dataset.answer = entry ? (yes ? 'yes' : 'no') : '';
    say(this.#answer, entry ? (yes ? words.yes : words.no) : '');
    say(this.#why, entry ? words.answer(entry.label, entry.probability, threshold) : words.noPhotoYet);
  }
}
