// glimpse's CPU module in a worker, as the page has it, where several threads compute.
import { pixelsOf } from './photo.mjs';

/** @param {string} network */
export async function load(network) {
  const worker = new Worker(new URL('glimpse-worker.mjs', import.meta.url), { type: 'module' });
  /** One question at a time. @param {object} question @returns {Promise<any>} */
  const ask = (question) =>
    new Promise((resolve, reject) => {
      worker.onerror = () => reject(new Error('The worker of the threads failed.'));
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.answer));
      worker.postMessage(question);
    });
  await ask({ network });

  return {
    /** @param {Float32Array} _tensor @param {string} photo */
    input: (_tensor, photo) => pixelsOf(photo),
    /** @param {ImageData} pixels */
    infer: (pixels) => ask({ pixels }),
  };
}
