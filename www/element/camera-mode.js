/** @import { Camera } from '../camera/capture.js' */
/** @import { LiveState, Outcome } from '../core/types.js' */
/** @import { Card } from './card.js' */
/** @import { EngineLink } from './engine-link.js' */
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

  /**
   * @param {EngineLink} engine
   * @param {Card} card
   * @param {CameraModeHandlers} handlers
   */
  constructor(engine, card, handlers) {
    this.#card = card;
    this.#handlers = handlers;
    this.#viewer = {
      classify: (picture, wishes, signal) => engine.client.classify(picture, wishes, signal),
      place: (video) => card.place(video),
      state: (state, camera) => this.#setState(state, camera),
      outcome: handlers.outcome,
      failure: (failure) => {
        void stopCamera(this.#viewer); // it has stopped by itself, but waits for another try
        handlers.failure(failure);
      },
    };
  }

  get active() {
    return this.#state !== 'off';
  }

  async start() {
    this.#setState('starting', null);
    try {
      await startCamera(this.#viewer);
    } catch (error) {
      this.#setState('off', null);
      this.#handlers.failure(new Failure('unexpected', { detail: messageOf(error) }, error));
    }
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
    if (state === 'off') this.#handlers.stopped();
  }
}
