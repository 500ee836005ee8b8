/** @import { Info, Options, Wishes } from './types.js' */

/** A crop to the full centre square, for a network whose own framing is another. */
const WHOLE_SQUARE = { centre_crop: { fraction: 1 } };

/**
 * Nobody has wished for anything.
 * @type {Readonly<Wishes>}
 */
export const AS_IT_IS = { framing: null, enhance: {} };

/**
 * What somebody's wishes mean for a network. What nobody has touched is as its weights file says.
 *
 * @param {Info} info
 * @param {Wishes} wishes
 * @returns {Required<Omit<Options, 'embedding'>> & Options}
 */
export function optionsFor({ preprocessing }, wishes) {
  const crop = preprocessing.framing === 'stretch' ? WHOLE_SQUARE : preprocessing.framing;
  const framing = wishes.framing === null ? preprocessing.framing : wishes.framing === 'crop' ? crop : 'stretch';
  const wanted = wishes.embedding ? { embedding: true } : {};
  return { framing, single_view: wishes.singleView ?? false, enhance: { ...preprocessing.enhance, ...wishes.enhance }, ...wanted };
}
