/** @import { LearnerCall, LearnerCalls, LearnerReport } from './learner-protocol.js' */
/** @import { FarSide, Launched } from './spawn.js' */
import { Failure, messageOf } from '../core/errors.js';
import { unpack } from './protocol.js';
import { launch } from './spawn.js';

/** @type {FarSide} */
const LEARNER = {
  make: () => new Worker(new URL('./learner-worker.js', import.meta.url), { type: 'module', name: 'glimpse-learner' }),
  script: './learner-worker.js',
  load: () => import('./learner-server.js'),
};

/**
 * The page's side of the bridge to a learner, which learns classes from the embeddings of pictures. It is started by the
 * first call. Calls are done in their order; each rejects with a `Failure`. After `learner-crashed` it knows nothing any
 * more, and has to be given all embeddings again.
 */
export class LearnerClient {
  #weights;
  #count = 0;
  /** @type {Promise<Launched> | null} */
  #launching = null;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: unknown) => void }>} */
  #waiting = new Map();

  /** @param {URL} weights of the network that makes the embeddings */
  constructor(weights) {
    this.#weights = weights;
  }

  /**
   * @template {LearnerCall} What
   * @param {What} what
   * @param {Parameters<LearnerCalls[What]>} given
   * @returns {Promise<ReturnType<LearnerCalls[What]>>}
   */
  async call(what, ...given) {
    this.#launching ??= this.#launch();
    const { port } = await this.#launching;
    const id = ++this.#count;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    port.postMessage({ type: 'call', id, what, given }, []);
    return answer;
  }

  async #launch() {
    try {
      const launched = await launch(LEARNER);
      launched.port.onmessage = ({ data }) => this.#receive(data);
      launched.onlost = () => this.#lose(launched);
      launched.port.postMessage({ type: 'begin', weights: this.#weights.href }, []);
      return launched;
    } catch (error) {
      this.#launching = null; // so that the next call tries again
      throw new Failure('start-failed', { detail: messageOf(error) }, error);
    }
  }

  /**
   * The browser has ended the worker.
   * @param {Launched} launched
   */
  #lose({ end }) {
    end?.();
    this.#launching = null;
    const lost = new Failure('learner-crashed', { detail: 'the browser has ended the worker' });
    for (const { reject } of this.#waiting.values()) reject(lost);
    this.#waiting.clear();
  }

  /** @param {LearnerReport} report */
  #receive(report) {
    if (report.type === 'hello') return;
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.type === 'answer') waiting?.resolve(report.value);
    else waiting?.reject(unpack(report.error));
  }
}
