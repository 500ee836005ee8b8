/** @import { CallOrder, CallReport } from './call-protocol.js' */
/** @import { Port } from './protocol.js' */
import { Failure, messageOf } from '../core/errors.js';
import { pack } from './protocol.js';

/**
 * The far side of the bridge: one call after the other, each on the bench that those before have left behind.
 *
 * @template Bench
 * @param {Port} port
 * @param {object} work
 * @param {(given: any) => Promise<Bench>} work.make for the first call, of what the page begins with
 * @param {(bench: Bench, what: any, given: any[], report: (done: number, steps: number) => void) => unknown} work.call perhaps a promise
 * @param {(bench: Bench) => void} work.discard
 * @param {string} work.refused the code of a failure that says what is wrong with what was given
 * @param {string} work.crashed that of one after which another bench is made
 */
export function serveCalls(port, { make, call, discard, refused, crashed }) {
  /** @type {any} */
  let begun;
  /** @type {Promise<Bench> | null} */
  let making = null;
  let turn = Promise.resolve();

  const report = (/** @type {CallReport} */ message, /** @type {Transferable[]} */ transfer = []) => port.postMessage(message, transfer);

  /** @param {Extract<CallOrder, { type: 'call' }>} order */
  async function answer({ id, what, given }) {
    try {
      making ??= make(begun);
      const bench = await making.catch((error) => {
        making = null; // so that the next call tries again
        throw error;
      });
      const value = await call(bench, what, given, (done, steps) => report({ type: 'progress', done, steps }));
      report({ type: 'answer', id, value }, ArrayBuffer.isView(value) ? [/** @type {ArrayBuffer} */ (value.buffer)] : []);
    } catch (error) {
      report({ type: 'refusal', id, error: pack(await explain(error)) });
    }
  }

  /**
   * After a panic an instance is of no more use; what it knew is gone with it, and the page is told so.
   * @param {unknown} error
   */
  async function explain(error) {
    if (error instanceof Failure) return error;
    if (!(error instanceof WebAssembly.RuntimeError)) return new Failure(refused, { detail: messageOf(error) }, error);
    await giveBack();
    return new Failure(crashed, { detail: messageOf(error) }, error);
  }

  async function giveBack() {
    const made = making;
    making = null;
    const bench = await made?.catch(() => null);
    if (bench) discard(bench);
  }

  port.onmessage = ({ data }) => {
    const order = /** @type {CallOrder} */ (data);
    if (order.type === 'begin') begun = order.given;
    else if (order.type === 'end') turn = turn.then(giveBack);
    else turn = turn.then(() => answer(order));
  };
  report({ type: 'hello' });
}
