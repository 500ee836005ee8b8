/** @import { Explanation, MapRequest, Outcome, Status } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Card } from './card.js' */
/** @import { EngineLink } from './engine-link.js' */
/** @import { PhotoRequest } from './photo-request.js' */
/** @import { Reporter } from './reporter.js' */
import { Controller } from '../core/controller.js';
import { Failure } from '../core/errors.js';
import { AS_IT_IS } from '../core/options.js';

/** The photo that is shown or looked for, from the request to its last answer: the newest request wins. */
export class PhotoMode {
  #localizer;
  #engine;
  #card;
  #reporter;
  #controller;
  #busy = false;
  /** @type {PhotoRequest | null} */
  #request = null;

  /**
   * @param {Localizer} localizer
   * @param {EngineLink} engine
   * @param {Card} card
   * @param {Reporter} reporter
   */
  constructor(localizer, engine, card, reporter) {
    this.#localizer = localizer;
    this.#engine = engine;
    this.#card = card;
    this.#reporter = reporter;
    this.#controller = new Controller(
      {
        open: (file, signal) => engine.client.open(file, signal),
        classify: (picture, wishes, signal) => engine.classify(picture, wishes, signal),
        explain: (picture, wishes, request, how = {}) => engine.explain(picture, wishes, request ?? {}, how),
      },
      {
        begin: () => {
          reporter.clear();
          this.#setBusy(true);
        },
        busy: () => this.#setBusy(true),
        photo: (preview) => {
          this.show(preview);
          preview.close();
        },
        outcome: (outcome) => this.#answer(outcome),
        failure: (failure) => reporter.failure(failure, this.#request, this.#request?.name),
        idle: () => {
          this.#setBusy(false);
          const { status } = engine;
          if (status) this.refresh(status, status);
        },
      },
    );
  }

  /** The one shown or looked for. */
  get request() {
    return this.#request;
  }

  /** @param {PhotoRequest} request */
  open(request) {
    this.#request?.abandon();
    this.#take(request);
  }

  /**
   * Something came in that is no photo.
   * @param {Failure} failure
   */
  refuse(failure) {
    this.#request?.abandon();
    this.#request = null;
    void this.#controller.refuse(failure);
  }

  /** @returns {boolean} whether there is a photo, which is then opened and answered anew */
  restart() {
    if (this.#request) this.#take(this.#request);
    return this.#request !== null;
  }

  /** @returns {boolean} whether it goes on with a photo that had not got its last answer */
  resume() {
    const due = this.#request !== null && !this.#request.final;
    if (this.#request && due) this.#take(this.#request);
    return due;
  }

  /**
   * Where the network looks in the photo that is shown.
   *
   * @param {MapRequest} asked
   * @param {{ signal: AbortSignal, onProgress?: (done: number, steps: number) => void }} how
   * @returns {Promise<Explanation>}
   */
  async explain(asked, how) {
    const request = this.#request;
    if (this.#controller.outcome || !request) return this.#controller.explain(asked, how);
    // The element has been away meanwhile: the engine that opened the photo may be gone.
    const { photo, preview } = await this.#engine.client.open(await request.get(how.signal), how.signal);
    preview.close();
    return this.#engine.explain(photo, AS_IT_IS, asked, how);
  }

  /** Stops what is under way. What is shown stays. */
  pause() {
    this.#request?.abandon();
    this.#controller.leave();
    this.#setBusy(false);
  }

  /** Puts the photo away. */
  close() {
    this.#request?.abandon();
    this.#request = null;
    this.#controller.close();
  }

  /** Answers the same photo again, which is to be prepared in another way. */
  again() {
    void this.#controller.again();
  }

  /**
   * Puts a picture of the photo asked for on the stage.
   * @param {ImageBitmap | HTMLCanvasElement} picture
   */
  show(picture) {
    const request = this.#request;
    if (!request) return;
    const { name, alt, mirrored } = request;
    request.shown = true;
    this.#card.showPhoto(picture, (words) => name(words) || words.widget.given, { alt, mirrored });
  }

  /**
   * The page describes the picture in other words, where that is its affair.
   * @param {string} alt
   */
  describe(alt) {
    const request = this.#request;
    if (!request?.described) return;
    request.alt = alt;
    if (request.shown) this.#card.describePhoto(alt);
  }

  /**
   * The engine has changed, or what it is asked for.
   *
   * @param {Status} now
   * @param {Status | null} before
   */
  refresh(now, before) {
    if (!this.#busy && (now.state === 'failed') !== (before?.state === 'failed')) {
      if (now.state === 'failed') this.#reporter.failure(this.#engine.client.failure ?? new Failure('unexpected'), this.#request);
      else if (this.#request && !this.#reporter.shown) this.#take(this.#request);
      else if (before) this.#reporter.clear();
    }
    const { outcome } = this.#controller;
    if (!outcome) return;
    if (now.model && now.model !== outcome.model) void this.#controller.again();
    else if (!this.#request?.final && this.#isFinal(outcome)) this.#answer(outcome); // the better network won't come
  }

  /** @param {PhotoRequest} request */
  #take(request) {
    this.#request = request;
    request.restart();
    void this.#controller.open(request.name(this.#localizer.words), request.get);
  }

  /** @param {Outcome} answered */
  #answer(answered) {
    const request = this.#request;
    if (!request) return;
    request.final = this.#isFinal(answered);
    const outcome = this.#reporter.outcome(answered, request);
    if (!request.final) return;
    this.#card.announce();
    request.resolve(outcome);
  }

  /**
   * Whether no better network is going to answer the same photo.
   * @param {Outcome} outcome
   */
  #isFinal({ model }) {
    const { choice, modelReason } = this.#engine.client.status;
    return model === choice || modelReason.code === 'failed';
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    this.#card.setBusy(busy);
  }
}
