/** @import { ModelId } from './types.js' */
import { fileNameOf } from './addresses.js';

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

/**
 * Whether a weights file is one of the site's own.
 *
 * @param {URL | Blob} place
 * @returns {place is URL}
 */
export const isShipped = (place) => place instanceof URL && models.some(({ weights }) => weights.href === place.href);

/** What a network is called whose address has no file name. */
const NAMELESS = 'own';

/**
 * What somebody's own network is called: never empty, for `blob:` and `data:` addresses, which name no file, too. One that
 * comes neither from this site nor from that of the page has its host before its name, so that people see whose it is.
 *
 * @param {URL} weights
 * @returns {ModelId}
 */
export function ownModelId(weights) {
  const name = fileNameOf(weights) || NAMELESS;
  const near = [new URL(import.meta.url).origin, globalThis.location?.origin].includes(weights.origin);
  return near || !weights.protocol.startsWith('http') ? name : `${weights.host}/${name}`;
}

/**
 * The same for a file that somebody opens, which can be called what a network of the site is.
 *
 * @param {File} file
 * @returns {ModelId}
 */
export const ownFileId = ({ name }) => (name === '' || models.some(({ id }) => id === name) ? NAMELESS : name);
