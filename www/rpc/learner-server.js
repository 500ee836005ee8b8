/** @import { Learner, Workshop } from '../core/types.js' */
/** @import { LearnerCalls } from './learner-protocol.js' */
/** @import { Port } from './protocol.js' */
import { Failure, messageOf } from '../core/errors.js';
import { downloadBytes } from '../core/fetch-progress.js';
import { discard, instantiateWorkshop } from '../engine/wasm-modules.js';
import { serveCalls } from './call-server.js';

/**
 * @typedef {object} Bench
 * @property {Workshop} instance
 * @property {Learner} learner
 * @property {Uint8Array} weights
 */

/**
 * The learner's side of the bridge.
 * @param {Port} port
 */
export function serve(port) {
  serveCalls(port, { make, call, discard: ({ instance }) => discard(instance), refused: 'learner-refused', crashed: 'learner-crashed' });
}

/**
 * @param {string} source the address of the weights
 * @returns {Promise<Bench>}
 */
async function make(source) {
  const [instance, weights] = await Promise.all([instantiateWorkshop(), fetchWeights(new URL(source))]);
  try {
    return { instance, learner: new instance.Learner(weights), weights };
  } catch (error) {
    discard(instance);
    throw new Failure('learner-refused', { detail: messageOf(error) }, error);
  }
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
