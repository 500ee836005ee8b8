import { make, setText } from '../ui/dom.js';

/**
 * Tabs as the ARIA Authoring Practices have them: one of them is in the order of Tab, the arrow keys, Home and End choose
 * among them.
 */
export class Tabs {
  #tabs;
  #chosen;
  #list = make('div', { class: 'tabs', role: 'tablist' });

  root = make('div', { class: 'tabbed' }, this.#list);

  /**
   * @param {readonly { key: string, panel: HTMLElement }[]} views the first is the one to begin with
   * @param {(key: string) => void} chosen another one is seen
   */
  constructor(views, chosen) {
    this.#chosen = chosen;
    this.#tabs = views.map(({ key, panel }) => {
      const tab = make('button', { type: 'button', role: 'tab', id: `tab-${key}`, 'aria-controls': panel.id });
      tab.addEventListener('click', () => this.choose(key));
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      this.#list.append(tab);
      this.root.append(panel);
      return { key, panel, tab };
    });
    this.#list.addEventListener('keydown', (event) => this.#press(event));
    this.#show(this.#tabs[0]?.key ?? '');
  }

  /** The key of the one that is seen. */
  current = '';

  /**
   * @param {string} label of all of them
   * @param {(key: string) => string} nameOf
   */
  name(label, nameOf) {
    this.#list.setAttribute('aria-label', label);
    for (const { key, tab } of this.#tabs) setText(tab, nameOf(key));
  }

  /** @param {string} key */
  choose(key) {
    if (key === this.current) return;
    this.#show(key);
    this.#chosen(key);
  }

  /** @param {string} key */
  #show(key) {
    this.current = key;
    for (const each of this.#tabs) {
      const seen = each.key === key;
      each.panel.hidden = !seen;
      each.tab.setAttribute('aria-selected', String(seen));
      each.tab.tabIndex = seen ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const at = this.#tabs.findIndex(({ key }) => key === this.current);
    const count = this.#tabs.length;
    const to = { ArrowRight: (at + 1) % count, ArrowLeft: (at + count - 1) % count, Home: 0, End: count - 1 }[event.key];
    const next = to === undefined ? undefined : this.#tabs[to];
    if (!next) return;
    event.preventDefault();
    this.choose(next.key);
    next.tab.focus();
  }
}
