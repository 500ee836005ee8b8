/** @import { Get } from '../core/controller.js' */
/** @import { Outcome } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */

/**
 * Code that waits for an answer.
 * @typedef {{ resolve: (outcome: Outcome) => void, reject: (reason: unknown) => void }} Waiter
 */

/**
 * What is asked for.
 *
 * @typedef {object} Asked
 * @property {Phrase} name
 * @property {Get} get
 * @property {string} [alt] what the picture shows, where the page has said so
 * @property {boolean} [described] whether it is the page that says what it shows, and may say it in other words later
 * @property {boolean} [mirrored] whether people see it in a mirror, as they saw themselves
 */

/** A photo that has been asked for: what it is, how far it has come, and the code that waits for its answer. */
export class PhotoRequest {
  /** @type {Waiter | null} */
  #waiter;

  /** Whether the photo is on the stage. */
  shown = false;
  /** Whether the answer shown is the last one on it. */
  final = false;

  /**
   * @param {Asked} asked
   * @param {Waiter | null} [waiter]
   */
  constructor({ name, get, alt, described = false, mirrored }, waiter = null) {
    this.name = name;
    this.get = get;
    this.alt = alt;
    this.described = described;
    this.mirrored = mirrored;
    this.#waiter = waiter;
  }

  /** It is opened and answered anew. */
  restart() {
    this.shown = this.final = false;
  }

  /** @param {Outcome} outcome */
  resolve(outcome) {
    this.#waiter?.resolve(outcome);
    this.#waiter = null;
  }

  /** @param {unknown} reason */
  reject(reason) {
    this.#waiter?.reject(reason);
    this.#waiter = null;
  }

  /** Whoever waits for it waits no longer: something newer has been asked for. */
  abandon() {
    this.reject(new DOMException('Another picture has been asked for.', 'AbortError'));
  }
}
