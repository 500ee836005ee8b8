/** @import { Camera } from './capture.js' */
/** @import { VideoFrames } from './video-frames.js' */
import { Failure } from '../core/errors.js';

/** So many seconds without a new picture, and the camera counts as silent. */
const PATIENCE = 5;

/**
 * Watches whether pictures go on coming. Counting ticks, not the clock, it doesn't blame the camera where the page itself
 * was held up or the computer slept.
 *
 * @param {VideoFrames} frames
 * @param {Camera} camera
 * @param {(failure: Failure) => void} fail
 * @returns {() => void} ends it
 */
export function startWatchdog(frames, camera, fail) {
  let [arrived, silent] = [0, 0];
  const timer = setInterval(() => {
    silent = frames.arrived > arrived && !camera.muted ? 0 : silent + 1;
    arrived = frames.arrived;
    if (silent === PATIENCE) fail(new Failure('camera-silent', { seconds: PATIENCE }));
  }, 1000);
  return () => clearInterval(timer);
}
