/** @import { Get } from '../core/controller.js' */
/** @import { Edit } from '../core/edit-picture.js' */
/** @import { Outcome, Wishes } from '../core/types.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Phrase } from '../i18n/index.js' */
import { isAbort, isOfPicture } from '../core/errors.js';
import { headlineOf } from '../core/headline.js';
import { AS_IT_IS } from '../core/options.js';
import { thumbnailOf } from '../ui/thumbnails.js';

/** How many photos are kept, at most: their files, which browsers leave where they lie, and a small picture of each. */
export const MOST = 30;
/** Pixels of the longer side of that. */
const THUMBNAIL = 160;

/**
 * A photo as it comes in.
 * @typedef {{ name: Phrase, get: Get, mirrored?: boolean }} Incoming
 */

/**
 * One that is kept. `answer` is what it comes down to, `failed` whether it can't be answered, `due` whether an answer is
 * still to come (the one that is there is by an earlier network or other options), `original` how it came, where it has been
 * edited.
 *
 * @typedef {{ id: number, name: Phrase, get: Get, original: Get | null, mirrored: boolean, thumbnail: Blob | null, answer: Brief | null, failed: boolean, due: boolean }} Kept
 */

/** @typedef {{ label: string, probability: number, sure: boolean, noneLabel: string | null }} Brief */

/**
 * The photos that came in together, one of which is shown. That one is somebody else's to answer, who tells what came of it;
 * the others are answered here, one after the other. A `change` event tells that something about them is another.
 */
export class PhotoQueue extends EventTarget {
  #engine;
  #count = 0;
  #working = false;
  #turn = new AbortController();
  /** @type {Kept | null} the one that is being answered here */
  #taken = null;
  /** @type {Wishes} */
  #wishes = AS_IT_IS;

  /** @type {Kept[]} */
  photos = [];
  /** @type {Kept | null} the one that is shown */
  current = null;
  /** How many of those that came in last were too many. */
  leftOut = 0;

  /** @param {Pick<EngineClient, 'open' | 'classify'>} engine */
  constructor(engine) {
    super();
    this.#engine = engine;
  }

  /**
   * Several begin a row, which whatever comes later joins; one alone is replaced.
   *
   * @param {readonly Incoming[]} incoming
   * @returns {Kept | undefined} the one to show
   */
  add(incoming) {
    const fresh = incoming.slice(0, MOST).map(({ name, get, mirrored = false }) => ({
      ...{ id: ++this.#count, name, get: fetchedOnce(get), original: null, mirrored },
      ...{ thumbnail: null, answer: null, failed: false, due: true },
    }));
    this.leftOut = incoming.length - fresh.length;
    const before = this.photos.length > 1 ? this.photos : [];
    this.photos = [...before, ...fresh].slice(-MOST);
    this.#changed();
    return fresh[0];
  }

  /** @param {Kept | null} photo the one that is shown from now on */
  show(photo) {
    this.current = photo;
    if (photo && photo === this.#taken) this.#stop(); // whoever shows it asks about it
    this.#changed();
  }

  /**
   * What is shown is to be turned or cut, or to be again what it was.
   *
   * @param {Edit | null} edit
   * @returns {Kept | null} the photo to show anew
   */
  edit(edit) {
    const photo = this.current;
    if (!photo) return null;
    const before = photo.get;
    if (edit) {
      photo.original ??= before;
      photo.get = fetchedOnce(async (signal) => edit(await before(signal)));
    } else {
      photo.get = photo.original ?? before;
      photo.original = null;
    }
    photo.thumbnail = null;
    return photo;
  }

  /** All but the one that is shown are forgotten. */
  clear() {
    this.#stop();
    this.photos = this.photos.filter((photo) => photo === this.current);
    this.leftOut = 0;
    this.#changed();
  }

  /**
   * The picture of the one that is shown.
   * @param {ImageBitmap} preview which may be closed at once
   */
  async pictureOfCurrent(preview) {
    const photo = this.current;
    if (!photo || photo.thumbnail) return;
    photo.thumbnail = await thumbnailOf(preview, THUMBNAIL).catch(() => null); // it is for the eye alone
    this.#changed();
  }

  /** @param {Outcome} outcome of the one that is shown */
  answerCurrent(outcome) {
    if (this.current) this.#settle(this.current, outcome);
  }

  failCurrent() {
    if (this.current) this.#fail(this.current);
  }

  /**
   * Other options hold.
   * @param {Wishes} wishes
   */
  choose(wishes) {
    this.#wishes = wishes;
    this.again();
  }

  /** Answers all of them once more: by another network, or with other options. */
  again() {
    this.#stop();
    for (const photo of this.photos) photo.due = !photo.failed;
    void this.work();
  }

  /** Goes on with what is due. It ends early where the engine can't answer, which is said elsewhere, once. */
  async work() {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let photo = this.#next; photo; photo = this.#next) await this.#take(photo, this.#turn.signal);
    } catch {
      // Whoever shows a photo is told the same.
    } finally {
      this.#working = false;
    }
  }

  get #next() {
    return this.photos.find((photo) => photo.due && photo !== this.current);
  }

  /**
   * @param {Kept} photo
   * @param {AbortSignal} signal
   */
  async #take(photo, signal) {
    this.#taken = photo;
    try {
      const file = await photo.get(signal);
      const opened = await this.#engine.open(file, signal);
      const thumbnail = await thumbnailOf(opened.preview, THUMBNAIL).finally(() => opened.preview.close());
      photo.thumbnail ??= thumbnail;
      const outcome = await this.#engine.classify(opened.photo, this.#wishes, signal);
      if (!signal.aborted) this.#settle(photo, outcome);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (!isOfPicture(error)) throw error;
      this.#fail(photo);
    } finally {
      this.#taken = null;
    }
  }

  /**
   * @param {Kept} photo
   * @param {Outcome} outcome
   */
  #settle(photo, outcome) {
    const best = headlineOf(outcome);
    photo.answer = best ? { label: best.label, probability: best.probability, sure: outcome.sure, noneLabel: outcome.info.none } : null;
    photo.failed = photo.due = false;
    this.#changed();
  }

  /** @param {Kept} photo */
  #fail(photo) {
    photo.answer = null;
    photo.failed = true;
    photo.due = false;
    this.#changed();
  }

  #stop() {
    this.#turn.abort();
    this.#turn = new AbortController();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * What is fetched or drawn once is kept as the file that it has become.
 *
 * @param {Get} get
 * @returns {Get}
 */
function fetchedOnce(get) {
  /** @type {Get | Blob} */
  let source = get;
  return async (signal) => {
    if (typeof source === 'function') source = await source(signal);
    return source;
  };
}
