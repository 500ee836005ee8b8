/** @import { Camera, Entry } from '../camera/capture.js' */
/** @import { FrameRate } from '../camera/frame-rate.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { otherCamera } from '../camera/capture.js';
import { make, makeButton, setText } from '../ui/dom.js';

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
  #mirror = make('input', { id: 'mirror', type: 'checkbox' });
  #mirrorLabel = make('span');
  #torch = make('input', { id: 'torch', type: 'checkbox' });
  #torchLabel = make('span');
  /** @type {readonly Entry[]} */
  #entries = [];
  /** The one that is on. */
  #id = '';
  /** @type {Camera | null} */
  #shown = null;
  /** @type {FrameRate | null} the one that is written */
  #rate = null;
  #written = -Infinity;

  cameras = make('p', { id: 'cameras', class: 'pick', hidden: '' }, this.#cameraLabel, this.#camera);
  smoothing = make('p', { class: 'switch' }, make('label', {}, this.#smooth, ' ', this.#smoothLabel), ' ', this.#smoothNote);
  mirror = make('p', { class: 'switch' }, make('label', {}, this.#mirror, ' ', this.#mirrorLabel));
  torch = make('p', { class: 'switch', hidden: '' }, make('label', {}, this.#torch, ' ', this.#torchLabel));
  rate = make('p', { id: 'live-rate' });
  flip;

  /**
   * @param {Localizer} localizer
   * @param {{ raw: boolean, timeConstant: number }} options whether frames are shown as they are; milliseconds of the smoothing
   * @param {object} handlers
   * @param {(id: string) => void} handlers.camera
   * @param {(raw: boolean) => void} handlers.raw
   * @param {(mirrored: boolean) => void} handlers.mirror
   * @param {(on: boolean) => Promise<void>} handlers.torch rejects where it can't be
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
    this.flip = makeButton('flip', 'button plain', () => {
      const other = otherCamera(this.#entries, this.#id);
      if (other) handlers.camera(other.id);
    });
    this.flip.hidden = true;
    this.#mirror.addEventListener('change', () => handlers.mirror(this.#mirror.checked));
    this.#torch.addEventListener('change', () => {
      const { checked } = this.#torch;
      handlers.torch(checked).catch((error) => {
        console.info('The camera’s light could not be switched.', error);
        this.#torch.checked = !checked;
      });
    });
    localizer.follow(() => {
      setText(this.flip, localizer.words.page.flip);
      setText(this.#mirrorLabel, localizer.words.page.mirror);
      setText(this.#torchLabel, localizer.words.page.torch);
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
    this.#id = id;
    this.flip.hidden = !otherCamera(cameras, id);
    this.cameras.hidden = cameras.length < 2;
    this.#renderCameras(id);
  }

  /**
   * What the camera that is on can do; its light is off when it begins.
   * @param {Camera} camera
   */
  showCamera(camera) {
    this.#mirror.checked = camera.mirrored;
    this.torch.hidden = !camera.hasTorch;
    if (camera === this.#shown) return;
    this.#shown = camera;
    this.#torch.checked = false;
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
    this.cameras.hidden = this.flip.hidden = this.torch.hidden = true;
    this.#torch.checked = false;
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
