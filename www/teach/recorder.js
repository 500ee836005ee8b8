/**
 * What a recording needs of the camera.
 *
 * @typedef {object} Source
 * @property {() => HTMLCanvasElement | null} frame the picture of this moment, null where there is none yet
 * @property {() => void} start has the camera switched on, where it is off
 */

/** How pictures are recorded: the time between two, and how long to wait before the first, in milliseconds. */
/** @typedef {{ interval: number, delay: number }} Pace */

/** How often a camera that is being switched on is looked at. */
const POLL = 100;

/**
 * Takes one picture after the other from the camera, for as long as a button is held; or, with a delay, from so long after
 * it was pressed until it is pressed again. A `change` event tells that `state` has become another.
 */
export class Recorder extends EventTarget {
  #source;
  #pace;
  #take;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @type {'off' | 'waiting' | 'counting' | 'recording'} */
  state = 'off';
  /** Seconds until it begins, while it counts. */
  remaining = 0;
  /** How many pictures it has taken since it began. */
  count = 0;

  /**
   * @param {Source} source
   * @param {() => Pace} pace
   * @param {(frame: HTMLCanvasElement) => void} take
   */
  constructor(source, pace, take) {
    super();
    this.#source = source;
    this.#pace = pace;
    this.#take = take;
  }

  /** The button is pressed. */
  press() {
    if (this.state !== 'off') {
      if (this.#pace().delay > 0) this.stop();
      return;
    }
    this.count = 0;
    this.#become('waiting');
    this.#source.start();
    this.#waitForPicture();
  }

  /** It is let go. */
  release() {
    if (this.#pace().delay === 0) this.stop();
  }

  /** Ends it; what has been recorded stays. */
  stop() {
    clearTimeout(this.#timer);
    if (this.state !== 'off') this.#become('off');
  }

  /** Waits for the camera's first picture. */
  #waitForPicture() {
    if (!this.#source.frame()) {
      this.#timer = setTimeout(() => this.#waitForPicture(), POLL);
      return;
    }
    this.remaining = Math.ceil(this.#pace().delay / 1000);
    this.#tick();
  }

  #tick() {
    if (this.remaining === 0) {
      this.#record();
      return;
    }
    this.#become('counting');
    this.#timer = setTimeout(() => {
      this.remaining -= 1;
      this.#tick();
    }, 1000);
  }

  #record() {
    const frame = this.#source.frame();
    if (frame) {
      this.count += 1;
      this.#take(frame);
    }
    this.#become('recording');
    this.#timer = setTimeout(() => this.#record(), this.#pace().interval);
  }

  /** @param {Recorder['state']} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}
