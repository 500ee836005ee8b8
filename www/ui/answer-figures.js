/** @import { AtThreshold, Curves } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { pointAt } from '../core/question.js';
import { make, setText } from './dom.js';
import { PrecisionRecallChart } from './precision-recall-chart.js';
import { shape } from './svg.js';

/** Heads of the table of sources, by their words. */
const HEADS = /** @type {const} */ (['origin', 'precision', 'recall', 'f1', 'pictures']);

/**
 * How good the answers to a question of yes or no are at the threshold: in a sentence, by source, and as a mark on the curve.
 * Whoever has it may put more below the sentence (`beside`).
 */
export class AnswerFigures {
  #localizer;
  #drawn = shape('svg', { role: 'img' });
  #chart = new PrecisionRecallChart(this.#drawn);
  #text = make('p', { class: 'small', part: 'figures' });
  #summary = make('summary');
  #heads = HEADS.map((word) => ({ word, cell: make('th', { scope: 'col' }) }));
  #rows = make('tbody');
  #table = make('table', {}, make('thead', {}, make('tr', {}, ...this.#heads.map(({ cell }) => cell))), this.#rows);
  #scroll = make('div', { class: 'scroll', tabindex: '0', role: 'group' }, this.#table);
  #sources = make('details', { hidden: '' }, this.#summary, this.#scroll);
  /** @type {Curves | null} */
  #curves = null;
  #threshold = 0.5;

  beside = make('div', {}, this.#text);
  root = make('div', { class: 'answer-figures', hidden: '' }, this.#drawn, this.beside, this.#sources);

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    localizer.follow(() => this.#render());
  }

  /** @param {boolean} drawn whether there is a picture of the curve */
  draw(drawn) {
    this.#drawn.toggleAttribute('hidden', !drawn);
    this.root.toggleAttribute('data-undrawn', !drawn);
  }

  /** @param {Curves | null} curves null where nothing is known */
  show(curves) {
    if (curves === this.#curves) return;
    this.#curves = curves;
    this.#chart.draw(curves?.all ?? []);
    this.#render();
  }

  /** @param {number} threshold */
  mark(threshold) {
    this.#threshold = threshold;
    this.#render();
  }

  #render() {
    const { words } = this.#localizer;
    const { all, sources } = this.#curves ?? { all: [], sources: [] };
    const [first] = all;
    this.root.hidden = !first || first.positives === 0;
    if (this.root.hidden || !first) return;
    const at = pointAt(all, this.#threshold);
    this.#chart.mark(at);
    setText(this.#text, at ? words.figuresAt(at) : words.neverYes(first));
    this.#drawn.setAttribute('aria-label', words.curveOf(first));
    this.#sources.hidden = sources.length < 2;
    setText(this.#summary, words.page.bySource);
    this.#scroll.setAttribute('aria-label', words.page.bySource);
    for (const { word, cell } of this.#heads) setText(cell, word === 'f1' ? 'F1' : words.page[word]);
    const percent = words.percent.bind(words);
    this.#rows.replaceChildren(...sources.map(({ source, points }) => row(source, pointAt(points, this.#threshold), points[0], percent)));
  }
}

/**
 * @param {string} source
 * @param {AtThreshold | null} at
 * @param {AtThreshold | undefined} any for the numbers of pictures
 * @param {(share: number) => string} percent
 */
function row(source, at, any, percent) {
  const name = source.replace(/ \(.*$/s, ''); // what follows is how the pictures were found
  const share = (/** @type {number | undefined} */ value) => (value === undefined || !any?.positives ? '–' : percent(value));
  const cells = [share(at?.precision), share(at ? at.recall : 0), share(at ? at.f1 : 0), `${any?.positives ?? 0} / ${any?.pictures ?? 0}`];
  return make('tr', {}, make('th', { scope: 'row' }, name), ...cells.map((text) => make('td', {}, text)));
}
