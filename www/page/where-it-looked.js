/** @import { Outcome } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { PlaceMapView, Subject, Surroundings } from '../explain/place-map-view.js' */
import { make, makeButton, setText } from '../ui/dom.js';

/**
 * @typedef {Omit<Surroundings, 'shown'> & { offer(pick: ((subject: Subject) => void) | null): void, mark(subject: Subject | null): void }} Around
 */

/** The switch for where the network looked. What it shows is neither fetched nor computed before it is on. */
export class WhereItLooked {
  #localizer;
  #around;
  #toggle = makeButton('where', 'quiet', () => void this.#switch());
  #on = false;
  /** @type {Outcome | null} */
  #outcome = null;
  /** @type {PlaceMapView | null} */
  #view = null;

  root = make('div', { class: 'where', hidden: '' }, this.#toggle);

  /**
   * @param {Localizer} localizer
   * @param {Around} around `offer` lets people pick among the classes and names of the answer, `mark` tells which is shown
   */
  constructor(localizer, around) {
    this.#localizer = localizer;
    this.#around = around;
    this.#toggle.setAttribute('aria-expanded', 'false');
    localizer.follow(() => setText(this.#toggle, localizer.words.where.show));
  }

  /**
   * A photo has been answered.
   * @param {Outcome} outcome
   */
  show(outcome) {
    this.#outcome = outcome;
    this.root.hidden = false;
    if (this.#on) void this.#look({});
  }

  clear() {
    this.#outcome = null;
    this.root.hidden = true;
    this.#view?.clear();
    this.#around.mark(null);
  }

  async #switch() {
    this.#on = !this.#on;
    this.#toggle.setAttribute('aria-expanded', String(this.#on));
    if (this.#on) {
      this.#around.offer((subject) => void this.#look(subject));
      await this.#look({});
    } else {
      this.#around.offer(null);
      this.#view?.end();
      this.#view = null;
    }
  }

  /** @param {Subject} subject */
  async #look(subject) {
    if (!this.#view) {
      const { PlaceMapView } = await import('../explain/place-map-view.js');
      if (!this.#on) return;
      this.#view ??= new PlaceMapView(this.#localizer, {
        ...this.#around,
        shown: (map) => this.#around.mark(map.of === 'class' ? { class: map.label } : { name: map.label }),
      });
      this.root.append(this.#view.root);
    }
    if (this.#outcome) await this.#view.show(subject);
  }
}
