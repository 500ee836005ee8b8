/** @import { Preference, Reason } from '../types.js' */
/** @import { Lane } from './lane.js' */
import { messageOf } from '../failure.js';

/**
 * Why the backend in use is in use, as a key of `reasons` in `lang/`.
 *
 * @param {Preference} preference
 * @param {Pick<Lane, 'state' | 'failure'>} cpu
 * @param {Pick<Lane, 'state' | 'failure'>} gpu
 * @returns {Reason}
 */
export function explain(preference, cpu, gpu) {
  if (preference === 'cpu') {
    if (cpu.state === 'ready') return { code: 'cpu-chosen' };
    if (gpu.state === 'ready') return { code: 'gpu-cpu-failed', detail: detailOf(cpu) };
    return { code: cpu.state === 'failed' ? 'none' : 'loading' };
  }
  if (gpu.state === 'ready') {
    if (cpu.state === 'failed') return { code: 'gpu-cpu-failed', detail: detailOf(cpu) };
    return { code: preference === 'webgpu' ? 'gpu-chosen' : 'gpu-works' };
  }
  if (cpu.state !== 'ready') return { code: cpu.state === 'failed' && gpu.state === 'failed' ? 'none' : 'loading' };
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

/** @param {Pick<Lane, 'failure'>} lane */
function detailOf(lane) {
  return lane.failure ? messageOf(lane.failure) : '';
}
