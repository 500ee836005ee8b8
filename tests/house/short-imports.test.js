import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortenGlue, shortenImports } from '../../scripts/lib/short-imports.mjs';

/*
 * A module by hand, with an import of every kind that wasm-bindgen writes or may write.
 */

/** @param {string} text */
const named = (text) => [text.length, ...Buffer.from(text)];
/** @param {number} kind @param {number[]} content */
const section = (kind, content) => [
  kind,
  ...(content.length < 128 ? [content.length] : [(content.length % 128) + 128, Math.floor(content.length / 128)]),
  ...content,
];

const LOG = '__wbg_log_0123456789abcdef';
const IMPORTS = [
  { name: LOG, description: [0, 0] },
  { name: 'memory', description: [2, 1, 1, 2] },
  { name: 'table', description: [1, 0x70, 0, 1] },
  { name: 'global', description: [3, 0x7f, 0] },
  { name: '__wbg_again_4123456789abcdef', description: [0, 0] },
];
const module = Buffer.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [2, 0x60, 1, 0x7f, 0, 0x60, 0, 0]),
  ...section(2, [IMPORTS.length, ...IMPORTS.flatMap(({ name, description }) => [...named('./glimpse_bg.js'), ...named(name), ...description])]),
  ...section(3, [1, 1]),
  ...section(7, [1, ...named('run'), 0, 2]),
  // Calls the first import with 42, and the second function with 43.
  ...section(10, [1, 10, 0, 0x41, 42, 0x10, 0, 0x41, 43, 0x10, 1, 0x0b]),
]);

test('functions get short names in the order in which they stand, and stay what they are', async () => {
  const { wasm, names } = shortenImports(module);
  assert.deepEqual(
    [...names],
    ['a', 'b'].map((short, at) => [IMPORTS[4 * at]?.name, short]),
  );
  assert.ok(wasm.length < module.length - 40);
  const kinds = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map(({ module, name, kind }) => [module, name, kind]);
  assert.deepEqual(
    kinds,
    IMPORTS.map(({ name }, at) => ['./glimpse_bg.js', names.get(name) ?? name, ['function', 'memory', 'table', 'global', 'function'][at]]),
  );
  /** @type {unknown[]} */
  const told = [];
  const { instance } = await WebAssembly.instantiate(wasm, {
    './glimpse_bg.js': {
      a: (/** @type {number} */ value) => told.push(['a', value]),
      b: (/** @type {number} */ value) => told.push(['b', value]),
      memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
      table: new WebAssembly.Table({ initial: 1, element: 'anyfunc' }),
      global: 7,
    },
  });
  /** @type {() => void} */ (instance.exports.run)();
  assert.deepEqual(told, [
    ['a', 42],
    ['b', 43],
  ]);
});

test('the glue gets the same names, without comments and indentation', () => {
  const glue = `/**\n * Of \`a kind\`.\n */\nconst imports = {\n    // a line\n    ${LOG}: function(arg0) {\n        log(\`a\`);\n    },\n};\n`;
  assert.equal(shortenGlue(glue, new Map([[LOG, 'a']])), 'const imports = {\na: function(arg0) {\nlog(`a`);\n},\n};\n');
});

test('a text of several lines stays as it is', () => {
  const glue = '  const code = `one\n    // two\n  three`;\n  // a line\n  more();\n';
  assert.equal(shortenGlue(glue, new Map()), 'const code = `one\n    // two\n  three`;\nmore();\n');
});

test('a glue in which a name is missing or stands twice is refused, and so is a text without an end', () => {
  const names = new Map([[LOG, 'a']]);
  assert.throws(() => shortenGlue('{}', names), /0 times/);
  assert.throws(() => shortenGlue(`${LOG}: 1, ${LOG}: 2`, names), /2 times/);
  assert.throws(() => shortenGlue(`${LOG}: \`one\n  two`, names), /no end/);
});
