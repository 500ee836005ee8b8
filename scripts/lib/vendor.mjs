// Puts the libraries of others that the page loads into it, as they come from npm, each with its licence:
// `node scripts/lib/vendor.mjs pkg/.stage`.
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [, , folder = 'pkg'] = process.argv;
const TARGET = `${folder}/www/vendor`;

/** What is taken of which package, and what it is called in the page. */
const FILES = [
  ['fflate/esm/browser.js', 'fflate.js'],
  ['fflate/LICENSE', 'fflate.LICENSE.txt'],
];

mkdirSync(TARGET, { recursive: true });
for (const [source, name] of FILES) copyFileSync(fileURLToPath(new URL(`../../node_modules/${source}`, import.meta.url)), `${TARGET}/${name}`);
