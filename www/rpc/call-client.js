/** @import { CallReport } from './call-protocol.js' */
/** @import { FarSide, Launched } from './spawn.js' */
import { Failure, messageOf } from '../core/errors.js';
import { unpack } from './protocol.js';
import { launch } from './spawn.js';

/**
 * The page's side of the bridge to something in a worker of its own, which is started by the first call. Calls are done in
 * their order; each rejects with a `Failure`. After a crash it knows nothing any more.
 *
 * @template {Record<string, any>} Calls what can be asked of it
 */
export class CallClient {
  #side;
  #begin;
  #crashed;
  #count = 0;
  /** @type {Promise<Launched> | null} */
  #launching = null;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: unknown) => void }>} */
  #waiting = new Map();

  /** @type {(done: number, steps: number) => void} told how far the call is that is under way, where that takes several steps */
  onprogress = () => {};

  /**
   * @param {FarSide} side
   * @param {unknown} begin what it begins with
   * @param {string} crashed the code of the failure when its worker has ended by itself
   */
  constructor(side, begin, crashed) {
    this.#side = side;
    this.#begin = begin;
    this.#crashed = crashed;
  }

  /**
   * @template {keyof Calls & string} What
   * @param {What} what
   * @param {Parameters<Calls[What]>} given
   * @returns {Promise<Awaited<ReturnType<Calls[What]>>>}
   */
  async call(what, ...given) {
    const launching = (this.#launching ??= this.#launch());
    const { port } = await launching;
    if (this.#launching !== launching) throw ended();
    const id = ++this.#count;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    port.postMessage({ type: 'call', id, what, given }, []);
    return answer;
  }

  /** Ends it, whatever it is doing, with all that it holds: who waits for an answer gets none. A call would start another one. */
  end() {
    const launching = this.#launching;
    this.#launching = null;
    this.#refuse(ended());
    launching?.then(
      ({ port, end }) => {
        port.onmessage = null;
        port.postMessage({ type: 'end' }, []); // which is all that can be done on the page's own thread
        end?.();
      },
      () => {},
    );
  }

  async #launch() {
    try {
      const launched = await launch(this.#side);
      launched.port.onmessage = ({ data }) => this.#receive(data);
      launched.onlost = () => this.#lose(launched);
      launched.port.postMessage({ type: 'begin', given: this.#begin }, []);
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
    this.#refuse(new Failure(this.#crashed, { detail: 'the browser has ended the worker' }));
  }

  /** @param {unknown} reason */
  #refuse(reason) {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  /** @param {CallReport} report */
  #receive(report) {
    if (report.type === 'hello') return;
    if (report.type === 'progress') {
      this.onprogress(report.done, report.steps);
      return;
    }
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.type === 'answer') waiting?.resolve(report.value);
    else waiting?.reject(unpack(report.error));
  }
}

const ended = () => new DOMException('It has been ended.', 'AbortError');
