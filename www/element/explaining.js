/** @import { Outcome, PlaceMap, Wishes } from '../core/types.js' */
/** @import { Answerer, Where } from '../explain/where.js' */
/** @import { Surroundings } from '../explain/place-map-view.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Card } from './card.js' */
import { Failure, messageOf } from '../core/errors.js';

/**
 * Where the network looked, over the picture, while the element's attribute asks for that: what it takes is neither fetched
 * nor computed before.
 */
export class Explaining {
  #localizer;
  #card;
  #ask;
  #shown;
  #on = false;
  /** @type {{ outcome: Outcome, live: boolean } | null} */
  #latest = null;
  /** @type {Promise<Where> | null} */
  #loading = null;
  /** @type {Where | null} */
  #where = null;

  /**
   * @param {Localizer} localizer
   * @param {Card} card
   * @param {Surroundings['ask']} ask
   * @param {(map: PlaceMap, live: boolean) => void} shown told which map is shown
   */
  constructor(localizer, card, ask, shown) {
    this.#localizer = localizer;
    this.#card = card;
    this.#ask = ask;
    this.#shown = shown;
  }

  /** @param {boolean} on whether it is asked for */
  switch(on) {
    if (on === this.#on) return;
    this.#on = on;
    this.#card.showMapFailure(null);
    if (on) {
      void this.#begin();
    } else {
      this.#where?.end();
      this.#where = null;
    }
  }

  /**
   * Something has been answered.
   * @param {Outcome} outcome
   * @param {boolean} live whether it is a frame of many, whose maps come by themselves
   */
  show(outcome, live) {
    this.#latest = { outcome, live };
    if (this.#where) this.#where.show(outcome, live);
    else if (this.#on && !live) void this.#begin(); // what it takes is on its way, or could not be fetched
  }

  clear() {
    this.#latest = null;
    this.#where?.clear();
  }

  /** Asks no longer; what is shown stays. */
  rest() {
    this.#where?.rest();
  }

  /** Goes on with a photo whose map had not come. */
  resume() {
    this.#where?.resume();
  }

  /**
   * Answers a frame of the live picture, with its map where that is asked for.
   *
   * @param {Answerer} engine
   * @param {[picture: ImageBitmap, wishes: Wishes, signal: AbortSignal]} frame the picture is given away
   * @returns {Promise<Outcome>}
   */
  answerFrame(engine, ...frame) {
    return this.#where ? this.#where.answerFrame(engine, ...frame) : engine.classify(...frame);
  }

  async #begin() {
    this.#loading ??= this.#load();
    const where = await this.#loading.catch((error) => {
      this.#loading = null; // so that the next answer tries again
      if (this.#on) this.#card.showMapFailure(new Failure('download', { file: 'where.js', detail: messageOf(error) }, error));
      return null;
    });
    if (!where || !this.#on || this.#where) return;
    this.#where = where;
    this.#card.showMapFailure(null);
    this.#card.placeMap(where.view.root);
    where.begin();
    if (this.#latest) where.show(this.#latest.outcome, this.#latest.live);
  }

  async #load() {
    const { Where } = await import('../explain/where.js');
    return new Where(this.#localizer, { ...this.#card.mapped, ask: this.#ask, shown: this.#shown });
  }
}
