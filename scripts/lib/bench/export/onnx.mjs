// Writes a network as a file of ONNX (onnx.proto, opset 17). Weights stay in their bytes, each with a node that multiplies
// its scales in: onnxruntime does that once, while it loads.

/** @import { Layer } from './layers.mjs' */
/** @import { Message } from './protobuf.mjs' */
/** @import { Tensor, WeightsFile } from './weights.mjs' */
import { bytes, message, number, text } from './protobuf.mjs';

const [IR_VERSION, OPSET] = [8, 17];
/** Of TensorProto. */
const [FLOAT, INT8] = [1, 3];

/**
 * @param {WeightsFile} file
 * @param {readonly Layer[]} layers
 * @param {number | string} [batch] how many images it takes at a time, or what that number is called if whoever runs it says
 * @returns {Buffer}
 */
export function onnxOf({ side, tensors, answer }, layers, batch = 1) {
  const scalars = new Set();
  const [nodes, initialisers] = [/** @type {Message} */ ([]), /** @type {Message} */ ([])];
  /** @param {string} operator @param {string[]} inputs @param {string} output @param {Message} [attributes] */
  const node = (operator, inputs, output, attributes = []) =>
    nodes.push(message(1, [...inputs.map((input) => text(1, input)), text(2, output), text(3, output), text(4, operator), ...attributes]));
  /** @param {string} name @param {number} type @param {number[]} shape @param {Int8Array | Float32Array} values */
  const constant = (name, type, shape, values) => {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    initialisers.push(message(5, [...shape.map((size) => number(1, size)), number(2, type), text(8, name), bytes(9, raw)]));
    return name;
  };
  /** One number, once in the file. @param {string} name @param {number} value */
  const scalar = (name, value) => {
    if (!scalars.has(name)) scalars.add(constant(name, FLOAT, [], new Float32Array([value])));
    return name;
  };
  /** The weights by name, whole. @param {string} name @param {number} axis of the output channels */
  const weights = (name, axis) => {
    const { shape, values, scales } = found(tensors, name);
    if (!scales) return constant(name, FLOAT, shape, values);
    const inputs = [constant(`${name}.bytes`, INT8, shape, values), constant(`${name}.scale`, FLOAT, [scales.length], scales)];
    node('DequantizeLinear', inputs, name, [integer('axis', axis)]);
    return name;
  };
  for (const layer of layers) {
    const { name, from } = layer;
    switch (layer.kind) {
      case 'conv': {
        const inputs = [from, weights(`${layer.weights}.weight`, 0), weights(`${layer.weights}.bias`, 0)];
        const groups = layer.depthwise ? (found(tensors, `${layer.weights}.weight`).shape[0] ?? 1) : 1;
        const [before, after] = layer.padding;
        const attributes = [
          integers('kernel_shape', [layer.kernel, layer.kernel]),
          integers('strides', [layer.stride, layer.stride]),
          integers('pads', [before, before, after, after]),
          integer('group', groups),
        ];
        const output = layer.relu6 ? `${name}.whole` : name;
        node('Conv', inputs, output, attributes);
        if (layer.relu6) node('Clip', [output, scalar('zero', 0), scalar('six', 6)], name);
        break;
      }
      case 'pool':
        node('MaxPool', [from], name, [integers('kernel_shape', [2, 2]), integers('strides', [2, 2])]);
        break;
      case 'gelu': // as PyTorch exports it, which onnxruntime makes one operation of
        node('Div', [from, scalar('root', Math.SQRT2)], `${name}.scaled`);
        node('Erf', [`${name}.scaled`], `${name}.erf`);
        node('Add', [`${name}.erf`, scalar('one', 1)], `${name}.share`);
        node('Mul', [from, `${name}.share`], `${name}.twice`);
        node('Mul', [`${name}.twice`, scalar('half', 0.5)], name);
        break;
      case 'add':
        node('Add', [from, layer.and], name);
        break;
      case 'max':
      case 'mean':
        node(layer.kind === 'max' ? 'GlobalMaxPool' : 'GlobalAveragePool', [from], `${name}.maps`);
        node('Flatten', [`${name}.maps`], name);
        break;
      case 'dense': {
        const inputs = [from, weights(`${layer.weights}.weight`, 1)];
        if (tensors.has(`${layer.weights}.bias`)) inputs.push(weights(`${layer.weights}.bias`, 0));
        node('Gemm', inputs, name);
        break;
      }
    }
  }

  const value = (/** @type {string} */ name, /** @type {(number | string)[]} */ shape) => [
    text(1, name),
    message(2, [
      message(1, [
        number(1, FLOAT),
        message(
          2,
          shape.map((size) => message(1, [typeof size === 'string' ? text(2, size) : number(1, size)])),
        ),
      ]),
    ]),
  ];
  const graph = [...nodes, text(2, 'glimpse'), ...initialisers];
  graph.push(message(11, value('input', [batch, 3, side, side])), message(12, value('logits', [batch, answer.names.length])));
  return Buffer.concat([number(1, IR_VERSION), text(2, 'glimpse'), message(7, graph), message(8, [text(1, ''), number(2, OPSET)])]);
}

/** @param {Map<string, Tensor>} tensors @param {string} name */
export function found(tensors, name) {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`The weights file has no tensor ${name}.`);
  return tensor;
}

/** @param {string} name @param {number} value */
const integer = (name, value) => message(5, [text(1, name), number(3, value), number(20, 2)]);

/** @param {string} name @param {number[]} values */
const integers = (name, values) => message(5, [text(1, name), ...values.map((value) => number(8, value)), number(20, 7)]);
