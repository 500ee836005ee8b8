/** @import { Outcome } from '../core/types.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Dropped } from '../ui/dropped-files.js' */
import { abort, throwIfAborted } from '../core/abort.js';
import { Failure, isAbort, isOfPicture, messageOf } from '../core/errors.js';
import { AS_IT_IS } from '../core/options.js';
import { thumbnailOf } from '../ui/thumbnails.js';

/** Pixels of the longer side of a row's picture. */
const THUMBNAIL = 96;
const PICTURE_NAME = /\.(jpe?g|png|gif|webp|avif|bmp|ico|tiff?|heic|heif)$/i;

/**
 * What is kept of an answer: no pixels.
 * @typedef {Pick<Outcome, 'ranked' | 'sure' | 'none' | 'vocabulary' | 'specific'> & { noneLabel: string | null }} Answer
 */

/** @typedef {{ id: number, path: string, file: File, thumbnail: Blob, answer: Answer }} Row */

/** @param {Dropped} dropped */
const isPicture = ({ file }) => file.type.startsWith('image/') || PICTURE_NAME.test(file.name);

/**
 * Classifies photos one after the other. Of each, the file is known and little is kept. An `answered` event comes with each
 * new row as its detail, `emptied` when all rows have gone, and `change` whenever it has got further.
 */
export class Batch extends EventTarget {
  #engine;
  /** @type {Dropped[]} */
  #jobs = [];
  #done = 0;
  #count = 0;
  #turn = new AbortController();
  #working = false;

  /** @type {Row[]} */
  rows = [];
  /** @type {string[]} the paths of pictures that can't be read */
  refused = [];
  /** How many files were no pictures. */
  others = 0;
  /** @type {Failure | null} why it has stopped, with photos left */
  failure = null;

  /** @param {EngineClient} engine */
  constructor(engine) {
    super();
    this.#engine = engine;
  }

  /** How far it is; null where there is nothing to do. */
  get progress() {
    return this.#jobs.length === 0 ? null : { done: this.#done, total: this.#done + this.#jobs.length };
  }

  /** @param {readonly Dropped[]} files */
  add(files) {
    if (this.#jobs.length === 0) this.#done = 0;
    for (const dropped of files) {
      if (isPicture(dropped)) this.#jobs.push(dropped);
      else this.others += 1;
    }
    this.#changed();
    void this.work();
  }

  /** Leaves alone what hasn't been looked at; what has been stays. */
  cancel() {
    this.#jobs = [];
    this.failure = null;
    abort(this.#turn);
    this.#turn = new AbortController();
    this.#changed();
  }

  clear() {
    this.#empty();
    this.refused = [];
    this.others = 0;
    this.cancel();
  }

  #empty() {
    this.rows = [];
    this.dispatchEvent(new Event('emptied'));
  }

  /**
   * All photos once more, by another network.
   * @param {EngineClient} engine
   */
  answerBy(engine) {
    const again = [...this.rows.map(({ file, path }) => ({ file, path, folder: '' })), ...this.#jobs];
    this.#empty();
    this.cancel();
    this.#engine = engine;
    this.add(again);
  }

  /** Goes on; called again after a failure, it tries again. */
  async work() {
    if (this.#working) return;
    this.#working = true;
    this.failure = null;
    try {
      for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
        await this.#take(job, this.#turn.signal);
        if (this.#jobs[0] === job) {
          this.#jobs.shift();
          this.#done += 1;
        }
        this.#changed();
      }
    } catch (error) {
      this.failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
    } finally {
      this.#working = false;
      this.#changed();
    }
  }

  /**
   * @param {Dropped} job
   * @param {AbortSignal} signal
   */
  async #take({ file, path }, signal) {
    try {
      const { photo, preview } = await this.#engine.open(file, signal);
      const thumbnail = await thumbnailOf(preview, THUMBNAIL).finally(() => preview.close());
      const { ranked, sure, none, vocabulary, specific, info } = await this.#engine.classify(photo, AS_IT_IS, signal);
      throwIfAborted(signal);
      const answer = { ranked, sure, none, vocabulary, specific, noneLabel: info.none };
      const row = { id: ++this.#count, path, file, thumbnail, answer };
      this.rows.push(row);
      this.dispatchEvent(new CustomEvent('answered', { detail: row }));
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      if (!isOfPicture(error)) throw error;
      this.refused.push(path);
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
