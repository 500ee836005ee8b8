import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { styleModule, target } from '../../scripts/lib/styles.mjs';
import { root } from './chromium.js';

/*
 * What must hold for the modules of www/ as they are written, whatever they do.
 */

/**
 * Where a module awaits at its top level. The sources are indented by the rule, so a statement of the top level begins
 * without indentation, and what is within functions that may await is within one that says so.
 *
 * @param {string} text
 */
function topLevelAwaits(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = code.split(/\n(?=[^\s})\]])/);
  return statements.filter((statement) => {
    const [head = ''] = statement.split('\n');
    const awaits = /\bawait\b/;
    return (awaits.test(head) && !/\basync\b/.test(head)) || (awaits.test(statement) && !/\basync\b/.test(statement));
  });
}

test('a top-level await is found wherever one stands', () => {
  for (const bad of [
    'const words = await load();',
    'if (await names.fetch()) {\n  show();\n}',
    'export const all = [\n  await one(),\n];',
    'for await (const part of parts) use(part);',
  ]) {
    assert.equal(topLevelAwaits(`import { a } from './a.js';\n\n${bad}\n`).length, 1, bad);
  }
  for (const good of [
    'async function load() {\n  await one();\n}',
    'export class A {\n  async load() {\n    await one();\n  }\n}',
    'load().then(async () => {\n  await one();\n});',
    '/* await */\nconst a = 1; // awaited',
  ]) {
    assert.deepEqual(topLevelAwaits(good), [], good);
  }
});

test('no module awaits at its top level: Safari up to 26 may run what imports it before it is ready', async () => {
  const files = (await readdir(`${root}www`, { recursive: true })).filter((file) => file.endsWith('.js'));
  assert.ok(files.length > 60);
  for (const file of files) assert.deepEqual(topLevelAwaits(await readFile(`${root}www/${file}`, 'utf8')), [], file);
});

test('the style sheet as a module is that of the CSS file', async () => {
  assert.equal(await readFile(target, 'utf8'), styleModule(), 'run scripts/lib/styles.mjs');
});

test('browsers that can’t tell light from dark surroundings by themselves get the same colours', async () => {
  const css = await readFile(`${root}www/ui/styles.css`, 'utf8');
  const tokens = [...css.matchAll(/^ +(--[\w-]+): var\(--glimpse-[\w-]+, (#\w+|light-dark\((#\w+), (#\w+)\))\);$/gm)];
  const [plain, both] = [tokens.filter(([, , , light]) => !light), tokens.filter(([, , , light]) => light)];
  assert.ok(both.length >= 13);
  const expected = [...both.map(([, name, , light]) => [name, light]), ...both.map(([, name, , , dark]) => [name, dark])];
  assert.deepEqual(
    plain.map(([, name, value]) => [name, value]),
    expected,
  );
});
