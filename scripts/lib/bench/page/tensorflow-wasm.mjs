import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadOn } from './tensorflow.mjs';

/** @param {string} network @param {{ threads: number }} options */
export function load(network, { threads }) {
  setWasmPaths('/peers/');
  setThreadsCount(threads);
  return loadOn('wasm', network);
}
