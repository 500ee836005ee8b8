/** @import { Explanation, MapRequest, Outcome, Photo, Wishes } from './types.js' */
/** @import { EngineClient } from '../rpc/client.js' */
import { throwIfAborted } from './abort.js';
import { AS_IT_IS } from './options.js';
import { Failure, isAbort, messageOf } from './errors.js';

/** @typedef {(signal: AbortSignal) => Blob | Promise<Blob>} Get */

/**
 * What the controller tells the page.
 *
 * @typedef {object} ControllerHandlers
 * @property {() => void} begin a new photo has been asked for; nothing of the last one holds any longer
 * @property {() => void} busy the photo shown is being looked at
 * @property {(preview: ImageBitmap, name: string) => void} photo the photo to show, which is closed by whoever shows it
 * @property {(outcome: Outcome) => void} outcome
 * @property {(failure: Failure, name: string) => void} failure
 * @property {() => void} idle
 */

/**
 * Takes a photo from its file to its answer. The newest request wins: whatever an older one still finds out is
 * thrown away.
 */
export class Controller {
  #engine;
  #handlers;
  #turn = new AbortController();
  /** @type {{ photo: Photo, name: string } | null} */
  #shown = null;
  /** @type {{ name: string, get: Get } | null} */
  #unanswered = null;
  /** @type {Outcome | null} */
  #outcome = null;
  /** @type {Wishes} */
  #wishes = AS_IT_IS;

  /**
   * @param {Pick<EngineClient, 'open' | 'classify'> & Partial<Pick<EngineClient, 'explain'>>} engine
   * @param {ControllerHandlers} handlers
   */
  constructor(engine, handlers) {
    this.#engine = engine;
    this.#handlers = handlers;
  }

  /**
   * @param {string} name what the person calls it, for messages
   * @param {Get} get
   */
  async open(name, get) {
    this.#shown = null;
    this.#unanswered = { name, get };
    await this.#take(name, this.#handlers.begin, async (signal) => {
      const file = await get(signal);
      const { photo, preview } = await this.#engine.open(file, signal);
      this.#unanswered = null;
      this.#shown = { photo, name };
      this.#handlers.photo(preview, name);
      await this.#answer(photo, signal);
    });
  }

  /**
   * Something came in that is no photo.
   * @param {Failure} failure
   */
  async refuse(failure) {
    this.#shown = this.#unanswered = null;
    await this.#take('', this.#handlers.begin, () => Promise.reject(failure));
  }

  /** Puts the photo away. */
  close() {
    this.leave();
    this.#handlers.begin();
    this.#handlers.idle();
  }

  /** Takes the photo up again that came when the engine couldn't answer. */
  async retry() {
    const request = this.#unanswered;
    if (request) await this.open(request.name, request.get);
  }

  /**
   * Answers the same photo again with other options.
   * @param {Wishes} wishes
   */
  async choose(wishes) {
    this.#wishes = wishes;
    await this.again();
  }

  /** Answers the same photo once more. */
  async again() {
    const shown = this.#shown;
    if (shown) await this.#take(shown.name, this.#handlers.busy, (signal) => this.#answer(shown.photo, signal));
  }

  /**
   * Where the network looks in the photo that is shown, by the same wishes.
   *
   * @param {MapRequest} request
   * @param {Parameters<EngineClient['explain']>[3]} how
   * @returns {Promise<Explanation>}
   */
  explain(request, how) {
    const { explain } = this.#engine;
    if (!this.#shown || !explain) return Promise.reject(new Failure('unexpected', { detail: 'there is no photo' }));
    return explain.call(this.#engine, this.#shown.photo, this.#wishes, request, how);
  }

  /** Forgets the photo without a word, and what an unfinished request would still find out about it. What is shown stays. */
  leave() {
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#shown = this.#unanswered = this.#outcome = null;
  }

  /** The answer shown, where one is shown and no other is being looked for. */
  get outcome() {
    return this.#outcome;
  }

  /**
   * @param {string} name
   * @param {() => void} begin
   * @param {(signal: AbortSignal) => Promise<void>} work
   */
  async #take(name, begin, work) {
    this.#turn.abort();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#outcome = null;
    begin();
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#handlers.failure(error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error), name);
    }
    if (!signal.aborted) this.#handlers.idle();
  }

  /**
   * @param {Photo} photo
   * @param {AbortSignal} signal
   */
  async #answer(photo, signal) {
    const outcome = await this.#engine.classify(photo, this.#wishes, signal);
    throwIfAborted(signal);
    this.#outcome = outcome;
    this.#handlers.outcome(outcome);
  }
}
