import '@tensorflow/tfjs-backend-webgpu';
import { loadOn } from './tensorflow.mjs';

/** @param {string} network */
export const load = (network) => loadOn('webgpu', network);
