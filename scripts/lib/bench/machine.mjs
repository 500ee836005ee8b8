// Where it was measured.

/** @import { Page } from 'playwright-core' */
import { cpus, loadavg } from 'node:os';
import { FLAGS as OF_TESTS, WEBGPU_FLAGS } from '../../../tests/browser/chromium.js';

/** With WebGPU and WebGL whether or not there is a GPU: without one they are emulated on the CPU. */
export const FLAGS = [...OF_TESTS, ...WEBGPU_FLAGS, '--enable-unsafe-swiftshader'];

const EMULATED = /swiftshader|llvmpipe|lavapipe|softpipe|software/i;

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores
 * @property {number} load how many processes wanted a core in the minute before
 * @property {string} browser
 * @property {{ name: string, emulated: boolean } | null} webgpu null where there is no adapter
 * @property {{ name: string, emulated: boolean } | null} webgl
 */

/**
 * @param {Page} page
 * @param {string} version of the browser
 * @returns {Promise<Machine>}
 */
export async function machineOf(page, version) {
  const { webgpu, webgl } = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
    const { vendor = '', architecture = '', device = '', description = '' } = adapter?.info ?? {};
    const context = new OffscreenCanvas(1, 1).getContext('webgl2');
    const extension = context?.getExtension('WEBGL_debug_renderer_info');
    return {
      webgpu: adapter ? [vendor, architecture, device, description].filter((word) => word !== '').join(' ') : null,
      webgl: context ? String(context.getParameter(extension?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER)) : null,
    };
  });
  const adapterOf = (/** @type {string | null} */ name) => (name === null ? null : { name, emulated: EMULATED.test(name) });
  const [processor] = cpus();
  return {
    processor: processor?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    load: loadavg()[0] ?? Number.NaN,
    browser: `Chromium ${version}`,
    webgpu: adapterOf(webgpu),
    webgl: adapterOf(webgl),
  };
}
