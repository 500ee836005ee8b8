/** @import { Outcome, Wishes } from '../core/types.js' */
/** @import { Failure } from '../core/errors.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Around } from '../explain/where.js' */
import { WhereSwitch } from '../explain/where-switch.js';
import { make, makeButton, setText } from '../ui/dom.js';

/** The button for where the network looked. */
export class WhereItLooked {
  #localizer;
  #around;
  #toggle = makeButton('where', 'quiet', () => this.#switch(!this.#where.on));
  /** @type {Failure | null} why it can't be shown */
  #failure = null;
  #trouble = make('p', { role: 'alert', hidden: '' });
  #where = new WhereSwitch({
    load: () => this.#load(),
    place: (panel) => this.root.append(panel),
    trouble: (failure) => {
      if (failure) this.#switch(false); // so that another click tries again
      this.#failure = failure;
      this.#renderTrouble();
    },
  });

  root = make('div', { class: 'where', hidden: '' }, this.#toggle, this.#trouble);

  /**
   * @param {Localizer} localizer
   * @param {Omit<Around, 'shown'>} around
   */
  constructor(localizer, around) {
    this.#localizer = localizer;
    this.#around = around;
    this.#toggle.setAttribute('aria-expanded', 'false');
    localizer.follow(() => {
      setText(this.#toggle, localizer.words.where.show);
      this.#renderTrouble();
    });
  }

  /**
   * Something has been answered.
   * @param {Outcome} outcome
   * @param {boolean} live whether it is a frame of many, whose maps come by themselves
   */
  show(outcome, live) {
    this.root.hidden = false;
    this.#where.show(outcome, live);
  }

  clear() {
    this.root.hidden = true;
    this.#where.clear();
  }

  /**
   * Answers a frame of the live picture; while this is on, with its map.
   *
   * @param {EngineClient} engine
   * @param {[picture: ImageBitmap, wishes: Wishes, signal: AbortSignal]} frame the picture is given away
   * @returns {Promise<Outcome>}
   */
  answerFrame(engine, ...frame) {
    return this.#where.answerFrame(engine, ...frame);
  }

  /** @param {boolean} on */
  #switch(on) {
    this.#toggle.setAttribute('aria-expanded', String(on));
    this.#where.switch(on);
  }

  async #load() {
    const [{ Where }, { MapTools }] = await Promise.all([import('../explain/where.js'), import('../explain/map-tools.js')]);
    const where = new Where(this.#localizer, { ...this.#around, shown() {} });
    where.view.root.append(...new MapTools(this.#localizer, where.view, this.#around.view).roots);
    return where;
  }

  #renderTrouble() {
    this.#trouble.hidden = !this.#failure;
    setText(this.#trouble, this.#failure ? this.#localizer.words.failure(this.#failure, '') : '');
  }
}
