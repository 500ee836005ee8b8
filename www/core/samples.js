/*
 * The sample pictures, each named after the class that it shows; `samples/CREDITS.md` says where they come from.
 */

/** @typedef {keyof typeof import('../i18n/en.js').default.samples} SampleName */

/** @type {readonly SampleName[]} */
const names = ['cat', 'ship', 'horse', 'bird', 'airplane', 'dog'];

/** @type {readonly { id: SampleName, url: URL }[]} */
export const samples = names.map((id) => ({ id, url: new URL(`../samples/${id}.jpg`, import.meta.url) }));
