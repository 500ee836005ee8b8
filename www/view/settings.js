/** @import { Framing, Info, Options } from '../types.js' */
import { get } from './dom.js';

/** A crop to the full centre square, for a network whose own framing is another. */
const WHOLE_SQUARE = { centre_crop: { fraction: 1 } };

/** The optional steps before the network; they start as the weights file says. */
export class Settings {
  #fieldset = get('look', HTMLFieldSetElement);
  #crop = get('crop', HTMLInputElement);
  #squash = get('squash', HTMLInputElement);
  #contrast = get('contrast', HTMLInputElement);
  #balance = get('balance', HTMLInputElement);
  #denoise = get('denoise', HTMLInputElement);
  /** @type {Framing} */
  #cropping = WHOLE_SQUARE;

  /** @param {(options: Options) => void} changed */
  constructor(changed) {
    this.#fieldset.addEventListener('change', () => changed(this.#options()));
  }

  /** @param {Info} info */
  offer({ preprocessing: { framing, enhance } }) {
    if (!this.#fieldset.disabled) return;
    this.#fieldset.disabled = false;
    if (framing !== 'squash') this.#cropping = framing;
    this.#crop.checked = framing !== 'squash';
    this.#squash.checked = framing === 'squash';
    this.#contrast.checked = enhance.contrast;
    this.#balance.checked = enhance.colour_balance;
    this.#denoise.checked = enhance.denoise;
  }

  /** @returns {Options} */
  #options() {
    return {
      framing: this.#squash.checked ? 'squash' : this.#cropping,
      enhance: {
        denoise: this.#denoise.checked,
        contrast: this.#contrast.checked,
        colour_balance: this.#balance.checked,
      },
    };
  }
}
