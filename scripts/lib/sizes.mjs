// Prints what each module and each weights file costs a visitor, and fails where that passes its budget:
// `node scripts/lib/sizes.mjs target/web/wasm --budgets`. Compressing takes seconds, so the numbers are kept beside the
// modules and used again while these are the same.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/**
 * The most that each of them may cost, in bytes with Brotli; a module together with its glue. Where one is passed, find out
 * what is linked that was not before (`docs/sizes.md`), and raise a budget only with its reason.
 */
const BUDGETS = {
  cpu: 145_000,
  webgpu: 197_000,
  learn: 182_000,
  'cifar10.safetensors': 4_400_000,
  'photo.safetensors': 4_400_000,
};
const MODULES = ['cpu', 'webgpu', 'learn'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { budgets: { type: 'boolean', default: false }, weights: { type: 'string', default: 'www/model' } },
});
const [folder = 'target/web/wasm'] = positionals;
const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`.padStart(8);

/**
 * Numbers that are kept in a file, as long as they are of the same thing.
 * @template {object} T
 * @param {string} cache
 * @param {string} of what they are of, in a few words
 * @param {() => T} measure
 * @returns {T}
 */
function kept(cache, of, measure) {
  if (existsSync(cache)) {
    const known = JSON.parse(String(readFileSync(cache)));
    if (known.of === of) return known;
  }
  const measured = { of, ...measure() };
  writeFileSync(cache, `${JSON.stringify(measured)}\n`);
  return measured;
}

const digest = (/** @type {Buffer} */ bytes) => createHash('sha256').update(bytes).digest('hex');

/** @type {string[]} */
const passed = [];
/** @param {string} name @param {number} cost */
function hold(name, cost) {
  const budget = BUDGETS[/** @type {keyof typeof BUDGETS} */ (name)];
  if (budget === undefined) passed.push(`${name} has no budget in scripts/lib/sizes.mjs.`);
  else if (cost > budget) {
    passed.push(`${name} costs ${cost} bytes with Brotli, and its budget is ${budget} (scripts/lib/sizes.mjs).`);
  }
}

console.error('  module                   raw     gzip   brotli     glue  a visit');
for (const module of MODULES) {
  const at = join(folder, module);
  if (!existsSync(`${at}.bound`)) continue;
  const [wasm, glue] = ['glimpse_bg.wasm', 'glimpse.js'].map((name) => readFileSync(join(at, name)));
  const sizes = kept(`${at}.sizes.json`, digest(Buffer.concat([wasm, glue])), () => {
    const brotli = brotliCompressSync(wasm).length;
    const visit = brotli + brotliCompressSync(glue).length;
    return { raw: wasm.length, gzip: gzipSync(wasm, { level: 9 }).length, brotli, glue: glue.length, visit };
  });
  const columns = [sizes.raw, sizes.gzip, sizes.brotli, sizes.glue, sizes.visit].map(kb);
  console.error(`  ${module.padEnd(20)}${columns.join(' ')}`);
  hold(module, sizes.visit);
}
if (values.budgets) {
  for (const name of readdirSync(values.weights).filter((each) => each.endsWith('.safetensors'))) {
    const file = readFileSync(join(values.weights, name));
    const { brotli } = kept(join(folder, `${name}.sizes.json`), digest(file), () => ({
      brotli: brotliCompressSync(file).length,
    }));
    console.error(`  ${name.padEnd(20)}${kb(file.length)}          ${kb(brotli)}          ${kb(brotli)}`);
    hold(name, brotli);
  }
  for (const sentence of passed) console.error(`error: ${sentence}`);
  if (passed.length > 0) process.exitCode = 1;
}
