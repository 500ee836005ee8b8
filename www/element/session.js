/** @import { Camera } from '../camera/capture.js' */
/** @import { Get } from '../core/controller.js' */
/** @import { LiveState, Outcome, Status } from '../core/types.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
/** @import { Details, ErrorDetail, Given, ProgressDetail, ReadyDetail, ResultDetail } from './types.js' */
/** @import { Voice } from '../i18n/localizer.js' */
import { Controller } from '../core/controller.js';
import { Failure, messageOf } from '../core/errors.js';
import { headlineOf } from '../core/headline.js';
import { Steady } from '../camera/stable-value.js';
import { frozenFrame, startCamera, stopCamera } from './camera.js';
import { Card } from './card.js';
import { parse, pictureOf } from '../core/source-to-blob.js';
import { Lease } from './engine-pool.js';

/** What an address that is none stands for: it can't be fetched, and that is told. */
const NOWHERE = new URL('about:invalid');

/**
 * @typedef {object} Request
 * @property {string} name
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
  #tell;
  #voice;
  #card;
  #controller;
  /** @type {Lease | null} */
  #lease = null;
  /** @type {Status | null} */
  #status = null;
  /** What the engine's events have been listened to with. */
  #listening = () => this.#refresh();
  /** Whether `ready` has been told of this engine. */
  #told = false;
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

  #steady = new Steady();
  /** @type {LiveState} */
  #live = 'off';
  /** @type {import('./camera.js').Viewer} */
  #viewer = {
    classify: (picture, wishes, signal) => this.#client.classify(picture, wishes, signal),
    place: (video) => this.#card.place(video),
    state: (state, camera) => this.#look(state, camera),
    outcome: (outcome) => this.#stream(outcome),
    failure: (failure) => {
      void stopCamera(this.#viewer); // it has stopped by itself, but waits for another try
      this.#fail(failure, '');
    },
  };

  /**
   * @param {GlimpseClassifier} host
   * @param {Voice} voice
   * @param {<T extends keyof Details>(type: T, detail: Details[T]) => void} tell dispatches an event
   */
  constructor(host, voice, tell) {
    this.#host = host;
    this.#tell = tell;
    this.#voice = voice;
    this.#card = new Card(voice, {
      file: (file, name) => this.#open({ name, get: async () => file }),
      nothing: () => this.#refuse(new Failure('nothing-dropped')),
      sample: (address, name) => this.#open(pictureOf(address, name)),
      camera: () => this.#startCamera(),
      freeze: () => this.#freeze(),
      stop: () => this.clear(),
      retry: () => this.#retry(),
    });
    this.#controller = new Controller(
      {
        open: (file, signal) => this.#client.open(file, signal),
        classify: (picture, wishes, signal) => this.#client.classify(picture, wishes, signal),
      },
      {
        begin: () => {
          this.#forget();
          this.#work(true);
        },
        busy: () => this.#work(true),
        photo: (preview, name) => {
          this.#picture(preview, name);
          preview.close();
        },
        outcome: (outcome) => this.#answer(outcome),
        failure: (failure, name) => this.#fail(failure, name),
        idle: () => {
          this.#work(false);
          this.#refresh();
        },
      },
    );
    this.#offer();
  }

  /** What is shown of it. */
  get root() {
    return this.#card.root;
  }

  /** It may use an engine, from now on. */
  resume() {
    if (this.#lease) return;
    this.#employ();
    if (this.#host.src !== this.#src) this.openSrc();
    else if (this.#request && !this.#final) this.#take(this.#request);
  }

  /** It gives back what others can use. What is shown stays. */
  pause() {
    this.#stopCamera();
    this.#abandon();
    this.#controller.leave();
    this.#work(false);
    this.#card.progress(undefined);
    this.#card.rest();
    this.#dismiss();
  }

  /**
   * Newer requests win: the promise of an older one is rejected with an `AbortError`.
   *
   * @param {Given} given
   * @returns {Promise<Outcome>} the answer of the network asked for, if that can be had
   */
  classify(given) {
    this.resume();
    return new Promise((resolve, reject) => this.#open(given, { resolve, reject }));
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
    if (src) this.#open({ ...pictureOf(src, ''), alt });
    else this.clear();
  }

  /** Another network or another backend is asked for. */
  change() {
    if (!this.#lease || this.#changing) return;
    this.#changing = true;
    // Whoever changes the one often changes the other, too.
    queueMicrotask(() => {
      this.#changing = false;
      if (!this.#lease) return;
      this.#dismiss();
      this.#employ();
      // Photos are numbered by the engine that opened them, so the new one opens it again.
      if (this.#request) this.#take(this.#request);
    });
  }

  /** Attributes that only say what is offered. */
  offer() {
    this.#offer();
    if (!this.#host.webcam && this.#live !== 'off') this.clear();
    if (this.#outcome) this.#show(this.#outcome);
  }

  /** @param {Voice} voice */
  speak(voice) {
    this.#voice = voice;
    this.#card.speak(voice);
    this.offer();
    this.#refresh();
  }

  get #client() {
    if (!this.#lease) throw new DOMException('The element is in no document.', 'AbortError');
    return this.#lease.client;
  }

  #employ() {
    if (this.#lease) return;
    const { model, backend } = this.#host;
    this.#lease = new Lease(model ? (parse(model) ?? NOWHERE) : null, backend);
    this.#told = false;
    this.#status = null;
    this.#lease.client.addEventListener('change', this.#listening);
    // Later, because whoever is about to ask for something is told by the answer to that.
    queueMicrotask(this.#listening);
  }

  #dismiss() {
    this.#lease?.client.removeEventListener('change', this.#listening);
    this.#lease?.giveBack();
    this.#lease = null;
  }

  #offer() {
    const { samples } = this.#voice.words;
    this.#card.offerCamera(this.#host.webcam);
    this.#card.offerSamples(this.#host.samples, (id, file) => /** @type {Record<string, string>} */ (samples)[id] ?? (id || file));
  }

  /**
   * @param {Request} request
   * @param {Waiting | null} [waiting]
   */
  #open(request, waiting = null) {
    this.#employ();
    this.#stopCamera();
    this.#abandon();
    this.#waiting = waiting;
    this.#take(request);
  }

  /** @param {Request} request */
  #take(request) {
    this.#request = request;
    this.#pictured = this.#final = false;
    void this.#controller.open(request.name, request.get);
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
    const { status } = this.#client;
    if (status.state === 'failed') this.#client.start();
    if (this.#request) this.#take(this.#request);
    else if (status.state !== 'failed' && this.#host.webcam) this.#startCamera();
    else this.#forget();
  }

  /** What was said holds no longer. */
  #forget() {
    this.#outcome = null;
    this.#card.forget();
  }

  /** Whoever waits for the picture before waits no longer. */
  #abandon() {
    this.#waiting?.reject(new DOMException('Another picture has been asked for.', 'AbortError'));
    this.#waiting = null;
  }

  /** @param {boolean} busy */
  #work(busy) {
    this.#busy = busy;
    this.#card.busy(busy);
  }

  /**
   * @param {ImageBitmap | HTMLCanvasElement} picture
   * @param {string} name
   */
  #picture(picture, name) {
    const { alt = '', mirrored = false } = this.#request ?? {};
    this.#pictured = true;
    this.#card.photo(picture, name || this.#voice.words.widget.given, alt, mirrored);
  }

  /** @param {Outcome} outcome */
  #answer(outcome) {
    this.#final = this.#isLast(outcome);
    this.#show(outcome);
    this.#tellResult(outcome, false);
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
    const { choice, modelReason } = this.#client.status;
    return model === choice || modelReason.code === 'failed';
  }

  /** @param {Outcome} outcome */
  #show(outcome) {
    const status = this.#lease?.client.status;
    const remark = !status || outcome.model === status.choice ? '' : this.#voice.words.remark(status);
    this.#outcome = outcome;
    this.#card.answer(outcome, this.#host.topK, remark);
  }

  /**
   * @param {Failure} failure
   * @param {string} name
   */
  #fail(failure, name) {
    const { words } = this.#voice;
    const message = words.widget.failure(failure, name) ?? words.failure(failure, name);
    const ofCamera = failure.code.startsWith('camera-');
    this.#outcome = null;
    if (this.#pictured) this.#card.forget();
    else this.#card.clear(); // the photo before has nothing to do with it
    this.#card.trouble(message, ofCamera || failure.code === 'picture-fetch' || this.#lease?.client.status.state === 'failed');
    /** @type {ErrorDetail} */
    const detail = { code: failure.code, facts: failure.facts, message };
    this.#waiting?.reject(failure);
    this.#waiting = null;
    this.#tell('error', detail);
  }

  /** The engine has changed, or what it is asked for. */
  #refresh() {
    const lease = this.#lease;
    if (!lease) return;
    const before = this.#status;
    const now = (this.#status = lease.client.status);
    this.#card.progress(now.state === 'loading' ? now.progress : undefined);
    this.#tellProgress(now, before);
    if (now.state === 'ready') this.#tellReady(now);
    if (!this.#busy && (now.state === 'failed') !== (before?.state === 'failed')) {
      if (now.state === 'failed') this.#fail(lease.client.failure ?? new Failure('unexpected'), '');
      else if (this.#request && !this.#outcome) this.#take(this.#request);
      else if (before) this.#forget();
    }
    const { outcome } = this.#controller;
    if (!outcome) return;
    if (now.model && now.model !== outcome.model) {
      void this.#controller.again();
    } else if (!this.#final && this.#isLast(outcome)) {
      // The better network won't come: what there is, is the answer.
      this.#final = true;
      this.#show(outcome);
      this.#tellResult(outcome, false);
      this.#conclude(outcome);
    }
  }

  /** @param {Status} status */
  #tellReady({ model, backend, info }) {
    if (this.#told || !model || !backend || !info) return;
    this.#told = true;
    /** @type {ReadyDetail} */
    const detail = { model, backend, classes: info.classes };
    this.#tell('ready', detail);
  }

  /**
   * @param {Status} now
   * @param {Status | null} before
   */
  #tellProgress({ loading, progress }, before) {
    if (!loading || !progress || progress.loaded === before?.progress?.loaded) return;
    /** @type {ProgressDetail} */
    const detail = { model: loading.model, backend: loading.backend, ...progress };
    this.#tell('progress', detail);
  }

  /**
   * @param {Outcome} outcome
   * @param {boolean} live
   */
  #tellResult(outcome, live) {
    /** @type {ResultDetail} */
    const detail = { outcome, name: this.#request?.name ?? '', final: this.#final && !live, live };
    this.#tell('result', detail);
  }

  async #startCamera() {
    this.#employ();
    this.clear();
    this.#pictured = false;
    this.#steady = new Steady();
    this.#look('starting', null);
    try {
      await startCamera(this.#viewer);
    } catch (error) {
      this.#look('off', null);
      this.#fail(new Failure('unexpected', { detail: messageOf(error) }, error), '');
    }
  }

  #stopCamera() {
    if (this.#live === 'off') return;
    this.#look('off', null);
    void stopCamera(this.#viewer);
  }

  async #freeze() {
    const now = await frozenFrame(this.#viewer);
    if (!now) return;
    const { frame, mirrored } = now;
    const name = this.#voice.words.frozen(new Date());
    this.#open({ ...pictureOf(frame, name), mirrored });
    this.#picture(frame, name); // at once, so that the stage doesn't blink
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera
   */
  #look(state, camera) {
    this.#live = state;
    this.#card.live(state, camera?.mirrored ?? false);
    if (state === 'off') this.#forget();
  }

  /** @param {Outcome} outcome */
  #stream(outcome) {
    this.#show(outcome);
    this.#tellResult(outcome, true);
    const headline = headlineOf(outcome);
    if (headline && this.#steady.add(headline.label, performance.now())) this.#card.announce();
  }
}
