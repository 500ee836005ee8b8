/** @import { Ranked } from '../core/types.js' */
import { make, setText } from './dom.js';

/** A list of names, each with a bar as long as it is probable. */
export class BarList {
  root;

  /** @param {string} id unique in its document or shadow root */
  constructor(id) {
    this.root = make('ol', { id, class: 'bars', part: 'bars' });
  }

  clear() {
    this.root.replaceChildren();
  }

  /**
   * @param {readonly Ranked[]} entries
   * @param {(label: string) => string} nameOf what people read for a label
   * @param {(share: number) => string} percent how a language writes a share
   */
  show(entries, nameOf, percent) {
    const list = this.root;
    while (list.children.length > entries.length) list.lastElementChild?.remove();
    const fresh = list.children.length === 0;
    entries.forEach((entry, place) => {
      const known = list.children[place];
      const item = known instanceof HTMLLIElement ? known : list.appendChild(makeRow());
      const [label, bar, share] = /** @type {HTMLElement[]} */ ([...item.children]);
      item.dataset.label = entry.label;
      item.dataset.probability = String(entry.probability);
      if (label) setText(label, nameOf(entry.label));
      if (share) setText(share, percent(entry.probability));
      if (fresh) void item.offsetWidth; // a style at zero first, so that the bar grows
      bar?.style.setProperty('--share', String(entry.probability));
    });
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
