/** @import { Workshop } from '../core/types.js' */
import { Failure, messageOf } from '../core/errors.js';
import { discard, instantiateWorkshop } from './wasm-modules.js';

/**
 * A weights file that has only a head gets the body that it needs: that of the photo network, or of whatever network the
 * site has that was taught from. A whole file is given back as it is. Rejects with a `Failure` where the body isn't the one
 * that the head was taught with.
 *
 * @param {Uint8Array} file
 * @param {() => Promise<Uint8Array>} fetchBody a whole file with the body; called only where it is needed
 * @returns {Promise<Uint8Array>}
 */
export async function completeWeights(file, fetchBody) {
  const workshop = await instantiateWorkshop();
  try {
    if (!isHeadOnly(workshop, file)) return file;
    const whole = await fetchBody();
    return workshop.join(file, whole);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('network-refused', { detail: messageOf(error) }, error);
  } finally {
    discard(workshop);
  }
}

/**
 * @param {Workshop} workshop
 * @param {Uint8Array} file
 */
function isHeadOnly(workshop, file) {
  try {
    return workshop.backbone_needed(file) !== undefined;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return false; // no weights file at all: whoever loads it says so
  }
}
