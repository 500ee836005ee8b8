/** @import { Entry } from '../camera/capture.js' */
/** @import { FrameRate } from '../camera/frame-rate.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make, setText } from '../ui/dom.js';

/** Figures that change with every frame can't be read, so they are written this often, in milliseconds. */
const READABLE = 250;

/** What else the page lets people choose of the camera, and how fast it goes: more than fits in an element in somebody's column. */
export class CameraSettings {
  #localizer;
  #timeConstant;
  #cameraLabel = make('label', { for: 'camera' });
  #camera = make('select', { id: 'camera' });
  #smooth = make('input', { id: 'smooth', type: 'checkbox', 'aria-describedby': 'smooth-note' });
  #smoothLabel = make('span');
  #smoothNote = make('span', { id: 'smooth-note', class: 'small' });
  /** @type {readonly Entry[]} */
  #entries = [];
  /** @type {FrameRate | null} the one that is written */
  #rate = null;
  #written = -Infinity;

  cameras = make('p', { id: 'cameras', class: 'pick', hidden: '' }, this.#cameraLabel, this.#camera);
  smoothing = make('p', { class: 'switch' }, make('label', {}, this.#smooth, ' ', this.#smoothLabel), ' ', this.#smoothNote);
  rate = make('p', { id: 'live-rate' });

  /**
   * @param {Localizer} localizer
   * @param {{ raw: boolean, timeConstant: number }} options whether frames are shown as they are; milliseconds of the smoothing
   * @param {{ camera: (id: string) => void, raw: (raw: boolean) => void }} handlers
   */
  constructor(localizer, { raw, timeConstant }, handlers) {
    this.#localizer = localizer;
    this.#timeConstant = timeConstant;
    this.#smooth.checked = !raw;
    this.#camera.addEventListener('change', () => handlers.camera(this.#camera.value));
    this.#smooth.addEventListener('change', () => {
      this.#renderSmoothing();
      handlers.raw(!this.#smooth.checked);
    });
    localizer.follow(() => {
      setText(this.#cameraLabel, localizer.words.page.camera);
      setText(this.#smoothLabel, localizer.words.page.smooth);
      this.#renderSmoothing();
      this.#renderCameras();
      this.#renderRate();
    });
  }

  /**
   * @param {readonly Entry[]} cameras
   * @param {string} id the one that is on
   */
  showCameras(cameras, id) {
    this.#entries = cameras;
    this.cameras.hidden = cameras.length < 2;
    this.#renderCameras(id);
  }

  /** @param {FrameRate} rate */
  showRate(rate) {
    if (rate.perSecond === null || rate.milliseconds === null) return;
    // For whoever measures: unrounded, and with every frame.
    this.rate.dataset.fps = String(rate.perSecond);
    this.rate.dataset.milliseconds = String(rate.milliseconds);
    if (performance.now() - this.#written < READABLE) return;
    this.#written = performance.now();
    this.#rate = rate;
    this.#renderRate();
  }

  /** The live picture has ended, and with it what was known of it. */
  clear() {
    this.cameras.hidden = true;
    this.#rate = null;
    this.#written = -Infinity;
    this.rate.textContent = '';
    for (const fact of Object.keys(this.rate.dataset)) delete this.rate.dataset[fact];
  }

  #renderSmoothing() {
    const { words } = this.#localizer;
    setText(this.#smoothNote, this.#smooth.checked ? words.smoothed(this.#timeConstant) : words.raw);
  }

  #renderCameras(chosen = this.#camera.value) {
    const { words } = this.#localizer;
    this.#camera.replaceChildren(...this.#entries.map((camera, at) => make('option', { value: camera.id }, words.camera(camera.label, camera.facing, at + 1))));
    this.#camera.value = chosen;
  }

  #renderRate() {
    if (this.#rate?.perSecond == null || this.#rate.milliseconds === null) return;
    setText(this.rate, this.#localizer.words.rate(this.#rate.perSecond, this.#rate.milliseconds));
  }
}
