/*
 * What only the page says that classifies whole folders, in English; what the pages have in common is in `../en.js`.
 * `page` holds the texts of folder.html.
 */

const percents = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('en');
const lists = new Intl.ListFormat('en', { type: 'conjunction' });

/** @param {number} count */
const photos = (count) => (count === 1 ? '1 photo' : `${numbers.format(count)} photos`);

export default {
  page: {
    title: 'glimpse: a whole folder of photos',
    description: 'Classify a whole folder of photos in your browser, and export a table. Photos stay on your device.',
    heading: 'Classify a whole folder.',
    lead: 'Drop a folder, or many photos, and get a table of answers to filter, sort and export.',
    noscript: 'This page runs neural networks in your browser, and for that it needs JavaScript and WebAssembly.',
    photosHeading: 'Photos',
    tableHeading: 'Answers',
  },
  hint: 'Drop a folder or photos anywhere on this page, or a weights file (.safetensors): your own network then answers.',
  chooseFolder: 'Choose a folder',
  chooseFiles: 'Choose photos',
  clear: 'Empty the table',
  /** @param {number} done @param {number} total */
  working: (done, total) => `${numbers.format(done)} of ${photos(total)}`,
  cancel: 'Cancel',
  /** @param {number} others */
  others: (others) => (others === 1 ? '1 file was left out: it is no picture.' : `${numbers.format(others)} files were left out: they are no pictures.`),
  /** @param {readonly string[]} names @param {number} more how many there are beyond */
  refused: (names, more) => `Not readable: ${lists.format(more > 0 ? [...names, `${numbers.format(more)} more`] : names)}.`,
  filter: 'Show',
  all: 'All',
  /** @param {string} name @param {number} count */
  counted: (name, count) => `${name} (${numbers.format(count)})`,
  sure: 'Sure',
  unsure: 'Not sure',
  none: 'None of these',
  columns: { path: 'Photo', answer: 'Answer', probability: 'Probability', certainty: 'Sure?' },
  /** @param {number} shown @param {number} total */
  shown: (shown, total) => `${numbers.format(shown)} of ${photos(total)} shown`,
  /** @param {number} first @param {number} last @param {number} total */
  range: (first, last, total) => `${numbers.format(first)} to ${numbers.format(last)} of ${photos(total)}`,
  previous: 'Previous',
  next: 'Next',
  classes: { caption: 'How many of each class', name: 'Class', count: 'Photos', sure: 'Of them sure' },
  csv: 'Export CSV',
  json: 'Export JSON',
  close: 'Close',
  vocabulary: 'In other words',
  number: (/** @type {number} */ count) => numbers.format(count),
  percent: (/** @type {number} */ share) => percents.format(share),
};
