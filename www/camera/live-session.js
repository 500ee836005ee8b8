/** @import { LiveState, Outcome, Wishes } from '../core/types.js' */
/** @import { Entry } from './capture.js' */
/** @import { FrameRate } from './frame-rate.js' */
import { abort, reasonOf } from '../core/abort.js';
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { Camera, listCameras, openCamera } from './capture.js';
import { classifyFrames } from './classify-frames.js';
import { OnScreen } from './on-screen.js';
import { VideoFrames } from './video-frames.js';
import { startWatchdog } from './watchdog.js';

/** Failures of one camera where another may work. */
const NOT_THIS_ONE = ['camera-busy', 'camera-failed'];

/**
 * What answers a frame. It takes the picture over and closes it.
 * @typedef {{ classify(picture: ImageBitmap, wishes: Wishes, signal: AbortSignal): Promise<Outcome> }} FrameClassifier
 */

/**
 * What the live picture tells the page.
 *
 * @typedef {object} LiveHandlers
 * @property {(state: LiveState, camera: Camera | null) => void} state
 * @property {(cameras: Entry[], id: string) => void} cameras which there are, and which one is on
 * @property {(outcome: Outcome, rate: FrameRate) => void} outcome
 * @property {(failure: Failure) => void} failure it has stopped, and why
 */

/**
 * The live picture: off, starting, running, or paused because nobody can see it, in a hidden page or
 * scrolled away. It holds a camera only while it
 * starts or runs. As with photos, the newest wish wins: a camera that is ready after a stop is switched off at once.
 */
export class LiveSession {
  #engine;
  #video;
  #handlers;
  #wishes;
  #onScreen;
  #turn = new AbortController();
  /** @type {LiveState} */
  #state = 'off';
  /** @type {Camera | null} */
  #camera = null;
  /** @type {string | null} the camera asked for */
  #id;

  /** Whether every frame is shown as it is, not as an average over time. */
  raw = false;
  /** @type {boolean | null} whether the picture is mirrored; null where that is as the camera looks */
  #mirrored = null;
  /** Whether it ended with a failure, so that another try may help. */
  failed = false;

  /**
   * @param {FrameClassifier} engine
   * @param {HTMLVideoElement} video
   * @param {{ camera: string | null, raw: boolean, wishes: Wishes }} choices what the person chose before
   * @param {LiveHandlers} handlers
   */
  constructor(engine, video, { camera, raw, wishes }, handlers) {
    this.#engine = engine;
    this.#video = video;
    this.#id = camera;
    this.raw = raw;
    this.#wishes = wishes;
    this.#handlers = handlers;
    this.#onScreen = new OnScreen(video, () => this.#checkVisibility());
    document.addEventListener('visibilitychange', () => this.#checkVisibility());
  }

  get state() {
    return this.#state;
  }

  /** @param {Wishes} wishes for the next frame on */
  choose(wishes) {
    this.#wishes = wishes;
  }

  /**
   * Switches the camera on, or to another one.
   * @param {string | null} [id] left out, the one before
   */
  async start(id = this.#id) {
    if (id !== this.#id) this.#mirrored = null;
    this.#id = id;
    this.failed = false;
    this.#end();
    this.#onScreen.watch();
    if (document.hidden) this.#become('paused');
    else await this.#take(this.#turn);
  }

  /** @param {boolean} mirrored until another camera is asked for */
  mirror(mirrored) {
    this.#mirrored = mirrored;
    if (!this.#camera) return;
    this.#camera.mirrored = mirrored;
    this.#handlers.state(this.#state, this.#camera);
  }

  stop() {
    this.failed = false;
    if (this.#state === 'off') return;
    this.#end();
    this.#onScreen.stop();
    this.#become('off');
  }

  /**
   * The picture of this moment, as large as the camera's and not mirrored; `mirrored` says whether it is shown so.
   * @returns {{ frame: HTMLCanvasElement, mirrored: boolean } | null} null where there is no picture yet
   */
  frame() {
    const camera = this.#camera;
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#state !== 'running' || !camera || width === 0 || height === 0) return null;
    const frame = Object.assign(document.createElement('canvas'), { width, height });
    frame.getContext('2d')?.drawImage(this.#video, 0, 0);
    return { frame, mirrored: camera.mirrored };
  }

  /** What nobody sees shall not make anybody wonder why the camera's light is on, nor use up the battery. */
  #checkVisibility() {
    const seen = !document.hidden && this.#onScreen.seen;
    if (!seen && (this.#state === 'starting' || this.#state === 'running')) {
      this.#end();
      this.#become('paused');
    } else if (seen && this.#state === 'paused') {
      void this.start();
    }
  }

  /** Ends what runs and lets the camera go. */
  #end() {
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#camera?.stop();
    this.#camera = null;
    this.#video.srcObject = null;
  }

  /** @param {LiveState} state */
  #become(state) {
    this.#state = state;
    this.#handlers.state(state, this.#camera);
  }

  /** @param {AbortController} turn */
  async #take(turn) {
    try {
      await this.#run(turn);
    } catch (error) {
      // What ends a turn from within comes as the reason of its abort; from without, a newer wish has taken over.
      const reason = turn.signal.aborted ? reasonOf(turn.signal) : error;
      if (turn !== this.#turn) return;
      this.#end();
      this.#onScreen.stop();
      this.failed = true;
      // Who has chosen a camera that doesn't work can't reach the list of the others: the next try takes any.
      if (reason instanceof Failure && NOT_THIS_ONE.includes(reason.code)) this.#id = null;
      this.#become('off');
      this.#handlers.failure(reason instanceof Failure ? reason : new Failure('unexpected', { detail: messageOf(reason) }, reason));
    }
  }

  /** @param {AbortController} turn */
  async #run(turn) {
    const { signal } = turn;
    this.#become('starting');
    const camera = await openCamera(this.#id, signal);
    if (this.#mirrored !== null) camera.mirrored = this.#mirrored;
    this.#camera = camera;
    const fail = (/** @type {Failure} */ failure) => abort(turn, failure);
    camera.watch(fail, signal);
    this.#list(camera, signal);

    const video = this.#video;
    video.srcObject = camera.stream;
    video.play().catch((error) => {
      if (!isAbort(error)) fail(new Failure('camera-silent', { seconds: 0, detail: messageOf(error) }, error));
    });
    const frames = new VideoFrames(video);
    const stopWatchdog = startWatchdog(frames, camera, fail);
    try {
      await frames.next(signal);
      this.#become('running');
      await classifyFrames(video, frames, signal, {
        classify: (picture) => this.#engine.classify(picture, { ...this.#wishes, singleView: true }, signal),
        outcome: (outcome, average, rate) => this.#handlers.outcome(this.raw ? outcome : average, rate),
      });
    } finally {
      stopWatchdog();
      frames.stop();
    }
  }

  /**
   * Tells which cameras there are, now and whenever one is plugged in or out.
   *
   * @param {Camera} camera the one that is on
   * @param {AbortSignal} signal
   */
  #list(camera, signal) {
    const list = async () => {
      // Without the list there is no choice of cameras; the one that is on goes on.
      const cameras = await listCameras().catch(() => []);
      if (!signal.aborted) this.#handlers.cameras(cameras, camera.id);
    };
    navigator.mediaDevices.addEventListener('devicechange', list, { signal });
    void list();
  }
}
