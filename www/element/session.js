/** @import { Outcome, Status, Wishes } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
/** @import { Asked, Waiter } from './photo-request.js' */
/** @import { Emit, Given } from './types.js' */
import { Failure } from '../core/errors.js';
import { pictureOf } from '../core/source-to-blob.js';
import { WhereSwitch } from '../explain/where-switch.js';
import { Asking } from './asking.js';
import { CameraMode } from './camera-mode.js';
import { Card } from './card.js';
import { EngineLink } from './engine-link.js';
import { pagePicture } from './page-picture.js';
import { PhotoMode } from './photo-mode.js';
import { PhotoRequest } from './photo-request.js';
import { Reporter } from './reporter.js';
import { sampleAt } from './sample-at.js';

/**
 * An element that has been seen or used: it ties card, engine, photo and camera together, and does what attributes and
 * methods ask. It is fetched only then, with everything that it imports.
 *
 * While the element is in no document, it holds nothing that others could miss (engine, camera), and goes on with what
 * it shows when it is back.
 */
export class Session {
  #host;
  #asking;
  #engine;
  #card;
  #explaining;
  #reporter;
  #photo;
  #camera;
  /** The address of the page's picture that has been opened. */
  #src = '';
  #changing = false;
  /** Whether the camera has been offered: taking that back switches it off. */
  #offered = false;

  /**
   * @param {GlimpseClassifier} host
   * @param {Localizer} localizer
   * @param {Emit} emit
   */
  constructor(host, localizer, emit) {
    this.#host = host;
    this.#asking = new Asking(host);
    this.#engine = new EngineLink(host, this.#asking, emit, (now, before) => this.#refresh(now, before));
    this.#card = new Card(localizer, {
      file: (file, name) => this.#open({ name, get: () => file }),
      nothingDropped: () => this.#refuse(new Failure('nothing-dropped')),
      sample: ({ address, name }) => this.#open({ name, get: pictureOf(address).get }),
      startCamera: () => this.#startCamera().catch(() => {}), // the card says so
      freeze: () => this.#camera.freeze(),
      stop: () => this.clear(),
      retry: () => this.#retry(),
    });
    const explain = (/** @type {Parameters<PhotoMode['explain']>} */ ...asked) => this.#photo.explain(...asked);
    this.#explaining = new WhereSwitch({
      load: async () => {
        const { Where } = await import('../explain/where.js');
        return new Where(localizer, { ...this.#card.mapped, ask: explain, shown: (map, live) => emit('map', { map, live }) });
      },
      place: (panel) => this.#card.placeMap(panel),
      trouble: (failure) => this.#card.showMapFailure(failure),
    });
    this.#reporter = new Reporter(host, localizer, this.#engine, this.#asking, this.#card, this.#explaining, emit);
    this.#photo = new PhotoMode(localizer, this.#engine, this.#card, this.#reporter);
    const frames = { classify: (/** @type {[ImageBitmap, Wishes, AbortSignal]} */ ...frame) => this.#explaining.answerFrame(this.#engine, ...frame) };
    this.#camera = new CameraMode(host, frames, this.#card, {
      outcome: (outcome) => this.#reporter.outcome(outcome, null),
      failure: (failure) => this.#reporter.failure(failure, this.#photo.request),
      stopped: () => this.#reporter.clear(),
      frozen: (frame, mirrored) => this.#openFrame(frame, mirrored),
    });
    this.offer();
  }

  /** What is shown of it. */
  get root() {
    return this.#card.root;
  }

  /** The answer that is shown. */
  get outcome() {
    return this.#reporter.shown;
  }

  /** It may use an engine, from now on. */
  resume() {
    if (this.#engine.acquired) return;
    this.#engine.acquire();
    if (pagePicture(this.#host).src !== this.#src) this.openSrc();
    else if (!this.#photo.resume()) this.#explaining.resume();
  }

  /** It gives back what others can use. What is shown stays. */
  pause() {
    this.#camera.stop();
    this.#photo.pause();
    this.#card.showProgress(undefined);
    this.#card.rest();
    this.#explaining.rest();
    this.#engine.release();
  }

  /**
   * Newer requests win: the promise of an older one is rejected with an `AbortError`.
   *
   * @param {Given} given
   * @returns {Promise<Outcome>} the answer of the network asked for, if that can be had
   */
  classify({ name, get }) {
    this.resume();
    return new Promise((resolve, reject) => this.#open({ name: () => name, get }, { resolve, reject }));
  }

  /** Puts the photo, its answer and the camera away. */
  clear() {
    this.#camera.stop();
    this.#photo.close();
    this.#card.clear();
  }

  /** Resolves when the camera's picture is there. */
  startCamera() {
    return this.#startCamera();
  }

  /** Puts the camera away, where it is on. */
  stopCamera() {
    if (this.#camera.active) this.clear();
  }

  /** The picture that the page names, which may be none. */
  openSrc() {
    const { src, alt } = pagePicture(this.#host);
    this.#src = src;
    if (!src) return this.clear();
    const { name, get } = pictureOf(src);
    this.#open({ name: () => name, get, alt, described: true });
  }

  /** What the page's picture shows is said in other words. */
  describe() {
    this.#photo.describe(pagePicture(this.#host).alt);
  }

  /** Another camera is asked for. */
  changeCamera() {
    if (this.#camera.active) this.#startCamera().catch(() => {}); // the card says so
  }

  /** Pictures are to be prepared in another way. */
  prepare() {
    this.#photo.again();
  }

  /** Another network or another backend is asked for. */
  change() {
    if (!this.#engine.acquired || this.#changing) return;
    this.#changing = true;
    // Whoever changes the one often changes the other, too.
    queueMicrotask(() => {
      this.#changing = false;
      if (!this.#engine.acquired) return;
      this.#engine.release();
      this.#asking.forget();
      this.#engine.acquire();
      this.#photo.restart(); // photos are numbered by the engine that opened them, so the new one opens it again
    });
  }

  /**
   * Focuses the first button.
   * @param {FocusOptions} [options]
   */
  focus(options) {
    this.#card.focus(options);
  }

  /** What the attributes offer, beside the picture. */
  offer() {
    const { webcam, samples, explain } = this.#host;
    this.#card.offerCamera(webcam);
    this.#card.offerSamples(samples.map(sampleAt));
    if (this.#offered && !webcam) this.stopCamera();
    this.#offered = webcam;
    this.#explaining.switch(explain);
    void this.#reporter.refresh();
  }

  /**
   * @param {Asked} asked
   * @param {Waiter | null} [waiter]
   */
  #open(asked, waiter = null) {
    this.#engine.acquire();
    this.#camera.stop();
    this.#photo.open(new PhotoRequest(asked, waiter));
  }

  /** @param {Failure} failure */
  #refuse(failure) {
    this.#camera.stop();
    this.#photo.refuse(failure);
  }

  #startCamera() {
    this.#engine.acquire();
    this.clear();
    return this.#camera.start();
  }

  /**
   * The live picture of a moment becomes a photo.
   *
   * @param {HTMLCanvasElement} frame
   * @param {boolean} mirrored
   */
  #openFrame(frame, mirrored) {
    const time = new Date();
    this.#open({ name: (words) => words.frozen(time), get: pictureOf(frame).get, mirrored });
    this.#photo.show(frame); // at once, so that the stage doesn't blink
  }

  #retry() {
    const { client } = this.#engine;
    const failed = client.status.state === 'failed';
    if (failed) client.start();
    if (this.#photo.restart()) return;
    if (!failed && this.#host.webcam)
      this.#startCamera().catch(() => {}); // the card says so
    else this.#reporter.clear();
  }

  /**
   * @param {Status} now
   * @param {Status | null} before
   */
  #refresh(now, before) {
    this.#card.showProgress(now.state === 'loading' ? now.progress : undefined);
    this.#photo.refresh(now, before);
  }
}
