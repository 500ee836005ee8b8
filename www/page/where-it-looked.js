/** @import { Outcome, Wishes } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Around, Where } from '../explain/where.js' */
import { Failure, messageOf } from '../core/errors.js';
import { make, makeButton, setText } from '../ui/dom.js';

/** The switch for where the network looked. What it shows is neither fetched nor computed before it is on. */
export class WhereItLooked {
  #localizer;
  #around;
  #toggle = makeButton('where', 'quiet', () => void this.#switch(!this.#on));
  #on = false;
  /** @type {{ outcome: Outcome, live: boolean } | null} */
  #latest = null;
  /** @type {Promise<Where> | null} */
  #loading = null;
  /** @type {Where | null} */
  #where = null;
  /** @type {Failure | null} why it can't be shown */
  #failure = null;
  #trouble = make('p', { role: 'alert', hidden: '' });

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
    this.#latest = { outcome, live };
    this.root.hidden = false;
    if (this.#on) this.#where?.show(outcome, live);
  }

  clear() {
    this.#latest = null;
    this.root.hidden = true;
    this.#where?.clear();
  }

  /**
   * Answers a frame of the live picture; while this is on, with its map.
   *
   * @param {EngineClient} engine
   * @param {[picture: ImageBitmap, wishes: Wishes, signal: AbortSignal]} frame the picture is given away
   * @returns {Promise<Outcome>}
   */
  answerFrame(engine, ...frame) {
    return this.#on && this.#where ? this.#where.answerFrame(engine, ...frame) : engine.classify(...frame);
  }

  /** @param {boolean} on */
  async #switch(on) {
    this.#on = on;
    this.#failure = null;
    this.#toggle.setAttribute('aria-expanded', String(on));
    if (!on) {
      this.#where?.end();
      return;
    }
    this.#renderTrouble();
    try {
      this.#loading ??= this.#load();
      this.#where = await this.#loading;
    } catch (error) {
      this.#loading = null; // so that the next time tries again
      this.#failure = new Failure('download', { file: 'where.js', detail: messageOf(error) }, error);
      this.#on = false;
      this.#toggle.setAttribute('aria-expanded', 'false');
      this.#renderTrouble();
    }
    if (!this.#on || !this.#where) return;
    this.root.append(this.#where.view.root);
    this.#where.begin();
    if (this.#latest) this.#where.show(this.#latest.outcome, this.#latest.live);
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
