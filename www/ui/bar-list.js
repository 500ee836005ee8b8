/** @import { Ranked } from '../core/types.js' */
import { make, setText } from './dom.js';

/** A list of names, each with a bar as long as it is probable. */
export class BarList {
  /** @type {((label: string) => void) | null} */
  #pick = null;
  #onFocus = false;
  /** @type {string | null} */
  #picked = null;
  /** @type {Parameters<BarList['show']> | null} */
  #shown = null;

  root;

  /** @param {string} id unique in its document or shadow root */
  constructor(id) {
    this.root = make('ol', { id, class: 'bars', part: 'bars' });
  }

  clear() {
    this.#shown = null;
    this.root.replaceChildren();
  }

  /**
   * Makes each name a button, or a text again.
   * @param {((label: string) => void) | null} pick
   * @param {{ onFocus?: boolean }} [how] whether the keyboard picks a name where it gets to one
   */
  offer(pick, { onFocus = false } = {}) {
    this.#pick = pick;
    this.#onFocus = onFocus;
    if (this.#shown) this.show(...this.#shown);
  }

  /**
   * Tells which name has been picked.
   * @param {string | null} label
   */
  mark(label) {
    if (label === this.#picked) return;
    this.#picked = label;
    if (this.#shown) this.show(...this.#shown);
  }

  /**
   * @param {readonly Ranked[]} entries
   * @param {(label: string) => string} nameOf what people read for a label
   * @param {(share: number) => string} percent how a language writes a share
   */
  show(entries, nameOf, percent) {
    this.#shown = [entries, nameOf, percent];
    const list = this.root;
    while (list.children.length > entries.length) list.lastElementChild?.remove();
    const fresh = list.children.length === 0;
    entries.forEach((entry, place) => {
      const known = list.children[place];
      const item = known instanceof HTMLLIElement ? known : list.appendChild(makeRow());
      const [label, bar, share] = /** @type {HTMLElement[]} */ ([...item.children]);
      item.dataset.label = entry.label;
      item.dataset.probability = String(entry.probability);
      if (label) this.#name(label, nameOf(entry.label), entry.label);
      if (share) setText(share, percent(entry.probability));
      if (fresh) void item.offsetWidth; // a style at zero first, so that the bar grows
      bar?.style.setProperty('--share', String(entry.probability));
    });
  }

  /**
   * @param {HTMLElement} place
   * @param {string} name
   * @param {string} label
   */
  #name(place, name, label) {
    const pick = this.#pick;
    const before = place.firstElementChild;
    if (!pick) {
      before?.remove();
      setText(place, name);
      return;
    }
    const button = before instanceof HTMLButtonElement ? before : make('button', { type: 'button', class: 'quiet subject' });
    if (!before) place.replaceChildren(button);
    button.setAttribute('aria-pressed', String(label === this.#picked));
    button.onclick = () => pick(label);
    button.onfocus = this.#onFocus ? () => button.matches(':focus-visible') && label !== this.#picked && pick(label) : null;
    setText(button, name);
  }
}

function makeRow() {
  return make(
    'li',
    {},
    make('span', { class: 'label', part: 'label' }),
    make('span', { class: 'bar', part: 'bar', 'aria-hidden': 'true' }),
    make('span', { class: 'share', part: 'share' }),
  );
}
