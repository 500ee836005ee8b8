/** @import { Info, Ranked } from '../types.js' */
import { nameOf, thing } from '../names.js';
import { words } from '../words.js';
import { get, make, say } from './dom.js';

/** “Is it a cat?”: yes or no, from one class's probability and a threshold. */
export class Question {
  #class = get('ask-class', HTMLSelectElement);
  #threshold = get('threshold', HTMLInputElement);
  #thresholdValue = get('threshold-value', HTMLOutputElement);
  #answer = get('ask-answer', HTMLElement);
  #why = get('ask-why', HTMLElement);
  #region = get('ask-reply', HTMLElement);
  /** @type {string | null} */
  #none = null;
  /** @type {readonly Ranked[]} */
  #ranked = [];

  constructor() {
    this.#class.addEventListener('change', () => this.#reply());
    this.#threshold.addEventListener('input', () => this.#reply());
    this.#reply();
  }

  /**
   * The classes to ask for; one that the network before had, too, stays chosen.
   * @param {Info} info
   */
  offer({ classes, none }) {
    const { value } = this.#class;
    this.#none = none;
    this.#class.replaceChildren(...classes.map((label) => make('option', { value: label }, `${thing(label, none)}?`)));
    if (classes.includes(value)) this.#class.value = value;
    this.#class.disabled = false;
    this.#threshold.disabled = false;
    this.#reply();
  }

  /**
   * @param {readonly Ranked[]} ranked empty where there is no photo
   * @param {boolean} [live] whether they are some of many: what changes with every frame can't be read out
   */
  show(ranked, live = false) {
    this.#region.setAttribute('aria-live', live ? 'off' : 'polite');
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
    say(this.#why, entry ? words.answer(nameOf(entry.label, this.#none), entry.probability, threshold) : words.noPhotoYet);
  }
}
