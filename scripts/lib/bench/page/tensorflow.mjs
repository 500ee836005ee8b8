// TensorFlow.js with a graph model, as ../export/tensorflow.mjs writes it.
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';

/** @typedef {import('../export/tensorflow.mjs').Place} Place */

/**
 * @param {string} backend
 * @param {string} network
 */
export async function loadOn(backend, network) {
  const files = Promise.all([
    fetch(`/networks/${network}.tensorflow.json`).then((response) => response.json()),
    fetch(`/networks/${network}.tensorflow.bin`).then((response) => response.arrayBuffer()),
  ]);
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here.`);
  await tf.ready();
  const [model, data] = await files;
  const { specs, values } = unpack(model.weights, data);
  const graph = await loadGraphModel({ load: async () => ({ modelTopology: model.modelTopology, weightSpecs: specs, weightData: values }) });
  const [, side = 0] = graph.inputs[0]?.shape ?? [];

  return {
    /**
     * The numbers in TensorFlow's order: row, column, channel.
     * @param {Float32Array} tensor channel, row, column
     */
    input(tensor) {
      const turned = new Float32Array(tensor.length);
      const plane = side * side;
      for (let place = 0; place < plane; place += 1)
        for (let channel = 0; channel < 3; channel += 1) turned[place * 3 + channel] = tensor[channel * plane + place];
      return turned;
    },
    /** @param {Float32Array} input */
    async infer(input) {
      const start = performance.now();
      const images = tf.tensor4d(input, [1, side, side, 3]);
      const output = graph.predict(images);
      const logits = await output.data();
      const milliseconds = performance.now() - start;
      images.dispose();
      output.dispose();
      return { milliseconds, logits };
    },
  };
}

/**
 * Single precision of all weights: bytes times the scale of their channel.
 *
 * @param {readonly Place[]} places
 * @param {ArrayBuffer} data
 */
function unpack(places, data) {
  const counts = places.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
  const values = new Float32Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  for (const [index, { name, offset, scales }] of places.entries()) {
    const count = counts[index];
    if (scales === 0) {
      // The four bytes of each, whatever they stand for: the axes of a reduction are integers.
      new Int32Array(values.buffer, at * 4, count).set(new Int32Array(data, offset, count));
    } else {
      const [scale, bytes] = [new Float32Array(data, offset, scales), new Int8Array(data, offset + scales * 4, count)];
      if (count % scales !== 0) throw new Error(`${name} has ${count} values and ${scales} scales.`);
      for (let value = 0; value < count; value += 1) values[at + value] = bytes[value] * scale[value % scales];
    }
    at += count;
  }
  const specs = places.map(({ name, shape }) => ({ name, shape, dtype: name === 'axes' ? 'int32' : 'float32' }));
  return { specs, values: values.buffer };
}
