/** @import { Outcome } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { headlineOf, inWords } from '../core/headline.js';
import { Announcer } from './announcer.js';
import { BarList } from './bar-list.js';
import { make, setText } from './dom.js';
import { StableValue } from './stable-value.js';
import { Steady } from './steady.js';

/**
 * @typedef {object} Result
 * @property {Outcome} outcome
 * @property {number} top so many bars
 * @property {Phrase} remark why another network than the one asked for has answered, where one has
 */

/** Nothing to remark. */
export const NO_REMARK = () => '';

/** The verdict, the bars, which network it was and what it took. */
export class ResultPanel {
  #localizer;
  #verdict = make('p', { id: 'verdict', class: 'verdict', part: 'verdict' });
  #confidence = make('p', { id: 'confidence', class: 'confidence', part: 'confidence' });
  #bars = new BarList('ranked');
  #timing = make('p', { id: 'timing', class: 'small timing', part: 'timing' });
  #remark = make('p', { id: 'remark', class: 'small remark', part: 'remark' });
  #announcer;
  /** @type {Result | null} */
  #result = null;
  #stable = new StableValue();
  /** @type {Element[]} what else is read out */
  #spoken = [];

  /** Its parts, for whoever puts more between them. */
  headline = make('div', { class: 'headline' }, this.#verdict, this.#confidence);
  #steady = new Steady(this.headline);
  bars = this.#bars.root;
  root = make(
    'div',
    { id: 'answer', class: 'answer', part: 'answer', hidden: '' },
    this.headline,
    this.bars,
    make('div', { class: 'foot' }, this.#timing, this.#remark),
  );
  /** Outside the panel, because what is hidden isn't read. */
  announcement = make('p', { id: 'announcement', class: 'unseen', role: 'status' });

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#announcer = new Announcer(this.announcement);
    localizer.addEventListener('change', () => this.#render());
  }

  clear() {
    this.#result = null;
    this.#steady.on = false;
    this.#stable = new StableValue();
    this.root.hidden = true;
    this.#bars.clear();
    for (const text of [this.#verdict, this.#confidence, this.#remark, this.#timing]) text.textContent = '';
    for (const fact of Object.keys(this.#timing.dataset)) delete this.#timing.dataset[fact];
    this.#announcer.clear();
  }

  /**
   * @param {Result} result
   * @param {boolean} [live] whether it is one of many
   */
  show(result, live = false) {
    if (!headlineOf(result.outcome)) return;
    const { model, backend, milliseconds, sure } = result.outcome;
    this.#result = { ...result };
    this.root.hidden = false;
    this.root.dataset.sure = String(sure);
    this.root.toggleAttribute('data-live', live);
    this.#steady.on = live;
    // For whoever measures: unrounded.
    Object.assign(this.#timing.dataset, { model, backend, preprocess: String(milliseconds.preprocess), network: String(milliseconds.network) });
    this.#render();
  }

  /**
   * Puts more between the headline and the bars, which is read out with them.
   *
   * @param {HTMLElement} part
   * @param {Element} spoken what of it is read out
   */
  insert(part, spoken) {
    this.headline.after(part);
    this.#spoken.push(spoken);
  }

  /**
   * Lets people pick a class, or no longer.
   * @param {Parameters<BarList['offer']>} how
   */
  offer(...how) {
    this.#bars.offer(...how);
  }

  /** @param {string | null} label the class that has been picked */
  mark(label) {
    this.#bars.mark(label);
  }

  /** Reads the result out. */
  announce() {
    this.#announcer.announce(
      [this.#verdict, this.#confidence, ...this.#spoken, this.#remark]
        .map((part) => part.textContent)
        .join(' ')
        .trim(),
    );
  }

  /** Reads it out where it is one of many: only what lasts, and only once. */
  announceStable() {
    const headline = this.#result && headlineOf(this.#result.outcome);
    if (headline && this.#stable.add(headline.label, performance.now())) this.announce();
  }

  /**
   * The remark on the result shown is another by now.
   * @param {Phrase} remark
   */
  setRemark(remark) {
    if (!this.#result) return;
    this.#result.remark = remark;
    const text = remark(this.#localizer.words);
    if (text === this.#remark.textContent) return;
    this.#renderRemark();
    if (text) this.#announcer.announce(text);
  }

  /** Ends what would go on by itself. */
  rest() {
    this.#announcer.clear();
  }

  #render() {
    if (!this.#result) return;
    const { outcome, top } = this.#result;
    const { words, classNames } = this.#localizer;
    const { verdict, confidence } = inWords(outcome, words, classNames);
    setText(this.#verdict, verdict);
    setText(this.#confidence, confidence);
    this.#bars.show(outcome.ranked.slice(0, top), (label) => classNames.nameOf(label, outcome.info.none), words.percent);
    setText(this.#timing, words.timing(outcome.model, outcome.backend, outcome.milliseconds.preprocess, outcome.milliseconds.network));
    this.#renderRemark();
  }

  #renderRemark() {
    const text = this.#result?.remark(this.#localizer.words) ?? '';
    setText(this.#remark, text);
    this.#remark.hidden = !text;
  }
}
