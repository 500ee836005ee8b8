/** @import { Curves, Info, Ranked } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { groups } from '../core/groups.js';
import { probabilityOf } from '../core/question.js';
import { Announcer } from '../ui/announcer.js';
import { byId, make, setText } from '../ui/dom.js';
import { Steady } from '../ui/steady.js';
import { QuestionFigures } from './question-figures.js';

/** How the options are called that aren't one class: no class can be called so. */
const GROUP = 'group:';
const SEVERAL = 'several:';

/** “Is it a cat?” or “Is it an animal?”: yes or no, from the probability of one class or of several, and a threshold. */
export class Question {
  #localizer;
  #select = byId('ask-class', HTMLSelectElement);
  #several = byId('ask-several', HTMLFieldSetElement);
  #choices = byId('ask-choices', HTMLElement);
  #threshold = byId('threshold', HTMLInputElement);
  #thresholdValue = byId('threshold-value', HTMLOutputElement);
  #answer = byId('ask-answer', HTMLElement);
  #why = byId('ask-why', HTMLElement);
  #announcer = new Announcer(byId('ask-announcement', HTMLElement));
  #steady = new Steady(byId('ask-reply', HTMLElement));
  #figures;
  #fetchCurves;
  /** @type {string | null} */
  #none = null;
  /** @type {readonly Ranked[]} */
  #ranked = [];
  /** Of the latest question: how often it has changed. */
  #turn = 0;

  /**
   * @param {Localizer} localizer
   * @param {(classes: readonly string[]) => Promise<Curves | null>} fetchCurves how good the answers of the present network are
   */
  constructor(localizer, fetchCurves) {
    this.#localizer = localizer;
    this.#fetchCurves = fetchCurves;
    this.#figures = new QuestionFigures(localizer, (threshold) => {
      this.#threshold.value = String(threshold * 100);
      this.#reply();
      this.#announce();
    });
    this.#select.addEventListener('change', () => this.#ask());
    this.#choices.addEventListener('change', () => this.#ask());
    this.#threshold.addEventListener('input', () => {
      this.#reply();
      this.#announce();
    });
    localizer.follow(() => {
      for (const option of this.#select.options) setText(option, this.#optionText(option.value));
      for (const label of this.#choices.querySelectorAll('label'))
        setText(/** @type {Element} */ (label.lastElementChild), this.#nameOf(label.dataset.label ?? ''));
      setText(byId('ask-several-legend', HTMLElement), localizer.words.severalClasses);
      this.#reply();
    });
  }

  /**
   * The classes to ask for; what could be asked of the network before, too, stays chosen.
   * @param {Info} info
   */
  offer({ classes, none }) {
    const { value } = this.#select;
    const before = this.#checked;
    this.#none = none;
    const kinds = Object.entries(groups).filter(([, members]) => members.every((label) => classes.includes(label)));
    const values = [...classes, ...kinds.map(([kind]) => GROUP + kind), ...(classes.length > 2 ? [SEVERAL] : [])];
    this.#select.replaceChildren(...values.map((each) => make('option', { value: each }, this.#optionText(each))));
    if (values.includes(value)) this.#select.value = value;
    this.#choices.replaceChildren(...classes.map((label) => this.#makeChoice(label, before.includes(label))));
    this.#select.disabled = false;
    this.#threshold.disabled = false;
    this.#ask(false);
  }

  /**
   * @param {readonly Ranked[]} ranked empty where there is no photo
   * @param {boolean} [live] whether they are some of many: what changes with every frame can't be read out
   */
  show(ranked, live = false) {
    this.#ranked = ranked;
    this.#steady.on = live;
    this.#reply();
    if (ranked.length === 0) this.#announcer.clear();
    else if (!live) this.#announce();
  }

  /**
   * @param {string} label
   * @param {boolean} checked
   */
  #makeChoice(label, checked) {
    const box = make('input', { type: 'checkbox', value: label });
    box.checked = checked;
    return make('label', { 'data-label': label }, box, make('span', {}, this.#nameOf(label)));
  }

  /** The classes whose boxes are checked. */
  get #checked() {
    return [...this.#choices.querySelectorAll('input')].filter(({ checked }) => checked).map((box) => box.value);
  }

  /** The classes that are asked for. */
  #chosen() {
    const { value } = this.#select;
    if (value === SEVERAL) return this.#checked;
    if (value.startsWith(GROUP)) return groups[/** @type {keyof typeof groups} */ (value.slice(GROUP.length))];
    return value ? [value] : [];
  }

  /** @param {string} value */
  #optionText(value) {
    const { words, classNames } = this.#localizer;
    if (value === SEVERAL) return words.oneOfSeveral;
    if (value.startsWith(GROUP)) return words.question(words.groups[/** @type {keyof typeof groups} */ (value.slice(GROUP.length))]);
    return words.question(classNames.thing(value, this.#none));
  }

  /** @param {string} label */
  #nameOf(label) {
    return this.#localizer.classNames.nameOf(label, this.#none);
  }

  #announce() {
    this.#announcer.announce(
      [this.#answer, this.#why]
        .map((part) => part.textContent)
        .join(' ')
        .trim(),
    );
  }

  /**
   * Another question.
   * @param {boolean} [announced]
   */
  #ask(announced = true) {
    this.#several.hidden = this.#select.value !== SEVERAL;
    this.#reply();
    if (announced) this.#announce();
    void this.#measure();
  }

  /** Finds out how good the answers are. Where that fails, so does what a photo is asked, and says why. */
  async #measure() {
    this.#turn += 1;
    const turn = this.#turn;
    const classes = this.#chosen();
    const curves = classes.length === 0 ? null : await this.#fetchCurves(classes).catch(() => null);
    if (turn !== this.#turn) return;
    this.#figures.show(curves);
    this.#figures.mark(Number(this.#threshold.value) / 100);
  }

  #reply() {
    const { words } = this.#localizer;
    const threshold = Number(this.#threshold.value) / 100;
    setText(this.#thresholdValue, words.percent(threshold));
    this.#threshold.setAttribute('aria-valuetext', words.percent(threshold));
    this.#figures.mark(threshold);
    const classes = this.#chosen();
    const found = probabilityOf(this.#ranked, classes);
    const answered = found !== null;
    const probability = found ?? 0;
    const yes = probability >= threshold;
    this.#answer.dataset.answer = answered ? (yes ? 'yes' : 'no') : '';
    setText(this.#answer, answered ? (yes ? words.yes : words.no) : '');
    setText(
      this.#why,
      answered ? words.answer(this.#askedFor(classes), probability, threshold) : this.#ranked.length > 0 ? words.noClassChosen : words.noPhotoYet,
    );
  }

  /** @param {readonly string[]} classes */
  #askedFor(classes) {
    const { value } = this.#select;
    if (value.startsWith(GROUP)) return this.#localizer.words.groups[/** @type {keyof typeof groups} */ (value.slice(GROUP.length))];
    return this.#localizer.words.list(classes.map((label) => this.#nameOf(label)));
  }
}
