/** @import { ModelId } from './types.js' */

/*
 * The networks that this site offers. The first is the quickest to fetch: it answers while another is on its way. The
 * last is taken where nobody has chosen. Everything else about them (architecture, class names, sizes, thresholds) is
 * in the weights files and is asked of them.
 */

/** @type {readonly { id: ModelId, weights: URL }[]} */
export const models = [
  { id: 'cifar10', weights: new URL('../model/cifar10.safetensors', import.meta.url) },
  { id: 'photo', weights: new URL('../model/photo.safetensors', import.meta.url) },
];
