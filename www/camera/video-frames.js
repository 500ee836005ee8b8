import { throwIfAborted } from '../core/abort.js';

/**
 * What is asked of a video element; a test can stand in for it.
 *
 * @typedef {Pick<HTMLVideoElement, 'currentTime' | 'readyState'>
 *   & Partial<Pick<HTMLVideoElement, 'requestVideoFrameCallback' | 'cancelVideoFrameCallback' | 'getVideoPlaybackQuality'>>} Video
 */

/**
 * The new pictures of a video, one at a time: who asks gets the newest one that hasn't been taken yet, at once or as
 * soon as there is one. Pictures that come while nobody asks are passed over, and one whose time hasn't moved is the
 * same picture again.
 */
export class VideoFrames {
  #video;
  /** @type {number | null} the time of the newest picture in the video, or its number */
  #newest = null;
  /** @type {number | null} */
  #taken = null;
  #arrived = 0;
  #stopped = false;
  #cancel = () => {};
  /** @type {(() => void) | null} */
  #wake = null;

  /** @param {Video} video */
  constructor(video) {
    this.#video = video;
    this.#watch();
  }

  /** How many new pictures there have been. */
  get arrived() {
    return this.#arrived;
  }

  /**
   * Resolves when there is a picture that hasn't been taken, and counts it as taken.
   * @param {AbortSignal} signal
   */
  async next(signal) {
    while (this.#newest === this.#taken) {
      throwIfAborted(signal);
      /** @type {() => void} */
      let stop = () => {};
      await new Promise((resolve) => {
        stop = this.#wake = () => resolve(undefined);
        signal.addEventListener('abort', stop);
      });
      signal.removeEventListener('abort', stop);
    }
    throwIfAborted(signal);
    this.#taken = this.#newest;
  }

  stop() {
    this.#stopped = true;
    this.#cancel();
  }

  #watch() {
    if (this.#stopped) return;
    const video = this.#video;
    if (video.requestVideoFrameCallback) {
      const handle = video.requestVideoFrameCallback((_, { mediaTime }) => {
        this.#countFrame(mediaTime);
        this.#watch();
      });
      this.#cancel = () => video.cancelVideoFrameCallback?.(handle);
    } else {
      const handle = requestAnimationFrame(() => {
        // The clock may run on from picture to picture; where pictures are counted, the count is the better witness.
        const count = video.getVideoPlaybackQuality?.().totalVideoFrames;
        if (video.readyState >= 2) this.#countFrame(count || video.currentTime); // 2 is HAVE_CURRENT_DATA
        this.#watch();
      });
      this.#cancel = () => cancelAnimationFrame(handle);
    }
  }

  /** @param {number} time */
  #countFrame(time) {
    if (time === this.#newest) return;
    this.#newest = time;
    this.#arrived += 1;
    this.#wake?.();
  }
}
