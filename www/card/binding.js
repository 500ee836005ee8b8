/** @import { Binding, Card } from './types.js' */

/**
 * Whether a card is that of a weights file, by the SHA-256 of its bytes. Browsers compute that only in pages that come over
 * https or from this computer.
 *
 * @param {Card} card
 * @param {BufferSource} weights
 * @returns {Promise<Binding>}
 */
export async function bindingOf(card, weights) {
  const subtle = /** @type {SubtleCrypto | undefined} */ (globalThis.crypto?.subtle);
  if (!subtle) return 'insecure';
  return hexadecimal(await subtle.digest('SHA-256', weights)) === card.weights.sha256 ? 'matches' : 'differs';
}

/** @param {ArrayBuffer} bytes */
const hexadecimal = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
