/** @import { Camera } from '../camera/capture.js' */
/** @import { LiveState, Outcome } from '../core/types.js' */
/** @import { Card } from './card.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
/** @import { Viewer } from './shared-camera.js' */
import { Failure, messageOf } from '../core/errors.js';
import { frozenFrame, startCamera, stopCamera } from './shared-camera.js';

/**
 * What the camera means for the rest of the element.
 *
 * @typedef {object} CameraModeHandlers
 * @property {(outcome: Outcome) => void} outcome
 * @property {(failure: Failure) => void} failure
 * @property {() => void} stopped whoever has stopped it
 * @property {(frame: HTMLCanvasElement, mirrored: boolean) => void} frozen the picture of this moment is to become a photo
 */

/** The live picture on the element's stage, while this element has the page's camera. */
export class CameraMode {
  #card;
  #handlers;
  /** @type {LiveState} */
  #state = 'off';
  /** @type {Viewer} */
  #viewer;
  /** @type {{ resolve: () => void, reject: (reason: unknown) => void } | null} who waits for its picture */
  #waiter = null;

  /**
   * @param {Pick<GlimpseClassifier, 'camera'>} host
   * @param {Pick<Viewer, 'classify'>} engine
   * @param {Card} card
   * @param {CameraModeHandlers} handlers
   */
  constructor(host, engine, card, handlers) {
    this.#card = card;
    this.#handlers = handlers;
    this.#viewer = {
      get camera() {
        return host.camera || null;
      },
      classify: (picture, wishes, signal) => engine.classify(picture, wishes, signal),
      place: (video) => card.place(video),
      state: (state, camera) => this.#setState(state, camera),
      outcome: handlers.outcome,
      failure: (failure) => {
        void stopCamera(this.#viewer); // it has stopped by itself, but waits for another try
        this.#settle(failure);
        handlers.failure(failure);
      },
    };
  }

  get active() {
    return this.#state !== 'off';
  }

  /** @returns {Promise<void>} resolves when its picture is there; rejects with a `Failure` or, stopped before, an `AbortError` */
  start() {
    this.#settle(stopped());
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#setState('starting', null);
      startCamera(this.#viewer).catch((error) => {
        const failure = new Failure('unexpected', { detail: messageOf(error) }, error);
        this.#settle(failure);
        this.#setState('off', null);
        this.#handlers.failure(failure);
      });
    });
  }

  stop() {
    if (!this.active) return;
    this.#setState('off', null);
    void stopCamera(this.#viewer);
  }

  async freeze() {
    const now = await frozenFrame(this.#viewer);
    if (now) this.#handlers.frozen(now.frame, now.mirrored);
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera
   */
  #setState(state, camera) {
    this.#state = state;
    this.#card.setCamera(state, camera);
    if (state === 'running') this.#settle();
    if (state !== 'off') return;
    this.#handlers.stopped();
    const waiter = this.#waiter;
    // Where it has failed, that is told in a moment, and says more.
    queueMicrotask(() => waiter === this.#waiter && this.#settle(stopped()));
  }

  /**
   * Tells whoever waits.
   * @param {unknown} [reason] why no picture comes, where none does
   */
  #settle(reason) {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (reason === undefined) waiter?.resolve();
    else waiter?.reject(reason);
  }
}

function stopped() {
  return new DOMException('The camera has been stopped.', 'AbortError');
}
