/** @import { Info, Wishes } from '../core/types.js' */
import { optionsFor } from '../core/options.js';
import { byId } from '../ui/dom.js';

/**
 * The optional steps before the network. What nobody has touched is as the weights file says, for each network anew;
 * what somebody has chosen holds for all of them.
 */
export class PreprocessingOptions {
  #fieldset = byId('look', HTMLFieldSetElement);
  #crop = byId('crop', HTMLInputElement);
  #stretch = byId('stretch', HTMLInputElement);
  #contrast = byId('contrast', HTMLInputElement);
  #balance = byId('balance', HTMLInputElement);
  #denoise = byId('denoise', HTMLInputElement);
  /** @type {Wishes} */
  #wishes = { framing: null, enhance: {} };

  /** @param {(wishes: Wishes) => void} changed */
  constructor(changed) {
    this.#fieldset.addEventListener('change', ({ target }) => {
      const { enhance } = this.#wishes;
      if (target === this.#crop) this.#wishes.framing = 'crop';
      if (target === this.#stretch) this.#wishes.framing = 'stretch';
      if (target === this.#contrast) enhance.contrast = this.#contrast.checked;
      if (target === this.#balance) enhance.colour_balance = this.#balance.checked;
      if (target === this.#denoise) enhance.denoise = this.#denoise.checked;
      changed(this.#wishes);
    });
  }

  /**
   * Shows what will be done for a network.
   * @param {Info} info
   */
  show(info) {
    const { framing, enhance } = optionsFor(info, this.#wishes);
    this.#fieldset.disabled = false;
    this.#crop.checked = framing !== 'stretch';
    this.#stretch.checked = framing === 'stretch';
    this.#contrast.checked = enhance.contrast;
    this.#balance.checked = enhance.colour_balance;
    this.#denoise.checked = enhance.denoise;
  }
}
