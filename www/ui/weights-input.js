/** @import { Localizer } from '../i18n/localizer.js' */
import { make, makeButton, setText } from './dom.js';

const WEIGHTS_NAME = /\.safetensors$/i;

/**
 * Whether a file is a network, by its name.
 * @param {File} file
 */
export const isWeights = ({ name }) => WEIGHTS_NAME.test(name);

/** A button by which somebody opens a weights file of their own. */
export class WeightsInput {
  #input = make('input', { type: 'file', id: 'weights', accept: '.safetensors', hidden: '' });
  #button = makeButton('open-weights', 'quiet', () => this.#input.click());

  root = make('span', {}, this.#button, this.#input);

  /**
   * @param {Localizer<any>} localizer
   * @param {(file: File) => void} open
   */
  constructor(localizer, open) {
    this.#input.addEventListener('change', () => {
      const [file] = this.#input.files ?? [];
      if (file) open(file);
      this.#input.value = ''; // so that the same can be chosen again
    });
    localizer.follow(() => setText(this.#button, localizer.words.page.openWeights));
  }
}
