/** @import { Info, Ranked } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { Announcer } from '../ui/announcer.js';
import { byId, make, setText } from '../ui/dom.js';

/** “Is it a cat?”: yes or no, from one class's probability and a threshold. */
export class Question {
  #localizer;
  #class = byId('ask-class', HTMLSelectElement);
  #threshold = byId('threshold', HTMLInputElement);
  #thresholdValue = byId('threshold-value', HTMLOutputElement);
  #answer = byId('ask-answer', HTMLElement);
  #why = byId('ask-why', HTMLElement);
  #announcer = new Announcer(byId('ask-announcement', HTMLElement));
  /** @type {string | null} */
  #none = null;
  /** @type {readonly Ranked[]} */
  #ranked = [];

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    for (const [control, event] of /** @type {const} */ ([
      [this.#class, 'change'],
      [this.#threshold, 'input'],
    ])) {
      control.addEventListener(event, () => {
        this.#reply();
        this.#announce();
      });
    }
    localizer.follow(() => {
      for (const option of this.#class.options) setText(option, this.#optionText(option.value));
      this.#reply();
    });
  }

  /**
   * The classes to ask for; one that the network before had, too, stays chosen.
   * @param {Info} info
   */
  offer({ classes, none }) {
    const { value } = this.#class;
    this.#none = none;
    this.#class.replaceChildren(...classes.map((label) => make('option', { value: label }, this.#optionText(label))));
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

  /** @param {string} label */
  #optionText(label) {
    const { words, classNames } = this.#localizer;
    return words.question(classNames.thing(label, this.#none));
  }

  #announce() {
    this.#announcer.announce(
      [this.#answer, this.#why]
        .map((part) => part.textContent)
        .join(' ')
        .trim(),
    );
  }

  #reply() {
    const { words, classNames } = this.#localizer;
    const threshold = Number(this.#threshold.value) / 100;
    setText(this.#thresholdValue, words.percent(threshold));
    this.#threshold.setAttribute('aria-valuetext', words.percent(threshold));
    const entry = this.#ranked.find(({ label }) => label === this.#class.value);
    const yes = entry && entry.probability >= threshold;
    this.#answer.dataset.answer = entry ? (yes ? 'yes' : 'no') : '';
    setText(this.#answer, entry ? (yes ? words.yes : words.no) : '');
    setText(this.#why, entry ? words.answer(classNames.nameOf(entry.label, this.#none), entry.probability, threshold) : words.noPhotoYet);
  }
}
