/** @import { Outcome } from '../core/types.js' */
/** @import { Failure } from '../core/errors.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Asking } from './asking.js' */
/** @import { Card } from './card.js' */
/** @import { EngineLink } from './engine-link.js' */
/** @import { WhereSwitch } from '../explain/where-switch.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */
/** @import { PhotoRequest } from './photo-request.js' */
/** @import { Emit, ErrorDetail, ResultDetail } from './types.js' */
import { errorText } from '../ui/error-box.js';
import { NO_REMARK } from '../ui/result-panel.js';
import { atThreshold } from './at-threshold.js';

/** What a failure is called that is about no photo. */
const NO_NAME = () => '';

/** Reports outcomes and failures: to people on the card, and to the page around by `result` and `error`. */
export class Reporter {
  #host;
  #localizer;
  #engine;
  #asking;
  #card;
  #explaining;
  #emit;
  /** @type {{ answered: Outcome, outcome: Outcome, live: boolean } | null} what the engine answered, and what the card shows */
  #shown = null;

  /**
   * @param {GlimpseClassifier} host
   * @param {Localizer} localizer
   * @param {EngineLink} engine
   * @param {Asking} asking
   * @param {Card} card
   * @param {WhereSwitch} explaining
   * @param {Emit} emit
   */
  constructor(host, localizer, engine, asking, card, explaining, emit) {
    this.#host = host;
    this.#localizer = localizer;
    this.#engine = engine;
    this.#asking = asking;
    this.#card = card;
    this.#explaining = explaining;
    this.#emit = emit;
  }

  /** The outcome that is shown, where one is. */
  get shown() {
    return this.#shown?.outcome ?? null;
  }

  /**
   * @param {Outcome} answered
   * @param {PhotoRequest | null} photo null where it is one of the many of the camera
   * @returns {Outcome} what is reported of it
   */
  outcome(answered, photo) {
    const live = photo === null;
    const { outcome, reply } = this.#show(answered, live);
    /** @type {ResultDetail} */
    const detail = { outcome, reply, name: photo?.name(this.#localizer.words) ?? '', final: photo?.final ?? false, live };
    // First, for a listener may have another photo shown.
    this.#explaining.show(answered, live);
    this.#emit('result', detail);
    return outcome;
  }

  /**
   * @param {Failure} failure
   * @param {PhotoRequest | null} photo the one asked for, where one is
   * @param {Phrase} [name] of the photo that it is about
   */
  failure(failure, photo, name = NO_NAME) {
    const ofCamera = failure.code.startsWith('camera-');
    this.#shown = null;
    this.#explaining.clear();
    if (photo?.shown) this.#card.clearResult();
    else this.#card.clear(); // the photo before has nothing to do with it
    this.#card.showError(failure, name, ofCamera || failure.code === 'picture-fetch' || this.#engine.status?.state === 'failed');
    const { words } = this.#localizer;
    /** @type {ErrorDetail} */
    const detail = { code: failure.code, facts: failure.facts, message: errorText(words, failure, name(words)) };
    photo?.reject(failure);
    this.#emit('error', detail);
  }

  /** What was reported holds no longer. */
  clear() {
    this.#shown = null;
    this.#explaining.clear();
    this.#card.clearResult();
  }

  /** Shows the outcome again, as the attributes say now. */
  async refresh() {
    const shown = this.#shown;
    if (!shown) return;
    const { answered, live } = shown;
    // They may ask something else, of which nothing is known yet.
    if (this.#engine.acquired && this.#asking.isOpen(answered.model)) await this.#asking.prepare(this.#engine.client, answered.model);
    if (this.#shown?.answered === answered) this.#show(answered, live);
  }

  /**
   * @param {Outcome} answered
   * @param {boolean} live
   */
  #show(answered, live) {
    const { status } = this.#engine;
    const asked = !status || answered.model === status.choice;
    const { threshold, curve } = this.#host;
    const asking = this.#asking.reply(answered);
    // A threshold that belongs to the question says nothing of when the network is sure.
    const outcome = atThreshold(answered, asking || typeof threshold !== 'number' ? null : threshold);
    this.#shown = { answered, outcome, live };
    if (asking) this.#card.showReply(asking.reply, asking.curves, answered.info.none, curve);
    else this.#card.clearReply();
    this.#card.showResult({ outcome, top: this.#host.topK, remark: asked ? NO_REMARK : (words) => words.remark(status) }, live);
    return { outcome, reply: asking?.reply ?? null };
  }
}
