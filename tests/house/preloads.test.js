// What `scripts/lib/module-graph.mjs` reads in modules, and what `scripts/lib/preloads.mjs` makes of it.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { mkdirSync, writeFileSync } from 'node:fs';

import { namedIn, reachedFrom } from '../../scripts/lib/module-graph.mjs';
import { flattened, linked } from '../../scripts/lib/preloads.mjs';

/** @param {Record<string, string>} files */
const reader = (files) => (/** @type {string} */ file) => files[file] ?? assert.fail(`${file} is read`);

const files = {
  'www/page/main.js': "import { a } from '../ui/a.js';\nexport const late = () => import('./late.js');\n",
  'www/page/late.js': '',
  'www/ui/a.js': "import { b } from '../core/b.js';\nimport { c } from '../core/c.js';\n",
  'www/core/b.js': "export { d } from './d.js';\n",
  'www/core/c.js': "import './d.js';\nconst worker = () => new Worker(new URL('./w.js', import.meta.url));\n",
  'www/core/d.js': "// import './gone.js';\nconst text = \"import './gone.js'\";\n",
};

test('it is told how a module names another', () => {
  const told = (/** @type {keyof typeof files} */ file) => namedIn(file, files[file]).map(({ kind, target }) => `${kind} ${target}`);
  assert.deepEqual(told('www/page/main.js'), ['static www/ui/a.js', 'dynamic www/page/late.js']);
  assert.deepEqual(told('www/core/c.js'), ['static www/core/d.js', 'address www/core/w.js']);
  assert.deepEqual(told('www/core/d.js'), [], 'neither comments nor strings import anything');
});

test('what a module reaches comes in the order in which it runs, and only what browsers fetch by themselves', () => {
  assert.deepEqual(reachedFrom('www/page/main.js', reader(files)), ['www/core/d.js', 'www/core/b.js', 'www/core/c.js', 'www/ui/a.js', 'www/page/main.js']);
});

test('a module imports at its head all that it reaches, and one that imports it directly is left as it is', () => {
  const read = reader(files);
  const [head = '', ...rest] = flattened('www/page/main.js', read).split('\n');
  assert.equal(head, "/* all that it takes: */ import '../core/d.js'; import '../core/b.js'; import '../core/c.js'; import '../ui/a.js';");
  assert.equal(rest.join('\n'), files['www/page/main.js']);
  assert.equal(flattened('www/core/b.js', read), files['www/core/b.js']);
});

test('it runs in the same order as before', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'glimpse-preloads-'));
  t.after(() => rm(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const noting = Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, `${text.replaceAll(/\bimport \{ \w+ \} from/g, 'import')}ran.push('${file}');\n`]),
  );
  const exporting = { ...noting, 'www/core/b.js': "export * from './d.js';\nran.push('www/core/b.js');\n" };
  for (const way of ['plain', 'flat']) {
    for (const [file, text] of Object.entries(exporting)) {
      mkdirSync(join(folder, way, file, '..'), { recursive: true });
      writeFileSync(join(folder, way, file), way === 'flat' ? flattened(file, reader(exporting)) : text);
    }
  }
  /** @param {string} way */
  const order = async (way) => {
    const ran = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { ran });
    await import(pathToFileURL(join(folder, way, 'www/page/main.js')).href);
    return ran;
  };
  const plain = await order('plain');
  assert.equal(plain.length, 5);
  assert.deepEqual(await order('flat'), plain);
});

test('a page names all that its scripts reach, and what the first answer takes where it starts the engine', () => {
  const page = (/** @type {string} */ what) => `<head>\n  <!-- preloads: ${what} -->\n  <script type="module" src="www/page/main.js"></script>\n</head>`;
  const modules = ['core/d', 'core/b', 'core/c', 'ui/a'].map((name) => `  <link rel="modulepreload" href="www/${name}.js" />\n`).join('');
  const rest = '  <script type="module" src="www/page/main.js"></script>\n</head>';
  assert.equal(linked(page('modules'), 'index.html', reader(files), ['wasm/x.wasm']), `<head>\n${modules}${rest}`);
  const first = '  <link rel="preload" as="fetch" crossorigin href="wasm/x.wasm" />\n';
  assert.equal(linked(page('modules and the first network'), 'index.html', reader(files), ['wasm/x.wasm']), `<head>\n${first}${modules}${rest}`);
});

test('what a script takes that may come later, comes later, unless another one takes it, too', () => {
  const page = `<!-- preloads: modules -->\n<script type="module" src="www/core/c.js"></script>\n<script type="module" src="www/page/main.js" fetchpriority="low"></script>`;
  const links = linked(page, 'index.html', reader(files), []).match(/<link[^>]*>/g);
  assert.deepEqual(links, [
    '<link rel="modulepreload" href="www/core/d.js" />',
    '<link rel="modulepreload" fetchpriority="low" href="www/core/b.js" />',
    '<link rel="modulepreload" fetchpriority="low" href="www/ui/a.js" />',
  ]);
});

test('each page has a place for its links', async () => {
  for (const page of ['index', 'teach', 'folder', 'card', 'bench', 'embed']) {
    const html = await readFile(new URL(`../../${page}.html`, import.meta.url), 'utf8');
    assert.notEqual(
      linked(html, `${page}.html`, (file) => (/\/main\.js$|embed\.js$/.test(file) ? "import './a.js';" : ''), []),
      html,
      page,
    );
    assert.doesNotMatch(html, /modulepreload/, 'written by the build, never by hand');
  }
});
