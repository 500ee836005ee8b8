/** @import { PlaceMap } from '../core/types.js' */
import { make, setText } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';

/** What the colours of a map mean: a bar of all of them, and the numbers at its ends. */
export class Legend {
  #bar = make('canvas', { 'aria-hidden': 'true' });
  #low = make('span');
  #high = make('span');

  root = make('div', { class: 'legend' }, this.#bar, make('div', { class: 'ends small' }, this.#low, make('span', {}, '0'), this.#high));

  /**
   * @param {PlaceMap} map
   * @param {(number: number) => string} signed how a language writes a number with its sign
   */
  show({ legend, limit }, signed) {
    drawPixels(this.#bar, new ImageData(new Uint8ClampedArray(legend), legend.length / 4, 1));
    const [low, high] = ends(limit, signed);
    setText(this.#low, low);
    setText(this.#high, high);
  }
}

/**
 * What stands at the ends of a legend.
 *
 * @param {number} limit
 * @param {(number: number) => string} signed
 * @returns {[low: string, high: string]}
 */
export function ends(limit, signed) {
  return [signed(-limit), signed(limit)];
}
