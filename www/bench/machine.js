/**
 * What the browser tells of itself.
 *
 * @typedef {object} Machine
 * @property {string} browser
 * @property {number | null} cores
 * @property {{ name: string, emulated: boolean } | null} gpu null where there is no adapter
 * @property {boolean} isolated whether times are told finely
 */

const EMULATED = /swiftshader|llvmpipe|lavapipe|software/i;

/** @returns {Promise<Machine>} */
export async function machine() {
  return {
    browser: navigator.userAgent,
    cores: navigator.hardwareConcurrency || null,
    gpu: await adapter(),
    isolated: globalThis.crossOriginIsolated === true,
  };
}

async function adapter() {
  if (!('gpu' in navigator) || !navigator.gpu) return null;
  const found = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!found) return null;
  // Older browsers tell nothing of an adapter.
  const {
    vendor = '',
    architecture = '',
    device = '',
    description = '',
    isFallbackAdapter = false,
  } = /** @type {Partial<GPUAdapterInfo>} */ (found.info ?? {});
  const name = [vendor, architecture, device, description].filter((word) => word !== '').join(' ');
  return { name, emulated: isFallbackAdapter || EMULATED.test(name) };
}
