/** @import { Curves, Explanation, Info, MapRequest, ModelId, Outcome, Photo, Picture, Preference, Speed, Stages, Status, Thread, Wishes } from '../core/types.js' */
/** @import { Launched } from './spawn.js' */
/** @import { Ask, Order, Report } from './protocol.js' */
import { reasonOf, throwIfAborted } from '../core/abort.js';
import { Failure, messageOf } from '../core/errors.js';
import { HeadStart } from './head-start.js';
import { Heartbeat, PATIENCE } from './heartbeat.js';
import { launch } from './spawn.js';
import { unpack } from './protocol.js';

/** Milliseconds without a request after which a worker ends. */
const IDLE = 120_000;

/**
 * @typedef {object} Wanted
 * @property {readonly { id: ModelId, weights: URL | Blob }[]} models the first one answers while another is on its way
 * @property {ModelId} choice
 * @property {Preference} preference
 * @property {Partial<Record<ModelId, Speed>>} [speeds] what has been measured before on this machine
 * @property {number} [idle] milliseconds without a request after which the worker ends
 * @property {boolean} [mustEnd] whether `end()` has to free all that it holds. On the page's own thread nothing can: so where the
 *   browser grants no worker, it fails with `no-worker`
 */

/**
 * The page's side of the bridge: the engine as the page sees it, wherever it runs. A `change` event tells that `status`
 * has become another.
 *
 * A worker that nobody has asked anything for a while ends and gives its memory back; the next request starts another
 * one. Meanwhile `status` stays what it was. A worker that the browser has ended is noticed, and one that computes without an
 * end is ended: who waits is refused, and the next request starts another one, too.
 */
export class EngineClient extends EventTarget {
  #wanted;
  /** The networks that it was made with. */
  #models;
  #idle;
  #mustEnd;
  /** @type {Promise<Launched> | null} */
  #launching = null;
  /** @type {Launched | null} */
  #launched = null;
  /** @type {HeadStart | null} */
  #headStart = null;
  #count = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: unknown) => void, onProgress?: (done: number, steps: number) => void }>} */
  #waiting = new Map();
  /** @type {Info[]} what the engine that runs has said of its networks, by number */
  #infos = [];
  #heartbeat = new Heartbeat(
    () => this.#ping(),
    () => this.#lose(new Failure('stuck', { seconds: PATIENCE })),
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @type {Status} */
  status;
  /** @type {Failure | null} the failure behind the state `failed` */
  failure = null;
  /** @type {Thread | null} where the engine runs, null while it doesn't */
  thread = null;

  /** @param {Wanted} wanted */
  constructor({ models, choice, preference, speeds = {}, idle = IDLE, mustEnd = false }) {
    super();
    this.#mustEnd = mustEnd;
    this.#models = models;
    this.#wanted = { models: models.map(({ id, weights }) => ({ id, weights: weights instanceof Blob ? weights : weights.href })), choice, preference, speeds };
    this.#idle = idle;
    this.status = {
      state: 'loading',
      preference,
      backend: null,
      reason: { code: 'loading' },
      speeds,
      choice,
      model: null,
      modelReason: { code: 'none' },
      loading: null,
      progress: null,
      info: null,
      size: null,
    };
  }

  /** Loads what isn't loaded; called again after a failure, it tries again. */
  start() {
    this.#order({ type: 'start' });
  }

  /**
   * Asks for a backend; one that has failed is tried again.
   * @param {Preference} preference
   */
  prefer(preference) {
    this.#wanted.preference = preference;
    this.#order({ type: 'prefer', preference });
  }

  /**
   * Asks for a network; one that has failed is tried again.
   *
   * @param {ModelId} model
   * @param {Blob} [weights] its file, where it is one more
   */
  choose(model, weights) {
    this.#wanted.choice = model;
    if (weights) this.#wanted.models.push({ id: model, weights });
    this.#order({ type: 'choose', model, weights });
  }

  /**
   * Decodes a photo. Rejects with a `Failure`.
   *
   * @param {Blob} file
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ photo: Photo, preview: ImageBitmap }>} what to classify, and a picture of it for a screen
   */
  async open(file, signal) {
    const photo = { id: ++this.#count, file };
    return { photo, preview: await this.#ask({ what: 'open', photo }, signal) };
  }

  /**
   * Rejects with a `Failure`.
   *
   * @param {Picture} picture a bitmap is given away, and closed whatever happens
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  classify(picture, wishes, signal) {
    return this.#ask({ what: 'classify', picture, wishes }, signal);
  }

  /**
   * Where the network that answers looks in a picture: what each place adds to the answer. Rejects with a `Failure`.
   *
   * @param {Picture} picture a bitmap is given away, and closed whatever happens
   * @param {Wishes} wishes
   * @param {MapRequest} [request] without it, the likeliest class
   * @param {object} [how]
   * @param {AbortSignal} [how.signal] ends it between two steps
   * @param {(done: number, steps: number) => void} [how.onProgress]
   * @returns {Promise<Explanation>}
   */
  explain(picture, wishes, request = {}, { signal, onProgress } = {}) {
    return this.#ask({ what: 'explain', picture, wishes, request }, signal, onProgress);
  }

  /**
   * How good the answers of yes and no are of the network that answers the next photo. Rejects with a `Failure`.
   *
   * @param {readonly string[]} classes the question is whether it is one of them
   * @param {AbortSignal} [signal]
   * @returns {Promise<Curves | null>} null where that isn't known
   */
  curves(classes, signal) {
    return this.#ask({ what: 'curves', classes }, signal);
  }

  /**
   * What becomes of a photo, step by step, on its way to the network that answers. Rejects with a `Failure`.
   *
   * @param {Photo} photo
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Stages>}
   */
  stages(photo, wishes, signal) {
    return this.#ask({ what: 'stages', photo, wishes }, signal);
  }

  /** Ends the worker, whatever it is doing: who waits for an answer is refused. A request would start another one. */
  end() {
    clearTimeout(this.#timer);
    const ended = new DOMException('The engine has been ended.', 'AbortError');
    for (const { reject } of this.#waiting.values()) reject(ended);
    if (this.#launched) this.#endWorker();
    else
      this.#launching?.then(
        () => this.#endWorker(),
        () => {},
      );
  }

  /**
   * @param {Ask} ask
   * @param {AbortSignal} [signal]
   * @param {(done: number, steps: number) => void} [onProgress]
   * @returns {Promise<any>}
   */
  async #ask(ask, signal, onProgress) {
    const id = ++this.#count;
    clearTimeout(this.#timer);
    const cancel = () => {
      this.#send({ type: 'abort', id });
      this.#waiting.get(id)?.reject(signal && reasonOf(signal));
    };
    try {
      throwIfAborted(signal);
      const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, onProgress }));
      this.#heartbeat.start();
      answer.catch(() => {}); // it may be refused while it is still on its way
      signal?.addEventListener('abort', cancel);
      await Promise.race([this.#wake(), answer]); // the answer comes first only where it is refused
      this.#send({ type: 'ask', id, ask }, bitmapsOf(ask));
      return await answer;
    } catch (error) {
      for (const bitmap of bitmapsOf(ask)) bitmap.close(); // where it has not been given away
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#heartbeat.stop();
      this.#scheduleEnd();
    }
  }

  /**
   * What the engine is told when it runs; an engine that is yet to begin is told by `#wanted`.
   * @param {Order} order
   */
  #order(order) {
    if (this.#launched) {
      this.#send(order);
      this.#scheduleEnd();
    } else this.#wake().catch(() => {}); // the status says so
  }

  async #wake() {
    do {
      this.#launching ??= this.#launch();
      await this.#launching;
    } while (!this.#launched); // `end()` has been called before it was there
  }

  async #launch() {
    /** @type {Launched} */
    let launched;
    const headStart = (this.#headStart = new HeadStart(this.#models));
    try {
      launched = await launch(undefined, { mustEnd: this.#mustEnd });
    } catch (error) {
      headStart.end();
      this.#launching = null; // so that the next one tries again
      this.failure = error instanceof Failure ? error : new Failure('start-failed', { detail: messageOf(error) }, error);
      this.status = { ...this.status, state: 'failed', reason: { code: 'none' } };
      this.dispatchEvent(new Event('change'));
      throw this.failure;
    }
    this.#infos = [];
    launched.port.onmessage = ({ data }) => this.#receive(data);
    launched.onlost = () => this.#lose(new Failure('crashed', { detail: 'the browser has ended the worker' }));
    this.#launched = launched;
    this.thread = launched.thread;
    this.#send({ type: 'begin', wanted: { ...this.#wanted, coming: headStart.wanted } });
    headStart.handOver((order, transfer) => this.#send(order, transfer));
    return launched;
  }

  /**
   * @param {Order} order
   * @param {Transferable[]} [transfer]
   */
  #send(order, transfer = []) {
    this.#launched?.port.postMessage(order, transfer);
  }

  /** @param {Report} report */
  #receive(report) {
    this.#heartbeat.heard();
    switch (report.type) {
      case 'info':
        this.#infos[report.number] = report.info;
        break;
      case 'status':
        this.status = { ...report.status, info: this.#infoOf(report.status.info) };
        this.#wanted.speeds = report.status.speeds;
        this.failure = report.failure && unpack(report.failure);
        this.#scheduleEnd();
        this.dispatchEvent(new Event('change'));
        break;
      case 'answer': {
        const { id, value } = report;
        const waiting = this.#waiting.get(id);
        if (waiting) waiting.resolve(value);
        else if (value instanceof ImageBitmap) value.close(); // nobody waits for it any longer
        break;
      }
      case 'outcome':
        this.#waiting.get(report.id)?.resolve({ ...report.outcome, info: this.#infoOf(report.outcome.info) });
        break;
      case 'progress':
        this.#waiting.get(report.id)?.onProgress?.(report.done, report.steps);
        break;
      case 'explanation': {
        const { outcome, map } = report.explanation;
        this.#waiting.get(report.id)?.resolve({ map, outcome: { ...outcome, info: this.#infoOf(outcome.info) } });
        break;
      }
      case 'refusal':
        this.#waiting.get(report.id)?.reject(unpack(report.error));
        break;
    }
  }

  /** @param {number | null} number */
  #infoOf(number) {
    return number === null ? null : (this.#infos[number] ?? null);
  }

  /** Ends the worker in a while, if nobody asks anything. */
  #scheduleEnd() {
    clearTimeout(this.#timer);
    if (this.#waiting.size > 0 || this.status.loading) return;
    this.#timer = setTimeout(() => this.#endWorker(), this.#idle);
  }

  /** On the page's own thread, whoever asks has waited until it is free: there is nothing to learn, nor to end. */
  #ping() {
    if (!this.#launched?.end) return false;
    this.#send({ type: 'ping' });
    return true;
  }

  /**
   * The browser has ended the worker, or it is of no more use.
   * @param {Failure} lost
   */
  #lose(lost) {
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiting.values()) reject(lost);
    const { state } = this.status;
    if (state !== 'ready') this.failure = lost;
    // Whatever was being fetched for later is fetched again by the next request.
    this.status = { ...this.status, state: state === 'ready' ? 'ready' : 'failed', loading: null, progress: null };
    this.#endWorker();
  }

  #endWorker() {
    if (!this.#launched?.end) return;
    this.#launched.end();
    this.#headStart?.end();
    this.#headStart = null;
    this.#launching = this.#launched = this.thread = null;
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * @param {Ask} ask
 * @returns {ImageBitmap[]}
 */
function bitmapsOf(ask) {
  return (ask.what === 'classify' || ask.what === 'explain') && ask.picture instanceof ImageBitmap ? [ask.picture] : [];
}
