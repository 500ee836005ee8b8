// Puts what comes on standard input between two marks of a Markdown file: `… | node scripts/lib/between-marks.mjs README.md compare`
// writes it between `<!-- compare: … -->` and `<!-- /compare -->`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} file
 * @param {string} mark
 * @param {string} text
 */
export function writeBetween(file, mark, text) {
  if (text.trim() === '') throw new Error('There is nothing to write.');
  const before = String(readFileSync(file));
  const marks = new RegExp(`(<!-- ${mark}: [^>]*-->\\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!marks.test(before)) throw new Error(`${file} has lost the marks of ${mark}.`);
  writeFileSync(
    file,
    before.replace(marks, (_, open, close) => `${open}\n${text.trim()}\n\n${close}`),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, mark] = process.argv.slice(2);
  if (!file || !mark) throw new Error('Which file, and between which marks?');
  writeBetween(file, mark, String(readFileSync(0)));
}
