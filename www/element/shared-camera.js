/** @import { Camera } from '../camera/capture.js' */
/** @import { FrameClassifier, LiveSession } from '../camera/live-session.js' */
/** @import { LiveState, Outcome } from '../core/types.js' */
/** @import { Failure } from '../core/errors.js' */
import { AS_IT_IS } from '../core/options.js';

/*
 * The camera. There is one for all elements of a page: whoever switches it on takes it from the one that had it. Nothing
 * of it is fetched before.
 */

/**
 * Who shows its picture.
 *
 * @typedef {object} Viewer
 * @property {string | null} camera which one it wants: its id, or which way it looks; null for any
 * @property {FrameClassifier['classify']} classify
 * @property {(video: HTMLVideoElement) => void} place shows the picture
 * @property {(state: LiveState, camera: Camera | null) => void} state
 * @property {(outcome: Outcome) => void} outcome
 * @property {(failure: Failure) => void} failure it has stopped, and why
 */

/** @type {Promise<{ live: LiveSession, video: HTMLVideoElement }> | null} */
let making = null;
/** @type {Viewer | null} */
let viewer = null;

/**
 * @param {Viewer} wanted
 * @returns {Promise<void>} resolves when it has begun to start
 */
export async function startCamera(wanted) {
  const before = viewer;
  viewer = wanted;
  making ??= make();
  try {
    const { live, video } = await making;
    if (viewer !== wanted) return; // it has been stopped, or another one was quicker
    if (before && before !== wanted) {
      before.state('off', null);
      live.stop();
    }
    wanted.place(video);
    void live.start(wanted.camera);
  } catch (error) {
    making = null; // so that another try fetches it again
    throw error;
  }
}

/**
 * Stops it where that viewer has it.
 * @param {Viewer} which
 */
export async function stopCamera(which) {
  if (viewer !== which || !making) return;
  viewer = null;
  const made = await making.catch(() => null); // told to whoever has started it
  if (!made || viewer) return; // there is nothing to stop, or another one's start has stopped it
  made.live.stop();
  made.video.remove();
}

/**
 * The picture of this moment.
 * @param {Viewer} which
 * @returns {Promise<ReturnType<LiveSession['frame']>>} null where there is none
 */
export async function frozenFrame(which) {
  if (viewer !== which || !making) return null;
  const made = await making.catch(() => null);
  return made?.live.frame() ?? null;
}

async function make() {
  const { LiveSession } = await import('../camera/live-session.js');
  const video = document.createElement('video');
  video.playsInline = video.muted = video.autoplay = true;
  const live = new LiveSession(
    {
      classify(picture, wishes, signal) {
        if (viewer) return viewer.classify(picture, wishes, signal);
        picture.close();
        return Promise.reject(new DOMException('Nobody shows the camera’s picture.', 'AbortError'));
      },
    },
    video,
    { camera: null, raw: false, wishes: AS_IT_IS },
    {
      state: (state, camera) => viewer?.state(state, camera),
      cameras() {},
      outcome: (outcome) => viewer?.outcome(outcome),
      failure: (failure) => viewer?.failure(failure),
    },
  );
  return { live, video };
}
