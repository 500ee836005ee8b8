/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Row } from './batch.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { LazyPictures } from '../ui/lazy-pictures.js';
import { certaintyOf } from './tally.js';

/** @typedef {'path' | 'answer' | 'probability' | 'certainty'} Column */

/** @type {readonly Column[]} */
const COLUMNS = ['path', 'answer', 'probability', 'certainty'];

/** So many rows are in the document at once: thousands of photos are laid out no slower than these. */
const PAGE = 100;

/** The photos that are to be seen, in the order that is asked for, a page of them at a time. */
export class AnswerTable {
  #localizer;
  #open;
  #pictures = new LazyPictures();
  /** @type {Map<number, HTMLTableRowElement>} those in the document */
  #lines = new Map();
  /** @type {{ column: Column, descending: boolean } | null} */
  #sorting = null;
  /** Compares rows as `#sorting` has it. @type {((a: Row, b: Row) => number) | null} */
  #order = null;
  #heads = COLUMNS.map((column) => ({ column, cell: make('th', { scope: 'col' }), button: makeButton(`sort-${column}`, 'quiet', () => this.#sortBy(column)) }));
  #body = make('tbody');
  #page = 0;
  #previous = makeButton('page-previous', 'button plain', () => this.#turn(-1));
  #next = makeButton('page-next', 'button plain', () => this.#turn(+1));
  #range = make('p', { id: 'page-range', class: 'small', role: 'status' });
  #pager = make('div', { class: 'buttons', hidden: '' }, this.#previous, this.#next, this.#range);
  /** @type {Row[]} what is shown, in this order, on all pages together */
  shown = [];
  root = make(
    'div',
    { class: 'answers' },
    make('div', { class: 'scroll' }, make('table', {}, make('thead', {}, make('tr', {}, ...this.#heads.map(({ cell }) => cell))), this.#body)),
    this.#pager,
  );

  /**
   * @param {Localizer<WordsOfFolder>} localizer
   * @param {(row: Row) => void} open
   */
  constructor(localizer, open) {
    this.#localizer = localizer;
    this.#open = open;
    for (const { cell, button } of this.#heads) cell.append(button);
    localizer.follow(() => {
      this.#forgetAll();
      this.#sort();
      this.render();
    });
  }

  /**
   * Other rows take the place of all; they are seen after `render`.
   * @param {readonly Row[]} rows
   */
  show(rows) {
    this.shown = [...rows];
    this.#page = 0;
    this.#sort();
  }

  /**
   * One more row, where it belongs; it is seen after `render`.
   * @param {Row} row
   */
  add(row) {
    this.shown.splice(this.#placeOf(row), 0, row);
  }

  render() {
    const { folder } = this.#localizer.words;
    const first = this.#page * PAGE;
    const rows = this.shown.slice(first, first + PAGE);
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, line] of this.#lines) {
      if (!wanted.has(id)) this.#forget(id, line);
    }
    rows.forEach((row, place) => {
      const line = this.#lines.get(row.id) ?? this.#makeLine(row);
      // Only what isn't in its place moves, so that the focus stays.
      if (this.#body.children[place] !== line) this.#body.insertBefore(line, this.#body.children[place] ?? null);
    });
    for (const { column, cell, button } of this.#heads) {
      setText(button, folder.columns[column]);
      const sorting = this.#sorting?.column === column ? this.#sorting : null;
      cell.setAttribute('aria-sort', !sorting ? 'none' : sorting.descending ? 'descending' : 'ascending');
    }
    this.#pager.hidden = this.shown.length <= PAGE;
    setText(this.#previous, folder.previous);
    setText(this.#next, folder.next);
    setText(this.#range, folder.range(first + 1, first + rows.length, this.shown.length));
    this.#previous.disabled = first === 0;
    this.#next.disabled = first + PAGE >= this.shown.length;
  }

  /** @param {number} by */
  #turn(by) {
    this.#page += by;
    this.render();
    this.root.scrollIntoView({ block: 'nearest' });
  }

  /** @param {Row} row */
  #headline({ answer }) {
    return answer.specific ?? answer.ranked[0];
  }

  /** @param {Row} row */
  #answerText(row) {
    return this.#localizer.classNames.nameOf(this.#headline(row)?.label ?? '', row.answer.noneLabel);
  }

  /** @param {Column} column */
  #sortBy(column) {
    this.#sorting = { column, descending: this.#sorting?.column === column && !this.#sorting.descending };
    this.#page = 0;
    this.#sort();
    this.render();
  }

  #sort() {
    this.#order = this.#sorting && this.#comparison(this.#sorting);
    if (this.#order) this.shown.sort(this.#order);
  }

  /** @param {{ column: Column, descending: boolean }} sorting */
  #comparison({ column, descending }) {
    const collator = new Intl.Collator(this.#localizer.words.code, { numeric: true });
    /** @param {Row} row */
    const text = (row) => (column === 'path' ? row.path : column === 'answer' ? this.#answerText(row) : certaintyOf(row.answer));
    /** @param {Row} row */
    const share = (row) => this.#headline(row)?.probability ?? 0;
    /** @param {Row} a @param {Row} b */
    return (a, b) => (column === 'probability' ? share(a) - share(b) : collator.compare(text(a), text(b))) * (descending ? -1 : 1);
  }

  /** Behind all rows that come before it or are its equals. @param {Row} row */
  #placeOf(row) {
    if (!this.#order) return this.shown.length;
    let [low, high] = [0, this.shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.shown[middle];
      if (other && this.#order(other, row) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {Row} row */
  #makeLine(row) {
    const { folder } = this.#localizer.words;
    const canvas = make('canvas', { 'aria-hidden': 'true' });
    const name = makeButton(`photo-${row.id}`, 'quiet', () => this.#open(row));
    setText(name, row.path);
    const certainty = certaintyOf(row.answer);
    const line = make(
      'tr',
      { 'data-certainty': certainty },
      make('td', {}, make('div', { class: 'photo' }, canvas, name)),
      make('td', {}, this.#answerText(row)),
      make('td', {}, folder.percent(this.#headline(row)?.probability ?? 0)),
      make('td', {}, folder[certainty]),
    );
    line.addEventListener('click', ({ target }) => {
      if (target !== name) name.click(); // which takes the focus, too
    });
    this.#pictures.watch(canvas, row.thumbnail);
    this.#lines.set(row.id, line);
    return line;
  }

  #forgetAll() {
    for (const [id, line] of this.#lines) this.#forget(id, line);
  }

  /**
   * @param {number} id
   * @param {HTMLTableRowElement} line
   */
  #forget(id, line) {
    const canvas = line.querySelector('canvas');
    if (canvas) this.#pictures.forget(canvas);
    line.remove();
    this.#lines.delete(id);
  }
}
