/** @import { Report, TaughtAnswer } from '../core/types.js' */
/** @import { LearnerClient } from '../rpc/learner-client.js' */
/** @import { Change, Project } from './project.js' */
import { Failure, messageOf } from '../core/errors.js';

/** The learner rests after each time for so many times as long as that took, while pictures keep coming. */
const REST = 1;

/** What has been taught: the report, with the classes and pictures of the project that its places mean. */
/** @typedef {{ report: Report, classes: readonly number[], pictures: readonly number[] }} Taught */

/**
 * Keeps the learner at what the project holds: whenever that has changed, it is given the pictures and taught anew. A
 * `change` event tells that `taught`, `lacks` or `failure` has become another.
 */
export class Teacher extends EventTarget {
  #project;
  #learner;
  /** @type {Set<number>} the pictures that the learner has */
  #known = new Set();
  /** @type {Set<number>} those that it has to be given, and to be taken from it */
  #stale = new Set();
  #outdated = true;
  #working = false;
  #none = true;

  /** @type {Taught | null} */
  taught = null;
  /** @type {Failure | null} */
  failure = null;

  /**
   * @param {Project} project
   * @param {LearnerClient} learner
   */
  constructor(project, learner) {
    super();
    this.#project = project;
    this.#learner = learner;
    project.addEventListener('change', (event) => this.#see(/** @type {CustomEvent<Change>} */ (event).detail));
  }

  /** The classes that are taught: those that take part and have a picture that has been looked at. */
  get classes() {
    const filled = new Set(this.#project.pictures.flatMap(({ place, embedding }) => (embedding && place !== null ? place : [])));
    return this.#project.classes.filter(({ id, enabled }) => enabled && filled.has(id));
  }

  /** Whether it may say of a photo that it is none of the classes. */
  get none() {
    return this.#none;
  }

  set none(none) {
    if (none === this.#none) return;
    this.#none = none;
    this.#outdated = true;
    void this.#work();
  }

  /** Tries again. */
  retry() {
    this.#outdated = true;
    void this.#work();
  }

  /**
   * Rejects with a `Failure`.
   *
   * @param {Float32Array} embedding
   * @returns {Promise<{ answer: TaughtAnswer, classes: readonly number[] } | null>} null where nothing has been taught
   */
  async answer(embedding) {
    const taught = this.taught;
    if (!taught) return null;
    return { answer: await this.#ask('answer', embedding), classes: taught.classes };
  }

  /**
   * What was taught last, as a weights file. Rejects with a `Failure`.
   * @param {boolean} whole
   */
  async export(whole) {
    await this.settled();
    return this.#ask('export', whole, new Date().toISOString().slice(0, 10));
  }

  /**
   * Groups pictures, see `Learner`. Rejects with a `Failure`.
   * @param {readonly number[]} ids
   */
  async group(ids) {
    await this.#give();
    return this.#ask('group', Uint32Array.from(ids));
  }

  /** @param {number} groups */
  cut(groups) {
    return this.#ask('cut', groups);
  }

  map() {
    return this.#ask('map');
  }

  /** Resolves when what the project holds now has been taught, or can't be. */
  async settled() {
    while (this.#working || (this.#outdated && !this.failure)) {
      await new Promise((resolve) => this.addEventListener('change', resolve, { once: true }));
    }
  }

  /** @param {Change} change */
  #see({ classes, pictures, removed }) {
    for (const id of [...pictures, ...removed]) this.#stale.add(id);
    if (!classes && pictures.length + removed.length === 0) return;
    this.#outdated = true;
    void this.#work();
  }

  async #work() {
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#outdated) {
        this.#outdated = false;
        const began = performance.now();
        await this.#teach();
        this.failure = null;
        this.#changed();
        if (this.#outdated) await new Promise((resolve) => setTimeout(resolve, REST * (performance.now() - began)));
      }
    } catch (error) {
      this.failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
      this.taught = null;
    } finally {
      this.#working = false;
      this.#changed();
    }
  }

  async #teach() {
    const classes = this.classes;
    if (classes.length < 2) {
      this.taught = null;
      return;
    }
    const given = this.#give();
    // What is taught is what has just been given: pictures that come while that is under way have to wait.
    const places = new Map(classes.map(({ id }, at) => [id, at]));
    /** @type {[number, number][]} */
    const labelled = this.#project.pictures.flatMap(({ id, place, embedding }) => {
      const at = place === null ? undefined : places.get(place);
      return at === undefined || !embedding ? [] : [/** @type {[number, number]} */ ([id, at])];
    });
    const [ids, labels] = [0, 1].map((column) => Uint32Array.from(labelled, (each) => each[/** @type {0 | 1} */ (column)]));
    if (!ids || !labels) return;
    await given;
    const report = await this.#ask(
      'teach',
      ids,
      labels,
      classes.map(({ name }) => name),
      this.#none,
    );
    this.taught = { report, classes: classes.map(({ id }) => id), pictures: [...ids] };
  }

  /** Brings the learner's pictures to those of the project. */
  async #give() {
    const entries = [];
    const gone = [];
    for (const id of this.#stale) {
      const embedding = this.#project.picture(id)?.embedding;
      if (embedding) entries.push({ id, embedding });
      else if (this.#known.has(id)) gone.push(id);
    }
    this.#stale.clear();
    for (const { id } of entries) this.#known.add(id);
    for (const id of gone) this.#known.delete(id);
    if (entries.length > 0) await this.#ask('set', entries);
    if (gone.length > 0) await this.#ask('remove', gone);
  }

  /** @type {LearnerClient['call']} */
  async #ask(what, ...given) {
    try {
      return await this.#learner.call(what, ...given);
    } catch (error) {
      // It has lost everything, and gets everything the next time.
      this.#known.clear();
      for (const { id } of this.#project.pictures) this.#stale.add(id);
      throw error;
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
