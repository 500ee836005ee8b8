// The shipped networks in the formats of the others: target/bench/networks/….

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
  const { side, fraction, normalisation, answer } = file;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${network}.onnx`, onnxOf(file, layers));
  writeFileSync(`${folder}/${network}.tensorflow.json`, JSON.stringify(model));
  writeFileSync(`${folder}/${network}.tensorflow.bin`, data);
  // What a page has to know beside the network to ask it.
  writeFileSync(`${folder}/${network}.json`, JSON.stringify({ side, fraction, normalisation, ...answer }));
}
