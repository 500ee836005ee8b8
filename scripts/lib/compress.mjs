// What scripts/compress does: `node scripts/lib/compress.mjs [--quick] [FOLDER]`.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What is compressed already, pictures above all, gets no smaller. */
const WORTH = /\.(css|html|js|json|md|svg|ts|tsv|txt|wasm|webmanifest|safetensors)$/;
/** A smaller file fits into one packet anyway. */
const LEAST = 1000;
/** Of the whole; below it the server may as well read the file itself. */
const GAIN = 0.02;

const given = process.argv.slice(2);
const quick = given.includes('--quick');
const [folder = 'pkg'] = given.filter((word) => word !== '--quick');

const ways = /** @type {const} */ ([
  [
    '.br',
    (/** @type {Buffer} */ bytes) =>
      promisify(brotliCompress)(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: quick ? 5 : 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }),
  ],
  ['.gz', (/** @type {Buffer} */ bytes) => promisify(gzip)(bytes, { level: quick ? 1 : 9 })],
]);

const names = readdirSync(folder, { recursive: true }).map(String);
for (const name of names) if (/\.(br|gz)$/.test(name)) rmSync(join(folder, name)); // of a file that may be another by now
const files = names.map((name) => join(folder, name)).filter((file) => WORTH.test(file) && statSync(file).isFile() && statSync(file).size >= LEAST);
if (files.length === 0) throw new Error(`There is no page in ${folder}: run scripts/build.`);

const sums = { whole: 0, '.br': 0, '.gz': 0 };
await Promise.all(
  files.map(async (file) => {
    const bytes = readFileSync(file);
    sums.whole += bytes.length;
    for (const [ending, press] of ways) {
      const pressed = await press(bytes);
      const worth = pressed.length < bytes.length * (1 - GAIN);
      if (worth) writeFileSync(file + ending, pressed);
      sums[ending] += worth ? pressed.length : bytes.length;
    }
  }),
);
const kB = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000).toLocaleString('en')} kB`;
console.log(`${files.length} files: ${kB(sums.whole)}, ${kB(sums['.br'])} with Brotli, ${kB(sums['.gz'])} with gzip`);
