// The shipped networks in the formats of the others: target/bench/networks/….

/** @import { WeightsFile } from './weights.mjs' */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { layersOf } from './layers.mjs';
import { onnxOf } from './onnx.mjs';
import { tensorflowOf } from './tensorflow.mjs';
import { readWeights } from './weights.mjs';

/** The networks by what the command line calls them, and their ids in www/core/models.js. */
export const NETWORKS = /** @type {const} */ ({ small: 'cifar10', photo: 'photo' });

/** @typedef {keyof typeof NETWORKS} NetworkName */

/**
 * @param {string} weights the weights file
 * @param {string} folder where the exported files go
 * @param {NetworkName} network what they are called
 */
export function exportNetwork(weights, folder, network) {
  const file = readWeights(readFileSync(weights));
  const layers = layersOf(file);
  const { model, data } = tensorflowOf(file, layers);
  write(folder, network, file, onnxOf(file, layers));
  writeFileSync(`${folder}/${network}.tensorflow.json`, JSON.stringify(model));
  writeFileSync(`${folder}/${network}.tensorflow.bin`, data);
}

/**
 * As ONNX alone, for any number of images at a time.
 *
 * @param {string} weights the weights file
 * @param {string} folder where the exported files go
 * @param {NetworkName} network what they are called
 */
export function exportForBatches(weights, folder, network) {
  const file = readWeights(readFileSync(weights));
  write(folder, network, file, onnxOf(file, layersOf(file), 'batch'));
}

/** @param {string} folder @param {NetworkName} network @param {WeightsFile} file @param {Buffer} onnx */
function write(folder, network, { side, filter, fraction, normalisation, answer }, onnx) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${network}.onnx`, onnx);
  // What one has to know beside the network to ask it.
  writeFileSync(`${folder}/${network}.json`, JSON.stringify({ side, filter, fraction, normalisation, ...answer }));
}
