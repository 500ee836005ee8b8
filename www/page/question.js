/** @import { Info, Ranked } from '../core/types.js' */
import { names, words } from './words.js';
import { Announcer } from '../ui/announcer.js';
import { get, make, say } from '../ui/dom.js';

/** “Is it a cat?”: yes or no, from one class's probability and a threshold. */
export class Question {
  #class = get('ask-class', HTMLSelectElement);
  #threshold = get('threshold', HTMLInputElement);
  #thresholdValue = get('threshold-value', HTMLOutputElement);
  #answer = get('ask-answer', HTMLElement);
  #why = get('ask-why', HTMLElement);
  #announcer = new Announcer(get('ask-announcement', HTMLElement));
  /** @type {string | null} */
  #none = null;
  /** @type {readonly Ranked[]} */
  #ranked = [];

  constructor() {
    for (const [control, event] of /** @type {const} */ ([[this.#class, 'change'], [this.#threshold, 'input']])) {
      control.addEventListener(event, () => {
        this.#reply();
        this.#announce();
      });
    }
    this.#reply();
  }

  /**
   * The classes to ask for; one that the network before had, too, stays chosen.
   * @param {Info} info
   */
  offer({ classes, none }) {
    const { value } = this.#class;
    this.#none = none;
    this.#class.replaceChildren(...classes.map((label) => make('option', { value: label }, words.question(names.thing(label, none)))));
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
    this.#ranked = ranked;
    this.#reply();
    if (ranked.length === 0) this.#announcer.clear();
    else if (!live) this.#announce();
  }

  #announce() {
    this.#announcer.tell([this.#answer, this.#why].map((part) => part.textContent).join(' ').trim());
  }

  #reply() {
    const threshold = Number(this.#threshold.value) / 100;
    say(this.#thresholdValue, words.percent(threshold));
    this.#threshold.setAttribute('aria-valuetext', words.percent(threshold));
    const entry = this.#ranked.find(({ label }) => label === this.#class.value);
    const yes = entry && entry.probability >= threshold;
    this.#answer.dataset.answer = entry ? (yes ? 'yes' : 'no') : '';
    say(this.#answer, entry ? (yes ? words.yes : words.no) : '');
    say(this.#why, entry ? words.answer(names.nameOf(entry.label, this.#none), entry.probability, threshold) : words.noPhotoYet);
  }
}
