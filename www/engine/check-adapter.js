import { Failure, messageOf } from '../core/errors.js';

/**
 * Looks whether WebGPU can work here, and throws a `Failure` that says why not.
 *
 * The feature `timestamp-query` is asked for because the GPU code panics at its first operation without it; and a device
 * is asked for, as that code does, because a refusal there would be a panic, too, and not a reason.
 */
export async function checkAdapter() {
  if (!('gpu' in navigator) || !navigator.gpu) {
    throw new Failure(globalThis.isSecureContext ? 'webgpu-missing' : 'webgpu-insecure');
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) throw new Failure('webgpu-no-adapter');
  if (!adapter.features.has('timestamp-query')) throw new Failure('webgpu-no-timestamps');
  try {
    const device = await adapter.requestDevice({ requiredFeatures: /** @type {GPUFeatureName[]} */ ([...adapter.features]) });
    device.destroy();
  } catch (error) {
    throw new Failure('webgpu-no-device', { detail: messageOf(error) }, error);
  }
}
