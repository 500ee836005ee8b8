/** @import { AtThreshold, Curves } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { byId, make, setText } from '../ui/dom.js';
import { PrecisionRecallChart } from './precision-recall-chart.js';

/** The precision that a button finds a threshold for. */
const WANTED = 0.95;
/** Thresholds are whole percents, from 1 to 99. */
const percents = (/** @type {number} */ threshold) => Math.min(99, Math.max(1, Math.ceil(threshold * 100 - 1e-6))) / 100;

/** How good the answers to a question of yes or no are at the threshold, and where it would be better. */
export class QuestionFigures {
  #localizer;
  #root = byId('ask-figures', HTMLElement);
  #text = byId('ask-figures-text', HTMLElement);
  #bestF1 = byId('ask-best-f1', HTMLButtonElement);
  #precise = byId('ask-precise', HTMLButtonElement);
  #sources = byId('ask-sources', HTMLDetailsElement);
  #rows = byId('ask-source-rows', HTMLElement);
  #chart = new PrecisionRecallChart(byId('ask-chart', SVGSVGElement));
  /** @type {Curves | null} */
  #curves = null;
  #threshold = 0.5;

  /**
   * @param {Localizer} localizer
   * @param {(threshold: number) => void} choose
   */
  constructor(localizer, choose) {
    this.#localizer = localizer;
    for (const [button, find] of /** @type {const} */ ([
      [this.#bestF1, bestF1],
      [this.#precise, precise],
    ])) {
      button.addEventListener('click', () => {
        const point = this.#curves && find(this.#curves.all);
        if (point) choose(percents(point.threshold));
      });
    }
    localizer.follow(() => this.#render());
  }

  /** @param {Curves | null} curves null where nothing is known */
  show(curves) {
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
    this.#root.hidden = !first || first.positives === 0;
    if (this.#root.hidden || !first) return;
    const at = pointAt(all, this.#threshold);
    this.#chart.mark(at);
    setText(this.#text, at ? words.figuresAt(at) : words.neverYes(first));
    setText(this.#bestF1, words.bestF1);
    setText(this.#precise, words.withPrecision(WANTED));
    this.#precise.disabled = !precise(all);
    byId('ask-chart', SVGSVGElement).setAttribute('aria-label', words.curveOf(first));
    this.#sources.hidden = sources.length < 2;
    this.#rows.replaceChildren(...sources.map(({ source, points }) => row(source, pointAt(points, this.#threshold), points[0], words.percent.bind(words))));
  }
}

/**
 * The figures at a threshold: they change at the points alone.
 *
 * @param {readonly AtThreshold[]} points
 * @param {number} threshold
 * @returns {AtThreshold | null} null where no answer is yes
 */
function pointAt(points, threshold) {
  return points.find((point) => point.threshold >= threshold) ?? null;
}

/** @param {readonly AtThreshold[]} points */
function bestF1(points) {
  return points.reduce((best, point) => (point.f1 >= best.f1 ? point : best), /** @type {AtThreshold} */ (points[0]));
}

/** @param {readonly AtThreshold[]} points */
function precise(points) {
  return points.find(({ precision, recall }) => precision >= WANTED && recall > 0) ?? null;
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
