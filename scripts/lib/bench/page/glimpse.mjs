// glimpse's own module for a backend, on the thread of the page like the others, or on that of a worker and its helpers.
import { checkAdapter } from '/www/engine/check-adapter.js';
import { startHelpers } from '/www/engine/helpers.js';
import { pixelsOf } from './photo.mjs';

/** One view, as the others get one tensor. */
const OPTIONS = { single_view: true };
const MODELS = { small: 'cifar10', photo: 'photo' };

/**
 * @param {keyof typeof MODELS} network
 * @param {{ backend: 'cpu' | 'webgpu' }} options
 */
export async function load(network, { backend }) {
  if (backend === 'webgpu') await checkAdapter().catch(({ code }) => Promise.reject(new Error(`There is no WebGPU here that works (${code}).`)));
  const [bindings, weights] = await Promise.all([
    import(`/wasm/${backend}/glimpse.js`),
    fetch(`/www/model/${MODELS[network]}.safetensors`).then((response) => response.arrayBuffer()),
  ]);
  const module = await WebAssembly.compileStreaming(fetch(`/wasm/${backend}/glimpse_bg.wasm`));
  await bindings.default({ module_or_path: module });
  if (backend === 'cpu') startHelpers(module, bindings.shared_memory()); // of which the page's own thread gets none
  const classifier = await bindings.Classifier.load(new Uint8Array(weights));

  return {
    /** What the network reads of a photo. @param {ImageData} image @returns {Float32Array} channel, row, column */
    tensor: (image) => classifier.tensor(image, OPTIONS),
    /** It prepares photos by itself, which does not count. @param {Float32Array} _tensor @param {string} photo */
    input: (_tensor, photo) => pixelsOf(photo),
    /** @param {ImageData} input */
    async infer(input) {
      const { ranked, vocabulary, milliseconds, threads } = await classifier.classify(input, OPTIONS);
      return { milliseconds: milliseconds.network, ranked: vocabulary ?? ranked, threads };
    },
  };
}
