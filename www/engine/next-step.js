/** @import { ModelId, Preference, Speed, Step } from '../core/types.js' */
/** @import { Backend } from './backend.js' */
/** @import { Weights } from './weights.js' */
import { cpuWins } from './cpu-wins.js';

/**
 * What there is and what is wanted.
 *
 * @typedef {object} Situation
 * @property {Preference} preference the backend asked for
 * @property {ModelId} choice the network asked for
 * @property {ModelId} bridge the network that answers until the one asked for has come
 * @property {Pick<Backend, 'name' | 'state' | 'models' | 'has'>} cpu
 * @property {Pick<Backend, 'name' | 'state' | 'models' | 'has'>} gpu
 * @property {Pick<Weights, 'has' | 'failure'>} weights
 * @property {ReadonlyMap<ModelId, Speed>} speeds what the backends have taken in comparison
 */

/**
 * What is to be done next, or null where all that can be had is there: first something that answers, then the chosen
 * network on the CPU, being the backend that works everywhere, then the same on WebGPU. Where nobody has chosen between
 * the two, their times are compared, and WebGPU isn't loaded again for a network with which it has lost.
 *
 * A network that isn't chosen is fetched only as long as it has something to bridge, or when the chosen one can't be
 * had. What has failed is left alone until it is allowed another try.
 *
 * @param {Situation} situation
 * @returns {Step | null}
 */
export function nextStep({ preference, choice, bridge, cpu, gpu, weights, speeds }) {
  const can = (/** @type {ModelId} */ model) => !weights.failure(model);
  const goal = [choice, bridge, ...cpu.models, ...gpu.models].find(can);
  if (!goal) return null;
  const answering = cpu.models.length + gpu.models.length > 0;
  const model = answering || weights.has(goal) || !can(bridge) ? goal : bridge;
  // Without the CPU module, WebGPU is used whatever has been chosen or measured.
  const alone = preference === 'cpu' || (preference === 'auto' && cpuWins(speeds.get(model)));
  const backends = alone && cpu.state !== 'failed' ? [cpu] : [cpu, gpu];
  const backend = backends.find((each) => each.state !== 'failed' && !each.has(model));
  if (backend) return { task: 'load', backend: backend.name, model };
  const both = preference === 'auto' && cpu.has(model) && gpu.has(model);
  return both && !speeds.has(model) ? { task: 'time', backend: 'webgpu', model } : null;
}
