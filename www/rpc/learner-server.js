/** @import { Learner, Workshop } from '../core/types.js' */
/** @import { LearnerCalls, LearnerOrder, LearnerReport } from './learner-protocol.js' */
/** @import { Port } from './protocol.js' */
import { Failure, messageOf } from '../core/errors.js';
import { downloadBytes } from '../core/fetch-progress.js';
import { discard, instantiateWorkshop } from '../engine/wasm-modules.js';
import { pack } from './protocol.js';

/**
 * @typedef {object} Bench
 * @property {Workshop} instance
 * @property {Learner} learner
 * @property {Uint8Array} weights
 */

/**
 * The learner's side of the bridge: one call after the other, each on the learner that those before have left behind.
 * @param {Port} port
 */
export function serve(port) {
  /** @type {URL | null} */
  let source = null;
  /** @type {Promise<Bench> | null} */
  let making = null;
  let turn = Promise.resolve();

  const report = (/** @type {LearnerReport} */ message, /** @type {Transferable[]} */ transfer = []) => port.postMessage(message, transfer);

  async function make() {
    if (!source) throw new Error('asked before it has begun');
    const [instance, weights] = await Promise.all([instantiateWorkshop(), fetchWeights(source)]);
    try {
      return { instance, learner: new instance.Learner(weights), weights };
    } catch (error) {
      discard(instance);
      throw new Failure('learner-refused', { detail: messageOf(error) }, error);
    }
  }

  /** @param {Extract<LearnerOrder, { type: 'call' }>} order */
  async function answer({ id, what, given }) {
    try {
      making ??= make();
      const bench = await making.catch((error) => {
        making = null; // so that the next call tries again
        throw error;
      });
      const value = call(bench, what, given);
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
    if (!(error instanceof WebAssembly.RuntimeError)) return new Failure('learner-refused', { detail: messageOf(error) }, error);
    const bench = await making?.catch(() => null);
    if (bench) discard(bench.instance);
    making = null;
    return new Failure('learner-crashed', { detail: messageOf(error) }, error);
  }

  port.onmessage = ({ data }) => {
    const order = /** @type {LearnerOrder} */ (data);
    if (order.type === 'begin') source = new URL(order.weights);
    else turn = turn.then(() => answer(order));
  };
  report({ type: 'hello' });
}

/**
 * @param {Bench} bench
 * @param {keyof LearnerCalls} what
 * @param {any[]} given
 */
function call({ learner, weights }, what, given) {
  switch (what) {
    case 'set':
      for (const { id, embedding } of given[0]) learner.set(id, embedding);
      return undefined;
    case 'remove':
      for (const id of given[0]) learner.remove(id);
      return undefined;
    case 'teach':
      return learner.teach(given[0], given[1], given[2], given[3]);
    case 'answer':
      return learner.answer(given[0]);
    case 'group':
      return learner.group(given[0]);
    case 'cut':
      return learner.cut(given[0]);
    case 'map':
      return learner.map();
    case 'export':
      return learner.export(weights, given[0], given[1]);
  }
}

/** @param {URL} url */
async function fetchWeights(url) {
  try {
    return await downloadBytes(url);
  } catch (error) {
    throw new Failure('weights', { detail: messageOf(error) }, error);
  }
}
