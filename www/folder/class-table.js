/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { ClassCount } from './tally.js' */
import { make, makeButton, setText } from '../ui/dom.js';

/** @typedef {{ line: HTMLTableRowElement, name: HTMLButtonElement, count: HTMLElement, sure: HTMLElement }} Line */

/** How many photos each class has, the commonest first; a class that is pressed is shown alone. */
export class ClassTable {
  #localizer;
  #choose;
  #caption = make('caption');
  #heads = /** @type {const} */ (['name', 'count', 'sure']).map((column) => ({ column, cell: make('th', { scope: 'col' }) }));
  #body = make('tbody');
  /** @type {Map<string, Line>} */
  #lines = new Map();
  #made = 0;

  root = make('table', { class: 'classes' }, this.#caption, make('thead', {}, make('tr', {}, ...this.#heads.map(({ cell }) => cell))), this.#body);

  /**
   * @param {Localizer<WordsOfFolder>} localizer
   * @param {(label: string | null) => void} choose with a class that is to be shown alone, or null for all of them again
   */
  constructor(localizer, choose) {
    this.#localizer = localizer;
    this.#choose = choose;
  }

  /**
   * @param {readonly ClassCount[]} classes
   * @param {string | null} chosen
   */
  show(classes, chosen) {
    const { words, classNames } = this.#localizer;
    const { folder } = words;
    setText(this.#caption, folder.classes.caption);
    for (const { column, cell } of this.#heads) setText(cell, folder.classes[column]);
    const wanted = new Set(classes.map(({ label }) => label));
    for (const [label, { line }] of this.#lines) {
      if (wanted.has(label)) continue;
      line.remove();
      this.#lines.delete(label);
    }
    const focused = document.activeElement;
    const sorted = [...classes].sort((a, b) => b.count - a.count);
    sorted.forEach(({ label, noneLabel, count, sure }, place) => {
      const line = this.#lines.get(label) ?? this.#makeLine(label);
      setText(line.name, classNames.nameOf(label, noneLabel));
      line.name.setAttribute('aria-pressed', String(label === chosen));
      setText(line.count, folder.number(count));
      setText(line.sure, folder.number(sure));
      if (this.#body.children[place] !== line.line) this.#body.insertBefore(line.line, this.#body.children[place] ?? null);
    });
    // What moves loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.#body.contains(focused)) focused.focus();
  }

  /** @param {string} label */
  #makeLine(label) {
    const name = makeButton(`class-${(this.#made += 1)}`, 'quiet', () => this.#choose(name.getAttribute('aria-pressed') === 'true' ? null : label));
    const [count, sure] = [make('td'), make('td')];
    const made = { name, count, sure, line: make('tr', { 'data-label': label }, make('th', { scope: 'row' }, name), count, sure) };
    this.#lines.set(label, made);
    return made;
  }
}
