// What the shipped networks are made of, layer by layer: the one description that both exporters write in their format.
// It follows src/model/convnet.rs and src/model/efficientnet_lite.rs; kernels and channels stand in the weights.

/** @import { WeightsFile } from './weights.mjs' */

/**
 * A layer and the layers that it reads. `input` is the image.
 *
 * @typedef {object} Conv
 * @property {'conv'} kind
 * @property {string} name
 * @property {string} from
 * @property {string} weights the tensors `….weight` and `….bias`
 * @property {boolean} depthwise
 * @property {number} kernel
 * @property {number} stride
 * @property {[number, number]} padding zeros before and after, the same on both axes
 * @property {boolean} relu6 whether the output is cut to 0 to 6
 *
 * @typedef {{ kind: 'pool', name: string, from: string }} Pool the maximum of 2 × 2, every other place
 * @typedef {{ kind: 'gelu', name: string, from: string }} Gelu
 * @typedef {{ kind: 'add', name: string, from: string, and: string }} Add
 * @typedef {{ kind: 'max' | 'mean', name: string, from: string }} Reduce of each map
 * @typedef {{ kind: 'dense', name: string, from: string, weights: string }} Dense
 * @typedef {Conv | Pool | Gelu | Add | Reduce | Dense} Layer
 */

/** The strides of EfficientNet-Lite0's blocks. */
const STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1];

/**
 * @param {WeightsFile} file
 * @returns {Layer[]} each after those that it reads; the last makes the logits
 */
export function layersOf(file) {
  if (file.architecture === 'convnet') return convnet(new Stack(file));
  if (file.architecture === 'efficientnet-lite0') return efficientnetLite(new Stack(file));
  throw new Error(`The layers of the architecture ${file.architecture} are not described in scripts/lib/bench/export/layers.mjs.`);
}

/** @param {Stack} stack */
function convnet(stack) {
  stack.conv('whiten', { same: false });
  stack.unary('gelu');
  for (let block = 0; stack.has(`blocks.${block}.first.conv`); block += 1) {
    stack.conv(`blocks.${block}.first.conv`);
    stack.unary('pool');
    stack.unary('gelu');
    stack.conv(`blocks.${block}.second.conv`);
    stack.unary('gelu');
  }
  stack.unary('max');
  stack.dense('head');
  return stack.layers;
}

/**
 * Its head of the ten classes is left out: what it makes of the vocabulary besides is no matter of inference engines.
 * @param {Stack} stack
 */
function efficientnetLite(stack) {
  stack.conv('stem.conv', { stride: 2, relu6: true });
  for (const [index, stride] of STRIDES.entries()) {
    const block = `blocks.${index}`;
    const before = stack.top;
    if (stack.has(`${block}.widen.conv`)) stack.conv(`${block}.widen.conv`, { relu6: true });
    stack.conv(`${block}.depthwise.conv`, { stride, relu6: true });
    stack.conv(`${block}.narrow.conv`);
    if (stride === 1 && stack.top.channels === before.channels) stack.add(before.name);
  }
  stack.conv('top.conv', { relu6: true });
  stack.unary('mean');
  stack.dense('vocabulary');
  return stack.layers;
}

/** Layers one on the other, with the size of what the uppermost gives. */
class Stack {
  #tensors;
  /** @type {Layer[]} */
  layers = [];
  top;

  /** @param {WeightsFile} file */
  constructor({ tensors, side }) {
    this.#tensors = tensors;
    this.top = { name: 'input', channels: 3, side };
  }

  /** @param {string} weights */
  has(weights) {
    return this.#tensors.has(`${weights}.weight`);
  }

  /**
   * @param {string} weights
   * @param {{ stride?: number, relu6?: boolean, same?: boolean }} [options] `same`: as many outputs as inputs, but for the stride
   */
  conv(weights, { stride = 1, relu6 = false, same = true } = {}) {
    const [channels = 0, inputs = 0, kernel = 0] = this.#tensors.get(`${weights}.weight`)?.shape ?? [];
    const side = same ? Math.ceil(this.top.side / stride) : Math.floor((this.top.side - kernel) / stride) + 1;
    // Where the zeros are odd in number, the one more stands right and below.
    const zeros = same ? Math.max(0, (side - 1) * stride + kernel - this.top.side) : 0;
    /** @type {[number, number]} */
    const padding = [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
    this.layers.push({ kind: 'conv', name: weights, from: this.top.name, weights, depthwise: inputs === 1, kernel, stride, padding, relu6 });
    this.top = { name: weights, channels, side };
  }

  /** @param {'gelu' | 'pool' | 'max' | 'mean'} kind */
  unary(kind) {
    const name = `${this.top.name}.${kind}`;
    this.layers.push({ kind, name, from: this.top.name });
    this.top = { ...this.top, name, side: kind === 'gelu' ? this.top.side : kind === 'pool' ? Math.floor(this.top.side / 2) : 1 };
  }

  /** @param {string} and */
  add(and) {
    const name = `${this.top.name}.add`;
    this.layers.push({ kind: 'add', name, from: this.top.name, and });
    this.top = { ...this.top, name };
  }

  /** @param {string} weights */
  dense(weights) {
    const name = 'logits';
    this.layers.push({ kind: 'dense', name, from: this.top.name, weights });
    this.top = { name, channels: this.#tensors.get(`${weights}.weight`)?.shape[1] ?? 0, side: 1 };
  }
}
