/** @import { Sample } from '../ui/sample-list.js' */
import { fileNameOf, parse } from '../core/addresses.js';

/**
 * A sample of the element's attribute: one of ours has a name in every language, any other is called what its file is called.
 *
 * @param {string} address
 * @returns {Sample}
 */
export function sampleAt(address) {
  const url = parse(address);
  const file = url ? fileNameOf(url) : '';
  const id = file.replace(/\.\w+$/, '');
  return { id, address, name: ({ samples }) => /** @type {Record<string, string>} */ (samples)[id] ?? (id || file) };
}
