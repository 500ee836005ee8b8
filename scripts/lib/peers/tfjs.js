// EfficientNet-Lite0 in TensorFlow.js, with its fused operations, as a converted model has them. scripts/peers bundles
// it for the browser.
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

/** The strides of the blocks, see src/model/efficientnet_lite.rs. The rest is in the shapes of the weights. */
const STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1];

/**
 * @param {Record<string, { shape: number[], values: Float32Array }>} weights by the names of the weights file
 * @param {string} files where the backend's WebAssembly lies
 */
export async function load(weights, files) {
  setWasmPaths(files);
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const take = (name) => {
    const { shape, values } = weights[name];
    return tf.tensor(values, shape);
  };
  // From `[out, in, height, width]` to TensorFlow's order.
  const layer = (name, order) => ({
    filter: tf.tidy(() => tf.transpose(take(`${name}.conv.weight`), order)),
    bias: take(`${name}.conv.bias`),
  });
  const dense = (name) => layer(name, [2, 3, 1, 0]);
  const blocks = STRIDES.map((stride, index) => ({
    stride,
    expand: `blocks.${index}.widen.conv.weight` in weights ? dense(`blocks.${index}.widen`) : null,
    depthwise: layer(`blocks.${index}.depthwise`, [2, 3, 0, 1]),
    project: dense(`blocks.${index}.narrow`),
  }));
  const [stem, top] = [dense('stem'), dense('top')];
  const [filter, bias] = [take('vocabulary.weight'), take('vocabulary.bias')];

  const forward = (images) =>
    tf.tidy(() => {
      const conv = (x, weights, strides, activation) => tf.fused.conv2d({ x, ...weights, strides, pad: 'same', activation });
      let x = conv(images, stem, 2, 'relu6');
      for (const { stride, expand, depthwise, project } of blocks) {
        const input = x;
        if (expand) x = conv(x, expand, 1, 'relu6');
        x = tf.fused.depthwiseConv2d({ x, ...depthwise, strides: stride, pad: 'same', activation: 'relu6' });
        x = conv(x, project, 1, 'linear');
        if (x.shape.every((side, axis) => side === input.shape[axis])) x = tf.add(x, input);
      }
      const features = tf.mean(conv(x, top, 1, 'relu6'), [1, 2]);
      return tf.fused.matMul({ a: features, b: filter, bias });
    });

  return {
    version: tf.version_core,
    /** @param {Float32Array} tensor `[3, side, side]` */
    input: (tensor, side) => tf.tidy(() => tf.transpose(tf.tensor(tensor, [1, 3, side, side]), [0, 2, 3, 1])),
    async logits(images) {
      const output = forward(images);
      const values = await output.data();
      output.dispose();
      return values;
    },
  };
}
