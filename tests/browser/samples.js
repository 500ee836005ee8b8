import { root } from './chromium.js';

/* The pictures that the page ships, each named after what the photo network must take it for. */
const names = ['cat', 'ship', 'horse', 'bird', 'airplane', 'dog'];

export const samples = names.map((name) => ({ name, path: `${root}www/samples/${name}.jpg` }));

/** @param {string} name */
export function sample(name) {
  const found = samples.find((entry) => entry.name === name);
  if (!found) throw new Error(`there is no sample ${name}`);
  return found;
}
