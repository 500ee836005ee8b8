/** @import { Outcome } from '../core/types.js' */
/** @import { VideoFrames } from './video-frames.js' */
import { reasonOf, throwIfAborted } from '../core/abort.js';
import { FrameRate } from './frame-rate.js';
import { Smoothing } from './smoothing.js';

/** So many frames in a row that can't be answered end the stream. */
const FAILURES = 3;

/**
 * @typedef {object} FrameHandlers
 * @property {(picture: ImageBitmap) => Promise<Outcome>} classify takes the picture over and closes it
 * @property {(outcome: Outcome, average: Outcome, rate: FrameRate) => void} outcome of the frame, and the average over time
 */

/**
 * Answers one frame after the other, until the signal; a frame that can't be answered isn't the end yet. Rejects with the
 * reason of the signal, or with what was wrong with the last frame.
 *
 * @param {HTMLVideoElement} video
 * @param {VideoFrames} frames
 * @param {AbortSignal} signal
 * @param {FrameHandlers} handlers
 */
export async function classifyFrames(video, frames, signal, { classify, outcome: report }) {
  const smooth = new Smoothing();
  const rate = new FrameRate();
  let failures = 0;
  for (;;) {
    const began = performance.now();
    try {
      const picture = await grab(video, signal);
      const outcome = await unlessAborted(classify(picture), signal);
      throwIfAborted(signal);
      failures = 0;
      rate.add(began, performance.now());
      report(outcome, smooth.add(outcome, began), rate);
    } catch (error) {
      throwIfAborted(signal);
      failures += 1;
      if (failures === FAILURES) throw error;
    }
    await frames.next(signal);
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 */
async function grab(video, signal) {
  const picture = await createImageBitmap(video);
  if (!signal.aborted) return picture;
  picture.close();
  throw reasonOf(signal);
}

/**
 * The promise, or the abort where that comes first: however long an answer takes, the loss of a camera is told at once.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(reasonOf(signal));
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
