import { Failure, messageOf } from '../core/errors.js';

/**
 * Looks whether WebGPU can work here, and throws a `Failure` that says why not.
 *
 * The feature `timestamp-query` is asked for because the GPU code panics at its first operation without it: in WebAssembly,
 * cubecl-wgpu 0.10.0 measures time by nothing else, whether or not anybody wants times (`runtime.rs`: without
 * `Features::TIMESTAMP_QUERY` it is `TimingMethod::System`; `compute/stream.rs`, at the making of each stream:
 * `if cfg!(target_family = "wasm") { panic!("Cannot profile on web assembly without timestamp_query feature …") }`). An
 * update of it that doesn't panic there lets this condition go. And a device
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
