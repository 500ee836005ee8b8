// Prints what each module costs a visitor: `node scripts/lib/sizes.mjs target/web/wasm`. Compressing takes seconds, so
// the numbers are kept beside the module and used again while it is the same.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const [, , folder = 'target/web/wasm'] = process.argv;
const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`.padStart(8);

console.error('  module       raw     gzip   brotli     glue');
for (const module of ['cpu', 'webgpu', 'learn']) {
  const at = join(folder, module);
  if (!existsSync(`${at}.bound`)) continue;
  const cache = `${at}.sizes.json`;
  let sizes;
  if (existsSync(cache)) {
    sizes = JSON.parse(String(readFileSync(cache)));
  } else {
    const wasm = readFileSync(join(at, 'glimpse_bg.wasm'));
    sizes = {
      raw: wasm.length,
      gzip: gzipSync(wasm, { level: 9 }).length,
      brotli: brotliCompressSync(wasm).length,
      glue: readFileSync(join(at, 'glimpse.js')).length,
    };
    writeFileSync(cache, `${JSON.stringify(sizes)}\n`);
  }
  console.error(`  ${module.padEnd(7)}${kb(sizes.raw)} ${kb(sizes.gzip)} ${kb(sizes.brotli)} ${kb(sizes.glue)}`);
}
