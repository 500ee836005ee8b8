/** @import { ModelId, Reason } from '../core/types.js' */
/** @import { Backend } from './backend.js' */
/** @import { Loader } from './loader.js' */
/** @import { Failure } from '../core/errors.js' */
import { messageOf } from '../core/errors.js';
import { cpuWins } from './cpu-wins.js';

/**
 * Why the backend in use is in use, as a case of `backendNote` in `i18n/`.
 *
 * @param {Pick<Loader, 'preference' | 'cpu' | 'gpu' | 'speeds' | 'serves' | 'retrying'>} loader
 * @param {ModelId | null} model the network that answers, where one does
 * @returns {Reason}
 */
export function explain(loader, model) {
  const { preference, cpu, gpu, speeds } = loader;
  if (!model) return { code: 'loading' };
  const runs = (/** @type {Backend} */ backend) => loader.serves(backend, model);
  const measured = speeds.get(model);
  if (preference === 'cpu') return runs(cpu) ? { code: 'cpu-chosen' } : { code: 'gpu-cpu-failed', detail: detailOf(cpu) };
  if (runs(gpu)) {
    if (!runs(cpu)) return { code: 'gpu-cpu-failed', detail: detailOf(cpu) };
    if (preference === 'webgpu') return { code: 'gpu-chosen' };
    return { code: 'gpu-faster', facts: { ...measured } };
  }
  if (preference === 'auto' && measured && cpuWins(measured)) return { code: 'cpu-faster', facts: { ...measured } };
  if (gpu.has(model)) return { code: 'cpu-checking' };
  if (gpu.state !== 'failed' || !gpu.failure) return { code: 'cpu-meanwhile' };
  return { ...explainFailure(gpu.failure), again: loader.retrying };
}

/**
 * @param {Failure} failure of WebGPU
 * @returns {Reason}
 */
function explainFailure(failure) {
  const { code, facts } = failure;
  switch (code) {
    case 'webgpu-missing':
    case 'webgpu-insecure':
    case 'webgpu-no-adapter':
    case 'webgpu-no-timestamps':
      return { code };
    case 'webgpu-no-device':
    case 'webgpu-lost':
      return { code, detail: messageOf(failure) };
    case 'webgpu-wrong':
      return { code, facts: { difference: Number(facts.difference) } };
    case 'download':
    case 'download-status':
      return { code: 'gpu-download', detail: messageOf(failure) };
    case 'silent':
      return { code: 'gpu-silent' };
    default:
      return { code: 'gpu-failed', detail: messageOf(failure) };
  }
}

/**
 * Why the network in use is in use, as a case of `modelNote` in `i18n/`.
 *
 * @param {ModelId} choice
 * @param {ModelId | null} model the network that answers, where one does
 * @param {Backend['failure']} failure why the one asked for can't be had
 * @returns {Reason}
 */
export function explainModel(choice, model, failure) {
  if (model === null) return { code: 'none' };
  if (model === choice) return { code: 'chosen' };
  return failure ? { code: 'failed', detail: messageOf(failure) } : { code: 'coming' };
}

/** @param {Backend} backend */
function detailOf(backend) {
  return backend.failure ? messageOf(backend.failure) : '';
}
