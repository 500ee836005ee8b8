/** @import { Outcome, Wishes } from './types.js' */
/** @import { Engine } from './engine/engine.js' */
import { decode } from './decode.js';
import { Failure, isAbort, messageOf } from './failure.js';

/** @typedef {(signal: AbortSignal) => Blob | Promise<Blob>} Get */

/**
 * What the controller tells the page.
 *
 * @typedef {object} Shows
 * @property {() => void} begin a new photo has been asked for; nothing of the last one holds any longer
 * @property {() => void} busy the photo shown is being looked at
 * @property {(image: ImageData, name: string) => void} photo
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
  #shows;
  #turn = new AbortController();
  /** @type {{ image: ImageData, name: string } | null} */
  #photo = null;
  /** @type {{ name: string, get: Get } | null} */
  #unanswered = null;
  /** @type {Outcome | null} */
  #outcome = null;
  /** @type {Wishes} */
  #wishes = () => ({});

  /**
   * @param {Engine} engine
   * @param {Shows} shows
   */
  constructor(engine, shows) {
    this.#engine = engine;
    this.#shows = shows;
  }

  /**
   * @param {string} name what the person calls it, for messages
   * @param {Get} get
   */
  async open(name, get) {
    this.#photo = null;
    this.#unanswered = { name, get };
    await this.#take(name, this.#shows.begin, async (signal) => {
      await this.#engine.usable(signal);
      const file = await get(signal);
      const image = await decode(file, this.#engine.maxPixels);
      signal.throwIfAborted();
      this.#unanswered = null;
      this.#photo = { image, name };
      this.#shows.photo(image, name);
      await this.#answer(image, signal);
    });
  }

  /**
   * Something came in that is no photo.
   * @param {Failure} failure
   */
  async refuse(failure) {
    this.#photo = this.#unanswered = null;
    await this.#take('', this.#shows.begin, () => Promise.reject(failure));
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
    const photo = this.#photo;
    if (photo) await this.#take(photo.name, this.#shows.busy, (signal) => this.#answer(photo.image, signal));
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
      this.#shows.failure(
        error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error),
        name,
      );
    }
    if (!signal.aborted) this.#shows.idle();
  }

  /**
   * @param {ImageData} image
   * @param {AbortSignal} signal
   */
  async #answer(image, signal) {
    await painted();
    const outcome = await this.#engine.classify(image, this.#wishes, signal);
    signal.throwIfAborted();
    this.#outcome = outcome;
    this.#shows.outcome(outcome);
  }
}

/** Lets the page be drawn before the work begins; a hidden page isn't drawn, so no longer than a moment. */
function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });
}
