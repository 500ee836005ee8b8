/** @import { Ranked } from '../core/types.js' */
import { make, say } from './dom.js';

/** A list of names, each with a bar as long as it is probable. */
export class Bars {
  #list;
  #percent;

  /**
   * @param {HTMLOListElement} list
   * @param {(share: number) => string} percent how a language writes a share
   */
  constructor(list, percent) {
    this.#list = list;
    this.#percent = percent;
  }

  /**
   * @param {readonly Ranked[]} entries
   * @param {(label: string) => string} name what people read for a label
   */
  show(entries, name) {
    const list = this.#list;
    while (list.children.length > entries.length) list.lastElementChild?.remove();
    const fresh = list.children.length === 0;
    entries.forEach((entry, place) => {
      const known = list.children[place];
      const item = known instanceof HTMLLIElement ? known : list.appendChild(row());
      const [label, bar, share] = /** @type {HTMLElement[]} */ ([...item.children]);
      item.dataset.label = entry.label;
      item.dataset.probability = String(entry.probability);
      if (label) say(label, name(entry.label));
      if (share) say(share, this.#percent(entry.probability));
      if (fresh) void item.offsetWidth; // a style at zero first, so that the bar grows
      bar?.style.setProperty('--share', String(entry.probability));
    });
  }
}

function row() {
  return make(
    'li',
    {},
    make('span', { class: 'label', part: 'label' }), // parts, because these rows stand in the shadow of the widget, too
    make('span', { class: 'bar', part: 'bar', 'aria-hidden': 'true' }),
    make('span', { class: 'share', part: 'share' }),
  );
}
