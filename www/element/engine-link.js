/** @import { Explanation, MapRequest, Outcome, Picture, Status, Wishes } from '../core/types.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Asking } from './asking.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
/** @import { Emit, ProgressDetail, ReadyDetail } from './types.js' */
import { throwIfAborted } from '../core/abort.js';
import { parse } from '../core/addresses.js';
import { Lease } from './engine-pool.js';
import { wishesOf } from './wishes.js';

/** What an address that is none stands for: it can't be fetched, and an error says so. */
const NOWHERE = new URL('about:invalid');

/**
 * The engine that an element uses, for as long as it needs one; and the events about it for the page around.
 */
export class EngineLink {
  #host;
  #asking;
  #emit;
  #changed;
  /** @type {Lease | null} */
  #lease = null;
  /** @type {Status | null} as it was at the last change */
  #status = null;
  /** Whether `ready` has been emitted for this engine. */
  #announced = false;
  #listener = () => this.#refresh();

  /**
   * @param {GlimpseClassifier} host whose attributes say which engine
   * @param {Asking} asking
   * @param {Emit} emit
   * @param {(now: Status, before: Status | null) => void} changed
   */
  constructor(host, asking, emit, changed) {
    this.#host = host;
    this.#asking = asking;
    this.#emit = emit;
    this.#changed = changed;
  }

  get acquired() {
    return this.#lease !== null;
  }

  get client() {
    if (!this.#lease) throw new DOMException('The element is in no document.', 'AbortError');
    return this.#lease.client;
  }

  /**
   * As the client's, prepared as the attributes say at that moment. Where they ask yes or no, how good that answer is is
   * known by then, too.
   *
   * @param {Picture} picture
   * @param {Wishes} wishes what isn't for the attributes to say
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  async classify(picture, wishes, signal) {
    const { client } = this;
    const outcome = await client.classify(picture, { ...wishes, ...wishesOf(this.#host) }, signal);
    await this.#prepare(client, outcome, signal);
    return outcome;
  }

  /**
   * Where the network looks in a picture, with its answer: as the client's, and prepared in the same way.
   *
   * @param {Picture} picture
   * @param {Wishes} wishes what isn't for the attributes to say
   * @param {MapRequest} request
   * @param {NonNullable<Parameters<EngineClient['explain']>[3]>} how
   * @returns {Promise<Explanation>}
   */
  async explain(picture, wishes, request, how) {
    const { client } = this;
    const explanation = await client.explain(picture, { ...wishes, ...wishesOf(this.#host) }, request, how);
    await this.#prepare(client, explanation.outcome, how.signal);
    return explanation;
  }

  /** The engine's status, where there is an engine. */
  get status() {
    return this.#lease?.client.status ?? null;
  }

  acquire() {
    if (this.#lease) return;
    const { model, backend } = this.#host;
    this.#lease = new Lease(model ? (parse(model) ?? NOWHERE) : null, backend);
    this.#announced = false;
    this.#status = null;
    this.#lease.client.addEventListener('change', this.#listener);
    // Later, because whoever is about to ask for something learns of it by the answer to that.
    queueMicrotask(this.#listener);
  }

  release() {
    this.#lease?.client.removeEventListener('change', this.#listener);
    this.#lease?.giveBack();
    this.#lease = null;
  }

  /**
   * @param {EngineClient} client
   * @param {Outcome} outcome
   * @param {AbortSignal} [signal]
   */
  async #prepare(client, { model }, signal) {
    if (this.#asking.isOpen(model)) await this.#asking.prepare(client, model);
    throwIfAborted(signal);
  }

  #refresh() {
    const now = this.status;
    if (!now) return;
    const before = this.#status;
    this.#status = now;
    this.#emitProgress(now, before);
    if (now.state === 'ready') this.#emitReady(now);
    this.#changed(now, before);
  }

  /** @param {Status} status */
  #emitReady({ model, backend, info }) {
    if (this.#announced || !model || !backend || !info) return;
    this.#announced = true;
    /** @type {ReadyDetail} */
    const detail = { model, backend, classes: info.classes };
    this.#emit('ready', detail);
  }

  /**
   * @param {Status} now
   * @param {Status | null} before
   */
  #emitProgress({ loading, progress }, before) {
    if (!loading || !progress || progress.loaded === before?.progress?.loaded) return;
    /** @type {ProgressDetail} */
    const detail = { model: loading.model, backend: loading.backend, ...progress };
    this.#emit('progress', detail);
  }
}
