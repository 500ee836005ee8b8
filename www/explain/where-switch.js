/** @import { Outcome, Wishes } from '../core/types.js' */
/** @import { Answerer, Where } from './where.js' */
import { Failure, messageOf } from '../core/errors.js';

/**
 * @typedef {object} Ways
 * @property {() => Promise<Where>} load fetches what it takes; called once, unless it fails
 * @property {(panel: HTMLElement) => void} place what is said of the map has to stand somewhere
 * @property {(failure: Failure | null) => void} trouble why there can be no maps, or that there is no such reason any longer
 */

/**
 * Where the network looked, while somebody wants to know: what it takes is neither fetched nor computed before.
 */
export class WhereSwitch {
  #ways;
  #on = false;
  /** @type {{ outcome: Outcome, live: boolean } | null} */
  #latest = null;
  /** @type {Promise<Where> | null} */
  #loading = null;
  /** @type {Where | null} while it is on and has been fetched */
  #where = null;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
  }

  get on() {
    return this.#on;
  }

  /** @param {boolean} on whether it is wanted */
  switch(on) {
    if (on === this.#on) return;
    this.#on = on;
    this.#ways.trouble(null);
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
   * Answers a frame of the live picture; while this is on, with its map.
   *
   * @param {Answerer} engine
   * @param {[picture: ImageBitmap, wishes: Wishes, signal: AbortSignal]} frame the picture is given away
   * @returns {Promise<Outcome>}
   */
  answerFrame(engine, ...frame) {
    return this.#where ? this.#where.answerFrame(engine, ...frame) : engine.classify(...frame);
  }

  async #begin() {
    this.#loading ??= this.#ways.load();
    const where = await this.#loading.catch((error) => {
      this.#loading = null; // so that the next time tries again
      if (this.#on) this.#ways.trouble(new Failure('download', { file: 'where.js', detail: messageOf(error) }, error));
      return null;
    });
    if (!where || !this.#on || this.#where) return;
    this.#where = where;
    this.#ways.trouble(null);
    this.#ways.place(where.view.root);
    where.begin();
    if (this.#latest) where.show(this.#latest.outcome, this.#latest.live);
  }
}
