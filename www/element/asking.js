/** @import { Curves, ModelId, Outcome, Reply } from '../core/types.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
import { askedFor, replyTo } from '../core/question.js';
import { thresholdFrom } from '../core/threshold.js';

/** The answer is yes from here on where nobody says otherwise. */
const USUAL = 0.5;

/** The question of yes or no that the attributes of an element ask, and what is known of how good its answers are. */
export class Asking {
  #host;
  /** @type {Map<string, Curves | null>} by network and classes */
  #known = new Map();

  /** @param {Pick<GlimpseClassifier, 'ask' | 'threshold'>} host */
  constructor(host) {
    this.#host = host;
  }

  /** Another network may be called the same. */
  forget() {
    this.#known.clear();
  }

  /**
   * Whether it isn't known yet how good a network's answers are.
   * @param {ModelId} model
   */
  isOpen(model) {
    const key = this.#keyOf(model);
    return key !== null && !this.#known.has(key);
  }

  /**
   * Finds that out, where it isn't known yet.
   *
   * @param {EngineClient} client
   * @param {ModelId} model
   */
  async prepare(client, model) {
    const key = this.#keyOf(model);
    const asked = askedFor(this.#host.ask);
    if (!asked || key === null || this.#known.has(key)) return;
    const curves = await client.curves(asked.classes).catch(() => undefined); // where that fails, so does what a photo is asked, and says why
    if (curves !== undefined && client.status.model === model) this.#known.set(key, curves);
  }

  /**
   * What the question is answered for a picture.
   *
   * @param {Outcome} outcome
   * @returns {{ reply: Reply, curves: Curves | null } | null} null where nothing is asked
   */
  reply(outcome) {
    const asked = askedFor(this.#host.ask);
    if (!asked) return null;
    const curves = this.#known.get(this.#keyOf(outcome.model) ?? '') ?? null;
    return { reply: replyTo(outcome, asked, thresholdFrom(String(this.#host.threshold ?? '')) ?? USUAL, curves), curves };
  }

  /** @param {ModelId} model */
  #keyOf(model) {
    const asked = askedFor(this.#host.ask);
    return asked && JSON.stringify([model, asked.classes]);
  }
}
