import { Failure } from './errors.js';

/**
 * A frozen frame as a file without losses: it goes the way of every photo.
 * @param {HTMLCanvasElement} frame
 * @returns {Promise<Blob>}
 */
export function toPng(frame) {
  return new Promise((resolve, reject) => {
    const { width, height } = frame;
    frame.toBlob((blob) => (blob ? resolve(blob) : reject(new Failure('canvas-refused', { width, height }))), 'image/png');
  });
}
