/** @import { Enhance, Info, Options, Wishes } from '../types.js' */
import { get } from './dom.js';

/** A crop to the full centre square, for a network whose own framing is another. */
const WHOLE_SQUARE = { centre_crop: { fraction: 1 } };

/**
 * The optional steps before the network. What nobody has touched is as the weights file says, for each network anew;
 * what somebody has chosen holds for all of them.
 */
export class Settings {
  #fieldset = get('look', HTMLFieldSetElement);
  #crop = get('crop', HTMLInputElement);
  #squash = get('squash', HTMLInputElement);
  #contrast = get('contrast', HTMLInputElement);
  #balance = get('balance', HTMLInputElement);
  #denoise = get('denoise', HTMLInputElement);
  /** @type {'crop' | 'squash' | null} */
  #framing = null;
  /** @type {Partial<Enhance>} */
  #enhance = {};

  /** @param {(wishes: Wishes) => void} changed */
  constructor(changed) {
    this.#fieldset.addEventListener('change', ({ target }) => {
      if (target === this.#crop) this.#framing = 'crop';
      if (target === this.#squash) this.#framing = 'squash';
      if (target === this.#contrast) this.#enhance.contrast = this.#contrast.checked;
      if (target === this.#balance) this.#enhance.colour_balance = this.#balance.checked;
      if (target === this.#denoise) this.#enhance.denoise = this.#denoise.checked;
      changed((info) => this.#options(info));
    });
  }

  /**
   * Shows what will be done for a network.
   * @param {Info} info
   */
  offer(info) {
    const { framing, enhance } = this.#options(info);
    this.#fieldset.disabled = false;
    this.#crop.checked = framing !== 'squash';
    this.#squash.checked = framing === 'squash';
    this.#contrast.checked = enhance.contrast;
    this.#balance.checked = enhance.colour_balance;
    this.#denoise.checked = enhance.denoise;
  }

  /**
   * @param {Info} info
   * @returns {Required<Options>}
   */
  #options({ preprocessing }) {
    const crop = preprocessing.framing === 'squash' ? WHOLE_SQUARE : preprocessing.framing;
    const framing = this.#framing === null ? preprocessing.framing : this.#framing === 'crop' ? crop : 'squash';
    return { framing, enhance: { ...preprocessing.enhance, ...this.#enhance } };
  }
}
