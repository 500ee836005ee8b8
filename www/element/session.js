/** @import { Camera } from '../camera/capture.js' */
/** @import { Get } from '../core/controller.js' */
/** @import { LiveState, Outcome, Status } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
/** @import { Viewer } from './shared-camera.js' */
/** @import { Emit, ErrorDetail, Given, ResultDetail } from './types.js' */
import { Controller } from '../core/controller.js';
import { Failure, messageOf } from '../core/errors.js';
import { fileNameOf, parse, pictureOf } from '../core/source-to-blob.js';
import { errorText } from '../ui/error-box.js';
import { NO_REMARK } from '../ui/result-panel.js';
import { Card } from './card.js';
import { EngineLink } from './engine-link.js';
import { frozenFrame, startCamera, stopCamera } from './shared-camera.js';

/** What a failure is called that is about no photo. */
const NO_NAME = () => '';

/**
 * @typedef {object} Request
 * @property {Phrase} name
 * @property {Get} get
 * @property {string} [alt] what the picture shows, where the page has said so
 * @property {boolean} [mirrored] whether people see it in a mirror, as they saw themselves
 */

/**
 * Code that waits for an answer.
 * @typedef {{ resolve: (outcome: Outcome) => void, reject: (reason: unknown) => void }} Waiting
 */

/**
 * An element that has been seen or used: its card, its engine and what goes on between them. It is fetched only then,
 * with everything that it imports.
 *
 * While the element is in no document, it holds nothing that others could miss (engine, camera), and goes on with what
 * it shows when it is back.
 */
export class Session {
  #host;
  #emit;
  #localizer;
  #card;
  #engine;
  #controller;
  #changing = false;

  /** The value of `src` that has been opened. */
  #src = '';
  /** @type {Request | null} the photo that is shown or looked for */
  #request = null;
  /** Whether that photo is on the stage. */
  #pictured = false;
  /** @type {Outcome | null} the answer shown */
  #outcome = null;
  /** Whether the answer shown is the last one on its picture. */
  #final = false;
  #busy = false;
  /** @type {Waiting | null} */
  #waiting = null;

  /** @type {LiveState} */
  #live = 'off';
  /** @type {Viewer} */
  #viewer = {
    classify: (picture, wishes, signal) => this.#engine.client.classify(picture, wishes, signal),
    place: (video) => this.#card.place(video),
    state: (state, camera) => this.#setCamera(state, camera),
    outcome: (outcome) => {
      this.#show(outcome, true);
      this.#emitResult(outcome, true);
    },
    failure: (failure) => {
      void stopCamera(this.#viewer); // it has stopped by itself, but waits for another try
      this.#fail(failure);
    },
  };

  /**
   * @param {GlimpseClassifier} host
   * @param {Localizer} localizer
   * @param {Emit} emit
   */
  constructor(host, localizer, emit) {
    this.#host = host;
    this.#emit = emit;
    this.#localizer = localizer;
    this.#engine = new EngineLink(host, emit, (now, before) => this.#refresh(now, before));
    this.#card = new Card(localizer, {
      file: (file, name) => this.#open({ name, get: () => file }),
      nothingDropped: () => this.#refuse(new Failure('nothing-dropped')),
      sample: ({ address, name }) => this.#open({ name, get: pictureOf(address).get }),
      startCamera: () => this.#startCamera(),
      freeze: () => this.#freeze(),
      stop: () => this.clear(),
      retry: () => this.#retry(),
    });
    this.#controller = new Controller(
      {
        open: (file, signal) => this.#engine.client.open(file, signal),
        classify: (picture, wishes, signal) => this.#engine.client.classify(picture, wishes, signal),
      },
      {
        begin: () => {
          this.#clearResult();
          this.#setBusy(true);
        },
        busy: () => this.#setBusy(true),
        photo: (preview) => {
          this.#showPhoto(preview);
          preview.close();
        },
        outcome: (outcome) => this.#answer(outcome),
        failure: (failure) => this.#fail(failure, this.#request?.name),
        idle: () => {
          this.#setBusy(false);
          const { status } = this.#engine;
          if (status) this.#refresh(status, status);
        },
      },
    );
    this.offer();
  }

  /** What is shown of it. */
  get root() {
    return this.#card.root;
  }

  /** It may use an engine, from now on. */
  resume() {
    if (this.#engine.acquired) return;
    this.#engine.acquire();
    if (this.#host.src !== this.#src) this.openSrc();
    else if (this.#request && !this.#final) this.#take(this.#request);
  }

  /** It gives back what others can use. What is shown stays. */
  pause() {
    this.#stopCamera();
    this.#abandon();
    this.#controller.leave();
    this.#setBusy(false);
    this.#card.showProgress(undefined);
    this.#card.rest();
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
    this.#stopCamera();
    this.#abandon();
    this.#request = this.#outcome = null;
    this.#pictured = false;
    this.#controller.close();
    this.#card.clear();
  }

  /** The picture that `src` names, which may be none. */
  openSrc() {
    const { src, alt } = this.#host;
    this.#src = src;
    if (!src) return this.clear();
    const { name, get } = pictureOf(src);
    this.#open({ name: () => name, get, alt });
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
      this.#engine.acquire();
      // Photos are numbered by the engine that opened them, so the new one opens it again.
      if (this.#request) this.#take(this.#request);
    });
  }

  /** What the attributes offer, beside the picture. */
  offer() {
    const { webcam, samples } = this.#host;
    this.#card.offerCamera(webcam);
    this.#card.offerSamples(samples.map(sampleAt));
    if (!webcam && this.#live !== 'off') this.clear();
    if (this.#outcome) this.#show(this.#outcome, this.#live !== 'off');
  }

  /**
   * @param {Request} request
   * @param {Waiting | null} [waiting]
   */
  #open(request, waiting = null) {
    this.#engine.acquire();
    this.#stopCamera();
    this.#abandon();
    this.#waiting = waiting;
    this.#take(request);
  }

  /** @param {Request} request */
  #take(request) {
    this.#request = request;
    this.#pictured = this.#final = false;
    void this.#controller.open(request.name(this.#localizer.words), request.get);
  }

  /** @param {Failure} failure */
  #refuse(failure) {
    this.#stopCamera();
    this.#abandon();
    this.#request = null;
    this.#pictured = false;
    void this.#controller.refuse(failure);
  }

  #retry() {
    const { client } = this.#engine;
    const failed = client.status.state === 'failed';
    if (failed) client.start();
    if (this.#request) this.#take(this.#request);
    else if (!failed && this.#host.webcam) void this.#startCamera();
    else this.#clearResult();
  }

  #clearResult() {
    this.#outcome = null;
    this.#card.clearResult();
  }

  /** Whoever waits for the picture before waits no longer. */
  #abandon() {
    this.#waiting?.reject(new DOMException('Another picture has been asked for.', 'AbortError'));
    this.#waiting = null;
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    this.#card.setBusy(busy);
  }

  /** @param {ImageBitmap | HTMLCanvasElement} picture */
  #showPhoto(picture) {
    const { name = NO_NAME, alt, mirrored } = this.#request ?? {};
    this.#pictured = true;
    this.#card.showPhoto(picture, (words) => name(words) || words.widget.given, { alt, mirrored });
  }

  /** @param {Outcome} outcome */
  #answer(outcome) {
    this.#final = this.#isLast(outcome);
    this.#show(outcome);
    this.#emitResult(outcome);
    if (this.#final) this.#conclude(outcome);
  }

  /** @param {Outcome} outcome */
  #conclude(outcome) {
    this.#card.announce();
    this.#waiting?.resolve(outcome);
    this.#waiting = null;
  }

  /**
   * Whether no better network is going to answer the same picture.
   * @param {Outcome} outcome
   */
  #isLast({ model }) {
    const { choice, modelReason } = this.#engine.client.status;
    return model === choice || modelReason.code === 'failed';
  }

  /**
   * @param {Outcome} outcome
   * @param {boolean} [live]
   */
  #show(outcome, live = false) {
    const { status } = this.#engine;
    const answered = !status || outcome.model === status.choice;
    this.#outcome = outcome;
    this.#card.showResult({ outcome, top: this.#host.topK, remark: answered ? NO_REMARK : (words) => words.remark(status) }, live);
  }

  /**
   * @param {Failure} failure
   * @param {Phrase} [name]
   */
  #fail(failure, name = NO_NAME) {
    const { words } = this.#localizer;
    const ofCamera = failure.code.startsWith('camera-');
    this.#outcome = null;
    if (this.#pictured) this.#card.clearResult();
    else this.#card.clear(); // the photo before has nothing to do with it
    this.#card.showError(failure, name, ofCamera || failure.code === 'picture-fetch' || this.#engine.status?.state === 'failed');
    /** @type {ErrorDetail} */
    const detail = { code: failure.code, facts: failure.facts, message: errorText(words, failure, name(words)) };
    this.#waiting?.reject(failure);
    this.#waiting = null;
    this.#emit('error', detail);
  }

  /**
   * The engine has changed, or what it is asked for.
   *
   * @param {Status} now
   * @param {Status | null} before
   */
  #refresh(now, before) {
    this.#card.showProgress(now.state === 'loading' ? now.progress : undefined);
    if (!this.#busy && (now.state === 'failed') !== (before?.state === 'failed')) {
      if (now.state === 'failed') this.#fail(this.#engine.client.failure ?? new Failure('unexpected'));
      else if (this.#request && !this.#outcome) this.#take(this.#request);
      else if (before) this.#clearResult();
    }
    const { outcome } = this.#controller;
    if (!outcome) return;
    if (now.model && now.model !== outcome.model) {
      void this.#controller.again();
    } else if (!this.#final && this.#isLast(outcome)) {
      // The better network won't come: what there is, is the answer.
      this.#final = true;
      this.#show(outcome);
      this.#emitResult(outcome);
      this.#conclude(outcome);
    }
  }

  /**
   * @param {Outcome} outcome
   * @param {boolean} [live]
   */
  #emitResult(outcome, live = false) {
    /** @type {ResultDetail} */
    const detail = { outcome, name: this.#request?.name(this.#localizer.words) ?? '', final: this.#final && !live, live };
    this.#emit('result', detail);
  }

  async #startCamera() {
    this.#engine.acquire();
    this.clear();
    this.#setCamera('starting', null);
    try {
      await startCamera(this.#viewer);
    } catch (error) {
      this.#setCamera('off', null);
      this.#fail(new Failure('unexpected', { detail: messageOf(error) }, error));
    }
  }

  #stopCamera() {
    if (this.#live === 'off') return;
    this.#setCamera('off', null);
    void stopCamera(this.#viewer);
  }

  /** The live picture of this moment becomes a photo. */
  async #freeze() {
    const now = await frozenFrame(this.#viewer);
    if (!now) return;
    const { frame, mirrored } = now;
    const time = new Date();
    this.#open({ name: (words) => words.frozen(time), get: pictureOf(frame).get, mirrored });
    this.#showPhoto(frame); // at once, so that the stage doesn't blink
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera
   */
  #setCamera(state, camera) {
    this.#live = state;
    this.#card.setCamera(state, camera);
    if (state === 'off') this.#clearResult();
  }
}

/**
 * A sample of the element's attribute: one of ours has a name in every language, any other is called what its file is called.
 *
 * @param {string} address
 * @returns {import('../ui/sample-list.js').Sample}
 */
function sampleAt(address) {
  const url = parse(address);
  const file = url ? fileNameOf(url) : '';
  const id = file.replace(/\.\w+$/, '');
  return { id, address, name: ({ samples }) => /** @type {Record<string, string>} */ (samples)[id] ?? (id || file) };
}
