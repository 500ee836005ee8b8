/** @import { Page } from 'playwright-core' */
import { fileURLToPath } from 'node:url';

/*
 * The browser that pages are opened in, by tests and by benchmarks, and where it finds the page.
 */

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const pkg = process.env.GLIMPSE_PKG ?? `${root}pkg`;
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];

/** With a WebGPU adapter: without a GPU an emulated one. */
export const WEBGPU_FLAGS = ['--enable-unsafe-webgpu'];

/**
 * With WebGPU on OpenGL, through Mesa: shaders are translated to GLSL and not to SPIR-V, and compiled by Mesa and not by
 * SwiftShader.
 */
export const OPENGL_FLAGS = [...WEBGPU_FLAGS, '--use-webgpu-adapter=opengles', '--force-webgpu-compat', '--use-angle=gl-egl'];

/** Chromium's own camera, which shows a pattern, or a clip. */
export const FAKE = '--use-fake-device-for-media-stream';

/**
 * A camera for pages.
 *
 * @typedef {object} CameraOptions
 * @property {string} [clip] the file that it plays, over and over; without one, there is a camera only where a flag says so
 * @property {string[]} [flags] of Chromium
 * @property {boolean} [allowed] whether the page may use it; yes, where nothing is said
 */

/** @param {CameraOptions} camera */
export function cameraFlags({ clip, flags = [] }) {
  return clip ? [FAKE, `--use-file-for-fake-video-capture=${clip}`, ...flags] : flags;
}

/**
 * The worker that the engine runs in.
 * @param {Page} page
 */
export function workerOf(page) {
  const [worker] = page.workers();
  if (!worker) throw new Error('the page has no worker');
  return worker;
}

/**
 * Waits until no worker runs. The page is told to end it first, and the browser says some time later that it has ended.
 * @param {Page} page
 */
export async function workersEnd(page) {
  await Promise.all(page.workers().map((worker) => worker.waitForEvent('close', { timeout: 10_000 })));
}
