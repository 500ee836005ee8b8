/** @import { AtThreshold, Curves } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { bestF1, wholePercents, withPrecision } from '../core/question.js';
import { AnswerFigures } from '../ui/answer-figures.js';
import { byId, make, makeButton, setText } from '../ui/dom.js';

/** The precision that a button finds a threshold for. */
const WANTED = 0.95;

/** How good the answers to a question of yes or no are at the threshold, and buttons for where they would be better. */
export class QuestionFigures {
  #localizer;
  #choose;
  #figures;
  #bestF1 = makeButton('ask-best-f1', 'quiet', () => this.#go(bestF1));
  #precise = makeButton('ask-precise', 'quiet', () => this.#go((points) => withPrecision(points, WANTED)));
  /** @type {readonly AtThreshold[]} */
  #points = [];

  /**
   * @param {Localizer} localizer
   * @param {(threshold: number) => void} choose
   */
  constructor(localizer, choose) {
    this.#localizer = localizer;
    this.#choose = choose;
    this.#figures = new AnswerFigures(localizer);
    this.#figures.root.id = 'ask-figures';
    this.#figures.beside.append(make('p', { class: 'ways' }, this.#bestF1, this.#precise));
    byId('ask-figures', HTMLElement).replaceWith(this.#figures.root);
    localizer.follow(() => this.#render());
  }

  /** @param {Curves | null} curves null where nothing is known */
  show(curves) {
    this.#points = curves?.all ?? [];
    this.#figures.show(curves);
    this.#render();
  }

  /** @param {number} threshold */
  mark(threshold) {
    this.#figures.mark(threshold);
  }

  /** @param {(points: readonly AtThreshold[]) => AtThreshold | null} find */
  #go(find) {
    const point = find(this.#points);
    if (point) this.#choose(wholePercents(point.threshold));
  }

  #render() {
    const { words } = this.#localizer;
    setText(this.#bestF1, words.bestF1);
    setText(this.#precise, words.withPrecision(WANTED));
    this.#precise.disabled = !withPrecision(this.#points, WANTED);
  }
}
