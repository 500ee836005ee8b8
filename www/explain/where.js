/** @import { Explanation, MapRequest, Outcome, Picture, Wishes } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Subject, Surroundings } from './place-map-view.js' */
import { Failure } from '../core/errors.js';
import { PlaceMapView } from './place-map-view.js';

/**
 * @typedef {Surroundings & { offer(pick: ((subject: Subject) => void) | null): void, mark(subject: Subject | null): void }} Around `offer`
 *   lets people pick among the classes and names of the answer, `mark` tells which is shown
 */

/**
 * What answers a frame of a live picture, with its map or without; the frame is given away.
 *
 * @typedef {object} Answerer
 * @property {(picture: Picture, wishes: Wishes, signal: AbortSignal) => Promise<Outcome>} classify
 * @property {(picture: Picture, wishes: Wishes, request: MapRequest, how: { signal: AbortSignal }) => Promise<Explanation>} explain
 */

/** Failures after which another frame may well get its map: the engine has been started again. */
const PASSING = ['crashed', 'stuck'];

/** Where the network looked, in every photo that is answered and in the live picture, from the beginning to the end. */
export class Where {
  #around;
  /** @type {Subject} */
  #subject = {};
  #live = false;
  /** Whether the frames of the live picture get no maps: the network has none. */
  #refused = false;
  /** Failures since the last map that came with a frame. */
  #failures = 0;
  /** @type {Outcome | null} */
  #outcome = null;

  view;

  /**
   * @param {Localizer} localizer
   * @param {Around} around
   */
  constructor(localizer, around) {
    this.#around = around;
    this.view = new PlaceMapView(localizer, {
      ...around,
      shown: (map, live) => {
        around.mark(map.of === 'class' ? { class: map.label } : { name: map.label });
        around.shown(map, live);
      },
    });
  }

  begin() {
    this.#refused = false;
    this.view.begin();
    this.#around.offer((subject) => this.#pick(subject));
  }

  /**
   * Something has been answered.
   * @param {Outcome} outcome
   * @param {boolean} live whether it is a frame of many, whose maps come by themselves
   */
  show(outcome, live) {
    if (live && this.#outcome?.model !== outcome.model) {
      this.#refused = false; // by another network,
      this.#subject = {}; // which may know other classes
    }
    this.#outcome = outcome;
    this.#live = live;
    if (!live) this.#pick({});
  }

  clear() {
    this.#outcome = null;
    this.#subject = {};
    this.#refused = false;
    this.#failures = 0;
    this.view.clear();
    this.#around.mark(null);
  }

  /** Asks no longer; what is shown stays. */
  rest() {
    this.view.stop();
  }

  /** Goes on with a photo whose map had not come. */
  resume() {
    if (!this.view.map) this.#pick(this.#subject);
  }

  end() {
    this.#around.offer(null);
    this.clear();
    this.view.end();
  }

  /**
   * Answers a frame of the live picture with its map, of the same forward pass.
   *
   * @param {Answerer} engine
   * @param {ImageBitmap} picture is given away
   * @param {Wishes} wishes
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async answerFrame(engine, picture, wishes, signal) {
    if (this.#refused) return engine.classify(picture, wishes, signal);
    try {
      const { outcome, map } = await engine.explain(picture, wishes, this.#subject, { signal });
      if (!signal.aborted) {
        this.#failures = 0;
        this.view.showLive(map);
      }
      return outcome;
    } catch (error) {
      if (!signal.aborted && error instanceof Failure) {
        this.#failures += 1;
        this.#refused = !PASSING.includes(error.code) || this.#failures > 1; // the next frame is answered without
        this.view.refuse(error);
      }
      throw error;
    }
  }

  /** @param {Subject} subject */
  #pick(subject) {
    this.#subject = subject;
    if (this.#outcome && !this.#live) void this.view.show(subject);
  }
}
