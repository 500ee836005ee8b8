// Who is timed. `kind` is what computes: ratios are to glimpse on the same.

import { MOST_THREADS } from '../../../www/engine/helpers.js';

/** @typedef {'cpu' | 'gpu'} Kind */

/**
 * @typedef {object} Contestant
 * @property {string} id as on the command line
 * @property {string} name
 * @property {Kind} kind
 * @property {'glimpse' | 'tensorflow' | 'onnxruntime'} library
 * @property {string} module the address of what has its `load`
 * @property {string[]} [preload] the addresses of what that fetches later, so that a first visit begins with it; `NETWORK` in them
 *   stands for the network's name. For glimpse, first-page.mjs asks its modules
 * @property {Record<string, string | number>} options of its `load`
 * @property {boolean} [warmOnly] whether a first visit would be that of another contestant
 */

/** The network in each format. */
const TENSORFLOW = ['/networks/NETWORK.tensorflow.json', '/networks/NETWORK.tensorflow.bin'];
const ONNX = ['/networks/NETWORK.onnx'];

/**
 * @param {number} threads as many as the machine has cores
 * @returns {Contestant[]}
 */
export function contestants(threads) {
  const several = threads > 1 ? [threads] : [];
  const spoken = (/** @type {number} */ count) => (count === 1 ? '1 thread' : `${count} threads`);
  /** @param {number} count @returns {Contestant[]} */
  const onCpu = (count) => [
    {
      id: `tensorflow-wasm-${count}`,
      name: `TensorFlow.js, wasm, ${spoken(count)}`,
      kind: 'cpu',
      library: 'tensorflow',
      module: '/peers/tensorflow-wasm.js',
      // In a page that is isolated from others, it takes the one with threads, however many are wanted.
      preload: ['/peers/tfjs-backend-wasm-threaded-simd.wasm', ...TENSORFLOW],
      options: { threads: count },
    },
    {
      id: `onnxruntime-wasm-${count}`,
      name: `onnxruntime-web, wasm, ${spoken(count)}`,
      kind: 'cpu',
      library: 'onnxruntime',
      module: '/bench/onnxruntime.mjs',
      preload: ['/peers/ort.wasm.bundle.min.mjs', '/peers/ort-wasm-simd-threaded.wasm', ...ONNX],
      options: { threads: count, provider: 'wasm' },
    },
  ];
  return [
    { id: 'glimpse-cpu', name: 'glimpse, CPU, 1 thread', kind: 'cpu', library: 'glimpse', module: '/bench/glimpse.mjs', options: { backend: 'cpu' } },
    ...several.map(
      (count) =>
        /** @type {const} */ ({
          id: 'glimpse-threads',
          name: `glimpse, CPU, ${spoken(Math.min(count, MOST_THREADS))}`,
          kind: 'cpu',
          library: 'glimpse',
          module: '/bench/glimpse-threads.mjs',
          options: {},
          warmOnly: true,
        }),
    ),
    ...[1, ...several].flatMap(onCpu),
    { id: 'glimpse-webgpu', name: 'glimpse, WebGPU', kind: 'gpu', library: 'glimpse', module: '/bench/glimpse.mjs', options: { backend: 'webgpu' } },
    {
      id: 'tensorflow-webgpu',
      name: 'TensorFlow.js, WebGPU',
      kind: 'gpu',
      library: 'tensorflow',
      module: '/peers/tensorflow-webgpu.js',
      preload: TENSORFLOW,
      options: {},
    },
    {
      id: 'tensorflow-webgl',
      name: 'TensorFlow.js, WebGL',
      kind: 'gpu',
      library: 'tensorflow',
      module: '/peers/tensorflow-webgl.js',
      preload: TENSORFLOW,
      options: {},
    },
    {
      id: 'onnxruntime-webgpu',
      name: 'onnxruntime-web, WebGPU',
      kind: 'gpu',
      library: 'onnxruntime',
      module: '/bench/onnxruntime.mjs',
      preload: ['/peers/ort.webgpu.bundle.min.mjs', '/peers/ort-wasm-simd-threaded.asyncify.wasm', ...ONNX],
      options: { threads: 1, provider: 'webgpu' },
    },
  ];
}
