/** @import { LiveState } from '../core/types.js' */
/** @import { Camera, Entry } from '../camera/capture.js' */
/** @import { Rate } from '../camera/frame-rate.js' */
import { words } from '../page/words.js';
import { get, make, say } from './dom.js';

/** Figures that change with every frame can't be read, so they are written this often, in milliseconds. */
const READABLE = 250;

/** The same as in the style sheet: what is narrower has one column. */
const narrow = matchMedia('(width < 56rem)');

/**
 * What the person can ask of the live picture.
 *
 * @typedef {object} Asks
 * @property {() => void} start
 * @property {() => void} stop
 * @property {() => void} freeze
 * @property {(id: string) => void} camera
 * @property {(raw: boolean) => void} raw
 */

/** The live picture with its controls, and the two buttons that begin it: in the empty stage and under a photo. */
export class LiveView {
  #root = document.documentElement;
  #panel = get('live', HTMLElement);
  #start = get('live-start', HTMLButtonElement);
  #back = get('live-back', HTMLButtonElement);
  #note = get('live-note', HTMLElement);
  /** Outside the panel: what is shown together with its text isn't read. */
  #announcement = get('live-announcement', HTMLElement);
  #freeze = get('freeze', HTMLButtonElement);
  #stop = get('live-stop', HTMLButtonElement);
  #cameras = get('cameras', HTMLElement);
  #camera = get('camera', HTMLSelectElement);
  #smooth = get('smooth', HTMLInputElement);
  #smoothNote = get('smooth-note', HTMLElement);
  #rate = get('live-rate', HTMLElement);
  #written = -Infinity;

  video = get('live-video', HTMLVideoElement);

  /**
   * @param {boolean} raw
   * @param {number} timeConstant of the smoothing, in milliseconds
   * @param {Asks} asks
   */
  constructor(raw, timeConstant, asks) {
    this.video.setAttribute('aria-label', words.livePicture);
    this.#smooth.checked = !raw;
    const explain = () => say(this.#smoothNote, this.#smooth.checked ? words.smoothed(timeConstant) : words.raw);
    explain();
    for (const button of [this.#start, this.#back]) button.addEventListener('click', asks.start);
    this.#stop.addEventListener('click', asks.stop);
    this.#freeze.addEventListener('click', asks.freeze);
    this.#camera.addEventListener('change', () => asks.camera(this.#camera.value));
    this.#smooth.addEventListener('change', () => {
      explain();
      asks.raw(!this.#smooth.checked);
    });
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera the one that is on
   */
  state(state, camera) {
    const live = state !== 'off';
    const begins = live && this.#panel.hidden;
    const focused = document.activeElement;
    if (live) this.#root.dataset.live = state;
    else delete this.#root.dataset.live;
    this.#panel.hidden = !live;
    this.#freeze.disabled = state !== 'running';
    if (camera) this.video.toggleAttribute('data-mirrored', camera.mirrored);
    say(this.#note, live ? words.live[state] : '');
    say(this.#announcement, words.live[state]);
    if (!live) {
      this.#cameras.hidden = true;
      this.#clear();
    }
    // Who points a camera at something can't scroll, so picture and answer come onto one screen where there is one column.
    if (begins && narrow.matches) this.#panel.scrollIntoView({ block: 'start' });
    // Whoever works with the keyboard goes on where the button was that has just disappeared.
    if (live && (focused === this.#start || focused === this.#back)) this.#stop.focus();
    else if (focused === this.#freeze && this.#freeze.disabled && live) this.#stop.focus();
    else if (!live && this.#panel.contains(focused)) (this.#start.getClientRects().length > 0 ? this.#start : this.#back).focus();
  }

  /** For whoever has begun it from elsewhere. */
  focus() {
    this.#stop.focus();
  }

  /**
   * Under a frozen picture the way back says what it is.
   * @param {boolean} frozen
   */
  frozen(frozen) {
    say(this.#back, frozen ? words.page.liveAgain : words.page.live);
  }

  /**
   * @param {readonly Entry[]} cameras
   * @param {string} id the one that is on
   */
  cameras(cameras, id) {
    this.#cameras.hidden = cameras.length < 2;
    this.#camera.replaceChildren(
      ...cameras.map((camera, place) => make('option', { value: camera.id }, words.camera(camera.label, camera.facing, place + 1))),
    );
    this.#camera.value = id;
  }

  /** @param {Rate} rate */
  rate({ perSecond, milliseconds }) {
    if (perSecond === null || milliseconds === null) return;
    // For whoever measures: unrounded, and with every frame.
    this.#rate.dataset.fps = String(perSecond);
    this.#rate.dataset.milliseconds = String(milliseconds);
    if (performance.now() - this.#written < READABLE) return;
    this.#written = performance.now();
    say(this.#rate, words.rate(perSecond, milliseconds));
  }

  #clear() {
    this.#rate.textContent = '';
    this.#written = -Infinity;
    for (const fact of Object.keys(this.#rate.dataset)) delete this.#rate.dataset[fact];
  }
}
