/** @import { BackendName, Classifier, Info, Instance, Workshop } from '../../www/core/types.js' */

/*
 * In the place of `www/engine/wasm-modules.js`, for tests of the engine in Node: instances whose every answer the test
 * gives itself. `useFakeModules` has to be called before the engine is imported.
 */

import assert from 'node:assert/strict';
import { register } from 'node:module';

/** One call that waits for its answer. */
/** @typedef {{ backend: BackendName, instance: number, answer: () => void, crash: () => void }} Call */

/** @type {Call[]} the calls that wait, the oldest first */
export const calls = [];
/** @type {Record<BackendName, number>} how many instances there have been */
export const instances = { cpu: 0, webgpu: 0 };

/** Node takes this file where the engine asks for the WebAssembly modules, and one picture for every picture. */
export function useFakeModules() {
  const hook = `export async function resolve(specifier, context, next) {
    if (specifier === './wasm-modules.js') return { url: ${JSON.stringify(import.meta.url)}, shortCircuit: true };
    return next(specifier, context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  // What a worker or a page has and Node hasn't.
  class FakeImage {
    /** @param {(number | Uint8ClampedArray)[]} given width and height, perhaps with the pixels before them */
    constructor(...given) {
      const [width = 1, height = 1] = given.filter((each) => typeof each === 'number');
      const data = given.find((each) => typeof each !== 'number') ?? new Uint8ClampedArray(4 * width * height);
      Object.assign(this, { width, height, data, close() {} });
    }
  }
  /** What is put on it can be read again, which is how the engine sees that it is a canvas. */
  class FakeCanvas {
    /** @type {FakeImage | null} */
    #put = null;
    width = 1;
    height = 1;
    getContext = () => ({
      canvas: this,
      drawImage: () => (this.#put = null),
      putImageData: (/** @type {FakeImage} */ image) => (this.#put = image),
      getImageData: () => this.#put ?? new FakeImage(),
    });
  }
  Object.assign(globalThis, {
    addEventListener() {},
    ImageData: FakeImage,
    ImageBitmap: FakeImage,
    OffscreenCanvas: FakeCanvas,
    createImageBitmap: async () => new FakeImage(),
  });
}

/**
 * @param {BackendName} backend
 * @returns {Promise<Instance>}
 */
export async function instantiate(backend) {
  const instance = (instances[backend] += 1);
  return {
    Classifier: { load: async () => classifier(backend, instance) },
    max_pixels: () => 1_000,
    when_device_lost() {},
  };
}

/** @returns {Promise<Workshop>} */
export async function instantiateWorkshop() {
  const nothing = () => assert.fail('nothing is taught here');
  // Every file is whole.
  return /** @type {any} */ ({ Layers: nothing, Learner: nothing, join: nothing, backbone_needed: () => undefined });
}

export function discard() {}

/**
 * @param {BackendName} backend
 * @param {number} instance
 * @returns {Classifier}
 */
function classifier(backend, instance) {
  const preprocessing = { input_size: 1, framing: 'stretch', enhance: {} };
  return /** @type {any} */ ({
    info: () => /** @type {Info} */ ({ backend, preprocessing }),
    classify: () =>
      new Promise((resolve, reject) => {
        const result = /** @type {any} */ ({ ranked: [], milliseconds: { preprocess: 0, network: 1 } });
        calls.push({
          backend,
          instance,
          answer: () => resolve(result),
          crash: () => reject(new WebAssembly.RuntimeError('unreachable')),
        });
      }),
  });
}
