/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Answer, Row } from './batch.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { LazyPictures } from '../ui/lazy-pictures.js';

/** @typedef {'path' | 'answer' | 'probability' | 'certainty'} Column */

/** @type {readonly Column[]} */
const COLUMNS = ['path', 'answer', 'probability', 'certainty'];

/** @param {Answer} answer */
export const certaintyOf = ({ sure, none }) => (!sure ? 'unsure' : none ? 'none' : 'sure');

/** A row for each photo that is to be seen, in the order that is asked for. */
export class AnswerTable {
  #localizer;
  #open;
  #pictures = new LazyPictures();
  /** @type {Map<number, HTMLTableRowElement>} */
  #lines = new Map();
  /** @type {{ column: Column, descending: boolean } | null} */
  #sorting = null;
  #heads = COLUMNS.map((column) => ({ column, cell: make('th', { scope: 'col' }), button: makeButton(`sort-${column}`, 'quiet', () => this.#sortBy(column)) }));
  #body = make('tbody');
  /** @type {readonly Row[]} */
  #rows = [];

  /** @type {Row[]} what is shown, in this order */
  shown = [];
  root = make('table', { class: 'answers' }, make('thead', {}, make('tr', {}, ...this.#heads.map(({ cell }) => cell))), this.#body);

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
      this.show(this.#rows);
    });
  }

  /** @param {readonly Row[]} rows */
  show(rows) {
    this.#rows = rows;
    this.shown = this.#sorted(rows);
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, line] of this.#lines) {
      if (!wanted.has(id)) this.#forget(id, line);
    }
    this.shown.forEach((row, place) => {
      const line = this.#lines.get(row.id) ?? this.#makeLine(row);
      // Only what isn't in its place moves, so that the focus stays.
      if (this.#body.children[place] !== line) this.#body.insertBefore(line, this.#body.children[place] ?? null);
    });
    const { columns } = this.#localizer.words.folder;
    for (const { column, cell, button } of this.#heads) {
      setText(button, columns[column]);
      const sorting = this.#sorting?.column === column ? this.#sorting : null;
      cell.setAttribute('aria-sort', !sorting ? 'none' : sorting.descending ? 'descending' : 'ascending');
    }
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
    this.show(this.#rows);
  }

  /** @param {readonly Row[]} rows */
  #sorted(rows) {
    const sorted = [...rows];
    if (!this.#sorting) return sorted;
    const { column, descending } = this.#sorting;
    const { code } = this.#localizer.words;
    const collator = new Intl.Collator(code, { numeric: true });
    /** @param {Row} row */
    const text = (row) => (column === 'path' ? row.path : column === 'answer' ? this.#answerText(row) : certaintyOf(row.answer));
    /** @param {Row} row */
    const share = (row) => this.#headline(row)?.probability ?? 0;
    sorted.sort((a, b) => (column === 'probability' ? share(a) - share(b) : collator.compare(text(a), text(b))) * (descending ? -1 : 1));
    return sorted;
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
