import { make } from '../ui/dom.js';

/** So many layers a page key goes on. */
const PAGE = 6;

/** The layers as a list box: the arrow keys, Home and End choose among them, and so does the pointer. */
export class LayerList {
  #chosen;

  root = make('div', { id: 'layers-list', class: 'layers-list', role: 'listbox', tabindex: '0' });

  /** @param {(at: number) => void} chosen another one has been chosen */
  constructor(chosen) {
    this.#chosen = chosen;
    this.root.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest('[role="option"]') : null;
      if (option) this.#choose([...this.root.children].indexOf(option));
    });
    this.root.addEventListener('keydown', (event) => this.#press(event));
  }

  /** The place of the one that is chosen. */
  current = 0;

  /**
   * @param {readonly { title: string, facts: string }[]} layers
   * @param {number} current
   */
  show(layers, current) {
    const options = layers.map(({ title, facts }, at) =>
      make('div', { role: 'option', id: `layer-${at}`, 'aria-selected': 'false' }, make('span', {}, title), make('span', { class: 'facts' }, facts)),
    );
    this.root.replaceChildren(...options);
    this.#mark(current);
  }

  /** @param {number} at */
  #choose(at) {
    if (at === this.current) return;
    this.#mark(at);
    this.#chosen(at);
  }

  /** @param {number} at */
  #mark(at) {
    this.root.children[this.current]?.setAttribute('aria-selected', 'false');
    this.current = at;
    const option = /** @type {HTMLElement | undefined} */ (this.root.children[at]);
    if (!option) {
      this.root.removeAttribute('aria-activedescendant');
      return;
    }
    option.setAttribute('aria-selected', 'true');
    this.root.setAttribute('aria-activedescendant', option.id);
    // Not `scrollIntoView`, which would move the page as well.
    const { offsetTop, offsetHeight } = option;
    const { scrollTop, clientHeight } = this.root;
    this.root.scrollTop = Math.min(offsetTop, Math.max(scrollTop, offsetTop + offsetHeight - clientHeight));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const last = this.root.children.length - 1;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -last, End: last };
    const step = /** @type {Record<string, number>} */ (steps)[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#choose(Math.max(0, Math.min(last, this.current + step)));
  }
}
