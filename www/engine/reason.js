/** @import { ModelId, Preference, Reason } from '../types.js' */
/** @import { Lane } from './lane.js' */
import { messageOf } from '../failure.js';

/** @typedef {Pick<Lane, 'state' | 'failure' | 'has'>} Backend */

/**
 * Why the backend in use is in use, as a case of `backendNote` in `lang/`.
 *
 * @param {Preference} preference
 * @param {ModelId | null} model the network that answers, where one does
 * @param {Backend} cpu
 * @param {Backend} gpu
 * @returns {Reason}
 */
export function explain(preference, model, cpu, gpu) {
  const runs = (/** @type {Backend} */ lane) => model !== null && lane.has(model);
  if (preference === 'cpu') {
    if (runs(cpu)) return { code: 'cpu-chosen' };
    return runs(gpu) ? { code: 'gpu-cpu-failed', detail: detailOf(cpu) } : { code: 'loading' };
  }
  if (runs(gpu)) {
    if (cpu.state === 'failed') return { code: 'gpu-cpu-failed', detail: detailOf(cpu) };
    return { code: preference === 'webgpu' ? 'gpu-chosen' : 'gpu-works' };
  }
  if (!runs(cpu)) return { code: 'loading' };
  if (gpu.state !== 'failed' || !gpu.failure) return { code: 'cpu-meanwhile' };
  switch (gpu.failure.code) {
    case 'webgpu-missing':
    case 'webgpu-insecure':
    case 'webgpu-no-adapter':
    case 'webgpu-no-timestamps':
      return { code: gpu.failure.code };
    case 'download':
    case 'download-status':
      return { code: 'gpu-download', detail: detailOf(gpu) };
    case 'silent':
      return { code: 'gpu-silent' };
    default:
      return { code: 'gpu-failed', detail: detailOf(gpu) };
  }
}

/**
 * Why the network in use is in use, as a case of `modelNote` in `lang/`.
 *
 * @param {ModelId} choice
 * @param {ModelId | null} model the network that answers, where one does
 * @param {Lane['failure']} failure why the one asked for can't be had
 * @returns {Reason}
 */
export function explainModel(choice, model, failure) {
  if (model === null) return { code: 'none' };
  if (model === choice) return { code: 'chosen' };
  return failure ? { code: 'failed', detail: messageOf(failure) } : { code: 'coming' };
}

/** @param {Backend} lane */
function detailOf(lane) {
  return lane.failure ? messageOf(lane.failure) : '';
}
