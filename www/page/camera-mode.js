/** @import { LiveState, Outcome, Wishes } from '../core/types.js' */
/** @import { Camera } from '../camera/capture.js' */
/** @import { FrameClassifier } from '../camera/live-session.js' */
/** @import { Failure } from '../core/errors.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { PhotoStage } from '../ui/photo-stage.js' */
import { LiveSession } from '../camera/live-session.js';
import { TIME_CONSTANT } from '../camera/smoothing.js';
import { AS_IT_IS } from '../core/options.js';
import { recall, remember } from '../core/preferences.js';
import { CameraPanel } from '../ui/camera-panel.js';
import { make } from '../ui/dom.js';
import { CameraSettings } from './camera-settings.js';

/** The same as in the style sheet: what is narrower has one column. */
const narrow = matchMedia('(width < 56rem)');

/**
 * What the camera means for the rest of the page.
 *
 * @typedef {object} CameraModeHandlers
 * @property {(state: LiveState) => void} state
 * @property {(outcome: Outcome) => void} outcome
 * @property {(failure: Failure) => void} failure
 * @property {() => void} stopped by the person
 * @property {(frame: HTMLCanvasElement, mirrored: boolean) => void} frozen the picture of this moment is to become a photo
 */

/** The live picture on the page's stage, and what can be asked of it. */
export class CameraMode {
  #stage;
  #handlers;
  #live;
  #panel;
  #settings;
  /** @type {Camera | null} the one that is on */
  #camera = null;

  root;
  announcement;

  /**
   * @param {Localizer} localizer
   * @param {FrameClassifier} engine
   * @param {PhotoStage} stage
   * @param {CameraModeHandlers} handlers
   */
  constructor(localizer, engine, stage, handlers) {
    this.#stage = stage;
    this.#handlers = handlers;
    const raw = recall('live') === 'raw';
    const video = make('video', { id: 'live-video', playsinline: '', autoplay: '' });
    video.muted = true; // the attribute counts only where a parser has set it
    stage.place(video);
    this.#live = new LiveSession(
      engine,
      video,
      { camera: recall('camera'), raw, wishes: AS_IT_IS },
      {
        state: (state, camera) => this.#show(state, camera),
        cameras: (cameras, id) => {
          remember('camera', id); // now that it is on
          this.#settings.showCameras(cameras, id);
        },
        outcome: (outcome, rate) => {
          handlers.outcome(outcome);
          this.#settings.showRate(rate);
        },
        failure: handlers.failure,
      },
    );
    this.#panel = new CameraPanel(localizer, stage, {
      stop: () => {
        this.#live.stop();
        handlers.stopped();
      },
      freeze: () => this.#freeze(),
    });
    this.#settings = new CameraSettings(
      localizer,
      { raw, timeConstant: TIME_CONSTANT },
      {
        camera: (id) => void this.#live.start(id),
        raw: (chosen) => {
          remember('live', chosen ? 'raw' : 'smoothed');
          this.#live.raw = chosen;
        },
        mirror: (mirrored) => this.#live.mirror(mirrored),
        torch: async (on) => this.#camera?.setTorch(on),
      },
    );
    this.#panel.buttons.append(this.#settings.flip, this.#settings.cameras);
    this.#panel.root.append(make('div', { class: 'switches' }, this.#settings.mirror, this.#settings.torch), this.#settings.smoothing, this.#settings.rate);
    this.root = this.#panel.root;
    this.announcement = this.#panel.announcement;
  }

  /** Whether it ended with a failure, so that another try may help. */
  get failed() {
    return this.#live.failed;
  }

  start() {
    this.#stage.setFrozen(false);
    void this.#live.start();
  }

  /** Makes way for a photo. */
  stop() {
    this.#live.stop();
    this.#stage.setFrozen(false);
  }

  /** For whoever has begun it from elsewhere. */
  focus() {
    this.#panel.focus();
  }

  /** @param {Wishes} wishes for the next frame on */
  choose(wishes) {
    this.#live.choose(wishes);
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera
   */
  #show(state, camera) {
    const begins = this.#panel.root.hidden && state !== 'off';
    this.#camera = camera;
    this.#handlers.state(state);
    this.#panel.setState(state, camera);
    if (camera) this.#settings.showCamera(camera);
    if (state === 'off') this.#settings.clear();
    // Who points a camera at something can't scroll, so picture and answer come onto one screen where there is one column.
    if (begins && narrow.matches) this.#stage.root.scrollIntoView({ block: 'start' });
  }

  #freeze() {
    const now = this.#live.frame();
    if (!now) return;
    this.#handlers.frozen(now.frame, now.mirrored);
    this.#live.stop();
    this.#stage.setFrozen(true);
  }
}
