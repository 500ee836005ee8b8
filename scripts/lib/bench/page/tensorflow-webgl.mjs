import '@tensorflow/tfjs-backend-webgl';
import { loadOn } from './tensorflow.mjs';

/** @param {string} network */
export const load = (network) => loadOn('webgl', network);
