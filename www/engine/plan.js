/** @import { ModelId, Preference, Step } from '../types.js' */
/** @import { Lane } from './lane.js' */
/** @import { Weights } from './weights.js' */

/**
 * What there is and what is wanted.
 *
 * @typedef {object} Situation
 * @property {Preference} preference the backend asked for
 * @property {ModelId} choice the network asked for
 * @property {ModelId} bridge the network that answers until the one asked for has come
 * @property {Pick<Lane, 'backend' | 'state' | 'models' | 'has'>} cpu
 * @property {Pick<Lane, 'backend' | 'state' | 'models' | 'has'>} gpu
 * @property {Pick<Weights, 'has' | 'failure'>} weights
 */

/**
 * What is to be loaded next, or null where all that can be had is there: first something that answers, then the chosen
 * network on the CPU, being the backend that works everywhere, then the same on WebGPU.
 *
 * A network that isn't chosen is fetched only as long as it has something to bridge, or when the chosen one can't be
 * had. What has failed is left alone until it is forgiven.
 *
 * @param {Situation} situation
 * @returns {Step | null}
 */
export function next({ preference, choice, bridge, cpu, gpu, weights }) {
  const can = (/** @type {ModelId} */ model) => !weights.failure(model);
  const goal = [choice, bridge, ...cpu.models, ...gpu.models].find(can);
  if (!goal) return null;
  const answering = cpu.models.length + gpu.models.length > 0;
  const model = answering || weights.has(goal) || !can(bridge) ? goal : bridge;
  // By choice WebGPU isn't used, but it is where the CPU module can't be had.
  const lanes = preference === 'cpu' && cpu.state !== 'failed' ? [cpu] : [cpu, gpu];
  const lane = lanes.find((each) => each.state !== 'failed' && !each.has(model));
  return lane ? { backend: lane.backend, model } : null;
}
