// Writes a network as a graph model of TensorFlow.js: what its converter makes of a saved model, with convolution, bias and
// ReLU6 in one operation. Weights stay in their bytes; who loads them multiplies the scales in (../page/tensorflow.mjs), which
// TensorFlow.js's own format does by whole tensors only.

/** @import { Layer } from './layers.mjs' */
/** @import { WeightsFile } from './weights.mjs' */
import { found } from './onnx.mjs';

/**
 * Where a weight lies in the file of weights: first its scales, one for each place of its last axis (of a depthwise
 * convolution, the last that isn't 1), where it has them.
 *
 * @typedef {{ name: string, shape: number[], offset: number, scales: number }} Place
 */

const FLOAT = { type: 'DT_FLOAT' };
const AXES = 'axes';

/** @param {string} value */
const string = (value) => Buffer.from(value).toString('base64');
/** @param {number[]} values */
const integers = (values) => ({ list: { i: values.map(String) } });

/**
 * @param {WeightsFile} file
 * @param {readonly Layer[]} layers
 * @returns {{ model: { modelTopology: object, weights: Place[] }, data: Buffer }}
 */
export function tensorflowOf({ side, tensors }, layers) {
  const parts = /** @type {Buffer[]} */ ([]);
  const weights = /** @type {Place[]} */ ([]);
  const nodes = /** @type {object[]} */ ([
    { name: 'input', op: 'Placeholder', attr: { dtype: FLOAT, shape: { shape: { dim: [1, side, side, 3].map((size) => ({ size: String(size) })) } } } },
  ]);
  let offset = 0;
  const put = (/** @type {Buffer} */ part) => {
    const padded = Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
    parts.push(padded);
    offset += padded.length;
  };
  /** @param {string} name @param {number[]} shape @param {Int8Array | Float32Array} values @param {Float32Array | null} [scales] */
  const constant = (name, shape, values, scales = null) => {
    weights.push({ name, shape, offset, scales: scales?.length ?? 0 });
    if (scales) put(Buffer.from(scales.buffer, scales.byteOffset, scales.byteLength));
    put(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    nodes.push({ name, op: 'Const', attr: { dtype: FLOAT, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } } });
    return name;
  };
  /** @param {string} op @param {string[]} input @param {string} name @param {object} [attr] */
  const node = (op, input, name, attr = {}) => nodes.push({ name, op, input, attr: { T: FLOAT, ...attr } });

  /** One number, once in the file: a node that nobody reads would be an output. @param {string} name @param {number} value */
  const scalar = (name, value) => (weights.some((weight) => weight.name === name) ? name : constant(name, [], new Float32Array([value])));
  const axes = { dtype: 'DT_INT32', tensorShape: { dim: [{ size: '2' }] }, intVal: [1, 2] };
  weights.push({ name: AXES, shape: [2], offset, scales: 0 });
  put(Buffer.from(new Int32Array([1, 2]).buffer));
  nodes.push({ name: AXES, op: 'Const', attr: { dtype: { type: 'DT_INT32' }, value: { tensor: axes } } });

  for (const layer of layers) {
    const { name, from } = layer;
    switch (layer.kind) {
      case 'conv': {
        const { shape, values, scales } = found(tensors, `${layer.weights}.weight`);
        const bias = found(tensors, `${layer.weights}.bias`);
        const [out = 0, inner = 0, height = 0, width = 0] = shape;
        // Height, width, input channels, output channels; of a depthwise convolution, the channels and 1.
        const turned = transposed(values, shape, layer.depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
        const filter = constant(`${name}.weight`, layer.depthwise ? [height, width, out, 1] : [height, width, inner, out], turned, scales);
        node(layer.depthwise ? 'FusedDepthwiseConv2dNative' : '_FusedConv2D', [from, filter, constant(`${name}.bias`, bias.shape, bias.values)], name, {
          strides: integers([1, layer.stride, layer.stride, 1]),
          dilations: integers([1, 1, 1, 1]),
          padding: { s: string(layer.padding.every((zeros) => zeros === 0) ? 'VALID' : 'SAME') },
          data_format: { s: string('NHWC') },
          fused_ops: { list: { s: ['BiasAdd', ...(layer.relu6 ? ['Relu6'] : [])].map(string) } },
          num_args: { i: '1' },
          epsilon: { f: 0 },
        });
        break;
      }
      case 'pool': {
        const two = integers([1, 2, 2, 1]);
        node('MaxPool', [from], name, { ksize: two, strides: two, padding: { s: string('VALID') }, data_format: { s: string('NHWC') } });
        break;
      }
      case 'gelu':
        node('Mul', [from, scalar('root', Math.SQRT1_2)], `${name}.scaled`);
        node('Erf', [`${name}.scaled`], `${name}.erf`);
        node('AddV2', [`${name}.erf`, scalar('one', 1)], `${name}.share`);
        node('Mul', [from, scalar('half', 0.5)], `${name}.half`);
        node('Mul', [`${name}.half`, `${name}.share`], name);
        break;
      case 'add':
        node('AddV2', [from, layer.and], name);
        break;
      case 'max':
      case 'mean':
        node(layer.kind === 'max' ? 'Max' : 'Mean', [from, AXES], name, { keep_dims: { b: false } });
        break;
      case 'dense': {
        const { shape, values, scales } = found(tensors, `${layer.weights}.weight`);
        const bias = tensors.get(`${layer.weights}.bias`);
        const inputs = [from, constant(`${name}.weight`, shape, values, scales)];
        const plain = { transpose_a: { b: false }, transpose_b: { b: false } };
        if (!bias) node('MatMul', inputs, name, plain);
        else {
          const fused = { fused_ops: { list: { s: [string('BiasAdd')] } }, num_args: { i: '1' }, epsilon: { f: 0 } };
          node('_FusedMatMul', [...inputs, constant(`${name}.bias`, bias.shape, bias.values)], name, { ...plain, ...fused });
        }
        break;
      }
    }
  }
  return { model: { modelTopology: { node: nodes, versions: { producer: 1087 } }, weights }, data: Buffer.concat(parts) };
}

/**
 * @template {Int8Array | Float32Array} T
 * @param {T} values
 * @param {readonly number[]} shape
 * @param {readonly number[]} order the old axes in their new order
 * @returns {T}
 */
function transposed(values, shape, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const turned = /** @type {T} */ (values.slice());
  const at = sizes.map(() => 0);
  for (let index = 0; index < turned.length; index += 1) {
    turned[index] = values[at.reduce((sum, place, axis) => sum + place * (steps[axis] ?? 0), 0)] ?? 0;
    for (let axis = at.length - 1; axis >= 0; axis -= 1) {
      at[axis] = ((at[axis] ?? 0) + 1) % (sizes[axis] ?? 1);
      if (at[axis] !== 0) break;
    }
  }
  return turned;
}
