/** @import { Picture } from './project.js' */
/** @import { LazyPictures } from '../ui/lazy-pictures.js' */
import { make } from '../ui/dom.js';

/** What a picture that is dragged is known by. */
export const DRAGGED = 'application/x-glimpse-picture';

/** How far the keys go from picture to picture. */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/**
 * What people ask of a picture.
 *
 * @typedef {object} PictureHandlers
 * @property {(id: number) => void} open
 * @property {(id: number) => void} remove
 */

/**
 * A list of small pictures. One of them is reached by Tab, the others from there by the arrow keys; Enter opens one, Delete
 * removes it; each can be dragged.
 */
export class PictureList {
  #lazy;
  #handlers;
  /** @type {Map<number, { item: HTMLLIElement, button: HTMLButtonElement, canvas: HTMLCanvasElement }>} */
  #tiles = new Map();
  /** @type {number[]} */
  #order = [];

  root = make('ul', { class: 'tiles' });

  /**
   * @param {LazyPictures} lazy
   * @param {PictureHandlers} handlers
   */
  constructor(lazy, handlers) {
    this.#lazy = lazy;
    this.#handlers = handlers;
    this.root.addEventListener('keydown', (event) => this.#press(event));
  }

  /** @param {readonly Picture[]} pictures */
  show(pictures) {
    const wanted = new Set(pictures.map(({ id }) => id));
    const focused = this.#order.find((id) => this.#tiles.get(id)?.button === document.activeElement);
    const place = focused === undefined ? -1 : this.#order.indexOf(focused);
    for (const id of this.#order) if (!wanted.has(id)) this.#drop(id);
    let before = null;
    for (const picture of pictures) {
      const tile = this.#tiles.get(picture.id) ?? this.#make(picture);
      const next = /** @type {Element | null} */ (before ? before.nextElementSibling : this.root.firstElementChild);
      if (next !== tile.item) this.root.insertBefore(tile.item, next);
      before = tile.item;
    }
    this.#order = pictures.map(({ id }) => id);
    const reached = this.#order.find((id) => this.#tiles.get(id)?.button.tabIndex === 0);
    if (reached === undefined) this.#reach(this.#order[Math.min(Math.max(place, 0), this.#order.length - 1)]);
    // Whoever removes one picture after the other by key goes on with the next.
    if (focused !== undefined && !wanted.has(focused)) this.focus();
  }

  /** Gives the focus to the picture that Tab reaches; whether there is one. */
  focus() {
    const button = this.#order.map((id) => this.#tiles.get(id)?.button).find((each) => each?.tabIndex === 0);
    button?.focus();
    return button !== undefined;
  }

  /** Lets all pictures go. */
  clear() {
    this.show([]);
  }

  /** @param {Picture} picture */
  #make({ id, name, thumbnail }) {
    const canvas = make('canvas', { width: '0', height: '0', 'aria-hidden': 'true' });
    const button = make('button', { type: 'button', class: 'tile', 'aria-label': name, draggable: 'true', tabindex: '-1', title: name }, canvas);
    button.dataset.picture = String(id);
    button.addEventListener('click', () => this.#handlers.open(id));
    button.addEventListener('focus', () => this.#reach(id));
    button.addEventListener('dragstart', (event) => event.dataTransfer?.setData(DRAGGED, String(id)));
    const tile = { item: make('li', {}, button), button, canvas };
    this.#tiles.set(id, tile);
    this.#lazy.watch(canvas, thumbnail);
    return tile;
  }

  /** @param {number} id */
  #drop(id) {
    const tile = this.#tiles.get(id);
    if (!tile) return;
    this.#lazy.forget(tile.canvas);
    tile.item.remove();
    this.#tiles.delete(id);
  }

  /** @param {number | undefined} id the picture that Tab is to reach */
  #reach(id) {
    for (const [each, { button }] of this.#tiles) button.tabIndex = each === id ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const at = this.#order.findIndex((id) => this.#tiles.get(id)?.button === event.target);
    const id = this.#order[at];
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      this.#handlers.remove(id);
      return;
    }
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (step === undefined) return;
    event.preventDefault();
    const next = this.#order[Math.min(Math.max(at + step, 0), this.#order.length - 1)];
    if (next !== undefined) this.#tiles.get(next)?.button.focus();
  }
}
