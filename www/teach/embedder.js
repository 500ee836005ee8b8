/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Project } from './project.js' */
import { throwIfAborted } from '../core/abort.js';
import { Failure, isAbort, isOfPicture, messageOf } from '../core/errors.js';
import { AS_IT_IS } from '../core/options.js';
import { thumbnailOf } from '../ui/thumbnails.js';

/**
 * A picture to look at: a new one for a class, or for none yet; or one that the project has and no embedding of.
 * @typedef {{ file: Blob, name: string, place: number | null } | { file: Blob, name: string, id: number }} Job
 */

/** What can't be read, and why. */
/** @typedef {{ name: string, failure: Failure }} Refused */

/**
 * Shows photos to the network, one after the other, and puts what it makes of them into the project. Of the photo itself
 * nothing is kept. A `change` event tells that it has got further.
 */
export class Embedder extends EventTarget {
  #engine;
  #project;
  /** @type {Job[]} */
  #jobs = [];
  #done = 0;
  #turn = new AbortController();
  #working = false;

  /** @type {Refused[]} what could not be read since it last had nothing to do */
  refused = [];
  /** @type {Failure | null} why it has stopped, with jobs left */
  failure = null;

  /**
   * @param {EngineClient} engine
   * @param {Project} project
   */
  constructor(engine, project) {
    super();
    this.#engine = engine;
    this.#project = project;
  }

  /** How far it is; null where there is nothing to do. */
  get progress() {
    return this.#jobs.length === 0 ? null : { done: this.#done, total: this.#done + this.#jobs.length };
  }

  /** @param {readonly Job[]} jobs */
  add(jobs) {
    if (jobs.length === 0) return;
    if (!this.#working && this.#jobs.length === 0) {
      this.refused = [];
      this.#done = 0;
    }
    for (const job of jobs) this.#jobs.push(job);
    void this.work();
  }

  /** Leaves alone what hasn't been looked at. */
  cancel() {
    this.#jobs = [];
    this.failure = null;
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#changed();
  }

  /** Goes on; called again after a failure, it tries again. */
  async work() {
    if (this.#working) return;
    this.#working = true;
    this.failure = null;
    try {
      for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
        this.#changed();
        await this.#take(job);
        if (this.#jobs[0] === job) this.#jobs.shift(); // unless all have been given up
        this.#done += 1;
      }
    } catch (error) {
      this.failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
    } finally {
      this.#working = false;
      this.#changed();
    }
  }

  /** @param {Job} job */
  async #take(job) {
    const { signal } = this.#turn;
    try {
      const { photo, preview } = await this.#engine.open(job.file, signal);
      const thumbnail = await thumbnailOf(preview).finally(() => preview.close());
      const { embedding, vocabulary } = await this.#engine.classify(photo, { ...AS_IT_IS, embedding: true }, signal);
      throwIfAborted(signal);
      if (!embedding) throw new Failure('no-embedding');
      const guess = vocabulary?.[0]?.label ?? null;
      if ('id' in job) this.#project.describePicture(job.id, embedding, guess);
      else this.#project.addPicture({ name: job.name, thumbnail, embedding, guess, place: job.place });
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      if (!isOfPicture(error)) throw error;
      this.refused.push({ name: job.name, failure: error });
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
