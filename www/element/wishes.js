/** @import { Enhance, Wishes } from '../core/types.js' */
/** @import { GlimpseClassifier } from './glimpse-classifier.js' */

/**
 * What the attributes of an element ask of the preparation of a picture. What they don't name is as each weights file says.
 *
 * @param {Pick<GlimpseClassifier, 'contrast' | 'colour' | 'denoise' | 'framing'>} element
 * @returns {Wishes}
 */
export function wishesOf({ contrast, colour, denoise, framing }) {
  /** @type {Partial<Enhance>} */
  const enhance = {};
  if (contrast !== null) enhance.contrast = contrast;
  if (colour !== null) enhance.colour_balance = colour;
  if (denoise !== null) enhance.denoise = denoise;
  return { framing, enhance };
}
