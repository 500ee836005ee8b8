// The budgets of what a visitor downloads: scripts/lib/sizes.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

/** @type {string} */
let root;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'sizes-'));
});
after(() => rmSync(root, { recursive: true }));

/**
 * Modules of so many bytes, which nothing compresses, and what the script says of them.
 * @param {Record<string, number>} modules @param {Record<string, number>} weights @param {string[]} options
 */
function sizes(modules, weights, options) {
  const folder = mkdtempSync(join(root, 'web-'));
  const model = mkdtempSync(join(root, 'model-'));
  for (const [name, bytes] of Object.entries(modules)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'glimpse_bg.wasm'), randomBytes(bytes));
    writeFileSync(join(folder, name, 'glimpse.js'), '// glue\n');
    writeFileSync(join(folder, `${name}.bound`), '');
  }
  for (const [name, bytes] of Object.entries(weights)) writeFileSync(join(model, name), randomBytes(bytes));
  const call = () => spawnSync(process.execPath, ['scripts/lib/sizes.mjs', folder, '--weights', model, ...options], { encoding: 'utf8' });
  const [first, again] = [call(), call()];
  assert.equal(again.stderr, first.stderr, 'what is kept says the same');
  return {
    ...first,
    change: (/** @type {string} */ name, /** @type {number} */ bytes) => {
      writeFileSync(join(folder, name, 'glimpse_bg.wasm'), randomBytes(bytes));
      return call();
    },
  };
}

test('a module within its budget passes, and one that has grown does not', () => {
  const { status, stderr, change } = sizes({ cpu: 140_000 }, { 'photo.safetensors': 9000 }, ['--budgets']);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /cpu +140 kB/);
  const grown = change('cpu', 145_000);
  assert.equal(grown.status, 1);
  assert.match(grown.stderr, /error: cpu costs 145\d{3} bytes with Brotli, and its budget is 145000/);
});

test('weights have budgets, too, and none is without', () => {
  const large = sizes({}, { 'cifar10.safetensors': 4_400_001 }, ['--budgets']);
  assert.equal(large.status, 1);
  assert.match(large.stderr, /error: cifar10\.safetensors costs/);
  const unknown = sizes({}, { 'third.safetensors': 10 }, ['--budgets']);
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /third\.safetensors has no budget/);
});

test('what is compiled for work on the page has no budget', () => {
  const { status, stderr } = sizes({ cpu: 300_000 }, { 'third.safetensors': 10 }, []);
  assert.equal(status, 0, stderr);
});
