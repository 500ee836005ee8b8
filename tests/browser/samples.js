import { root } from './scene.js';

/*
 * The pictures that the page ships, and what the photo network must take each for. `null` is for one that it gets wrong:
 * then only the shape of the answer is tested.
 */

/** @type {readonly { name: string, expected: string | null }[]} */
const table = [
  { name: 'cat', expected: 'cat' },
  { name: 'ship', expected: 'ship' },
  { name: 'horse', expected: 'horse' },
  { name: 'bird', expected: 'bird' },
  { name: 'airplane', expected: 'airplane' },
  { name: 'dog', expected: 'dog' },
];

export const samples = table.map((entry) => ({ ...entry, path: `${root}www/samples/${entry.name}.jpg` }));

/** @param {string} name */
export function sample(name) {
  const found = samples.find((entry) => entry.name === name);
  if (!found) throw new Error(`there is no sample ${name}`);
  return found;
}
