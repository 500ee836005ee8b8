/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Metrics } from './types.js' */
import { make, setText } from '../ui/dom.js';

/** Of more classes than this, nobody sees anything in a matrix. */
const MOST = 40;

/** Where each key leads from a cell, in a matrix that ends there. @type {Record<string, (row: number, column: number, last: number, all: boolean) => [number, number]>} */
const KEYS = {
  ArrowUp: (row, column) => [Math.max(0, row - 1), column],
  ArrowDown: (row, column, last) => [Math.min(last, row + 1), column],
  ArrowLeft: (row, column) => [row, Math.max(0, column - 1)],
  ArrowRight: (row, column, last) => [row, Math.min(last, column + 1)],
  Home: (row, _column, _last, all) => [all ? 0 : row, 0],
  End: (row, _column, last, all) => [all ? last : row, last],
};

/**
 * What pictures are, and what they were called. One cell at a time is in the order of Tab; arrow keys go to the others, and a
 * cell that is clicked, or chosen by Enter, is told in words.
 */
export class ConfusionMatrix {
  #localizer;
  #hint = make('p', { class: 'small', id: 'confusion-hint' });
  #place = make('div', { class: 'scroll' });
  #told = make('p', { id: 'cell', role: 'status' });
  /** @type {HTMLTableCellElement[][]} */
  #cells = [];
  /** @type {{ metrics: Metrics, labels: readonly string[], none: string | null } | null} */
  #shown = null;
  /** @type {[number, number] | null} the cell that is told */
  #chosen = null;
  /** @type {[number, number]} the cell that Tab leads to */
  #current = [0, 0];

  root = make('div', { class: 'confusion' }, this.#hint, this.#place, this.#told);

  /** @param {Localizer<WordsOfCard>} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#place.addEventListener('click', (event) => {
      const found = this.#find(event.target);
      if (found) this.#choose(...found);
    });
    this.#place.addEventListener('keydown', (event) => this.#press(event));
  }

  /**
   * @param {Metrics} metrics
   * @param {readonly string[]} labels of its rows and columns
   * @param {string | null} none the class that means none of the others
   */
  show(metrics, labels, none) {
    if (metrics !== this.#shown?.metrics) {
      this.#chosen = null;
      this.#current = [0, 0];
    }
    this.#shown = { metrics, labels, none };
    this.#render();
  }

  #render() {
    const { words, classNames } = this.#localizer;
    const { card: own } = words;
    if (!this.#shown) return;
    const { metrics, labels, none } = this.#shown;
    const many = labels.length > MOST;
    setText(this.#hint, many ? own.tooMany(labels.length) : own.confusionHint);
    this.#place.hidden = many;
    const names = labels.map((label) => classNames.nameOf(label, none));
    if (many) this.#cells = [];
    else {
      const focused = this.#place.contains(document.activeElement);
      this.#cells = metrics.confusion.map((row) => row.map((count) => make('td', { tabindex: '-1', 'aria-selected': 'false' }, own.number(count))));
      this.#shade(metrics.confusion);
      const head = make(
        'tr',
        {},
        make('th', { scope: 'col' }, make('span', { class: 'unseen' }, own.isCalled)),
        ...names.map((name) => make('th', { scope: 'col' }, make('span', {}, name))),
      );
      const body = this.#cells.map((cells, at) => make('tr', {}, make('th', { scope: 'row' }, names[at] ?? ''), ...cells));
      const label = { role: 'grid', 'aria-label': words.card.page.confusionHeading, 'aria-describedby': 'confusion-hint' };
      this.#place.replaceChildren(make('table', label, make('thead', {}, head), make('tbody', {}, ...body)));
      this.#move(...this.#current);
      if (focused) this.#cell(...this.#current)?.focus();
    }
    if (this.#chosen) this.#choose(...this.#chosen);
    else setText(this.#told, '');
  }

  /** The more of a class were called so, the darker. @param {readonly (readonly number[])[]} confusion */
  #shade(confusion) {
    confusion.forEach((row, is) => {
      const of = row.reduce((sum, count) => sum + count, 0);
      row.forEach((count, called) => {
        const cell = this.#cell(is, called);
        cell?.classList.toggle('hit', is === called);
        cell?.style.setProperty('--share', String(of === 0 ? 0 : Math.sqrt(count / of)));
      });
    });
  }

  /** @param {number} row @param {number} column */
  #cell(row, column) {
    return this.#cells[row]?.[column];
  }

  /** @param {EventTarget | null} target @returns {[number, number] | null} */
  #find(target) {
    const cell = target instanceof Element ? target.closest('td') : null;
    const row = this.#cells.findIndex((cells) => cell && cells.includes(cell));
    return cell && row >= 0 ? [row, this.#cells[row]?.indexOf(cell) ?? 0] : null;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, ctrlKey } = event;
    if (key === 'Enter' || key === ' ') this.#choose(...this.#current);
    else {
      const next = KEYS[key]?.(...this.#current, this.#cells.length - 1, ctrlKey);
      if (!next) return;
      this.#move(...next);
      this.#cell(...next)?.focus();
    }
    event.preventDefault();
  }

  /** @param {number} row @param {number} column */
  #move(row, column) {
    this.#cell(...this.#current)?.setAttribute('tabindex', '-1');
    this.#current = [row, column];
    this.#cell(row, column)?.setAttribute('tabindex', '0');
  }

  /** @param {number} row @param {number} column */
  #choose(row, column) {
    if (!this.#shown) return;
    const { metrics, labels, none } = this.#shown;
    const { words, classNames } = this.#localizer;
    for (const cell of this.#cells.flat()) cell.setAttribute('aria-selected', 'false');
    this.#cell(row, column)?.setAttribute('aria-selected', 'true');
    this.#chosen = [row, column];
    this.#move(row, column);
    const counts = metrics.confusion[row] ?? [];
    const of = counts.reduce((sum, count) => sum + count, 0);
    const [is, called] = [row, column].map((at) => classNames.nameOf(labels[at] ?? '', none));
    setText(this.#told, words.card.cell(is ?? '', called ?? '', counts[column] ?? 0, of));
  }
}
