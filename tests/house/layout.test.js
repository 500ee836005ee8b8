// What `scripts/lib/layout.mjs` finds wrong with imports between the rooms of the front end.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { imports, violations } from '../../scripts/lib/layout.mjs';

/** @param {Record<string, string>} files */
const found = (files) => violations(imports(new Map(Object.entries(files))));

test('a planted import of a room that must not be known is found, however it is written', () => {
  for (const line of [
    "import { a } from '../page/main.js';",
    "import {\n  a,\n} from '../page/main.js';",
    "import '../page/main.js';",
    'export * from "../page/main.js";',
    "const late = () => import('../page/main.js');",
    "new Worker(new URL('../page/main.js', import.meta.url));",
  ]) {
    const said = found({ 'www/ui/dom.js': line, 'www/page/main.js': '' });
    assert.deepEqual(said, ['www/ui/dom.js imports www/page/main.js, but outside itself ui may import only core, i18n.'], line);
  }
});

test('only rpc touches the engine, and only two of its modules the generated bindings', () => {
  const engine = { 'www/engine/engine.js': '' };
  assert.deepEqual(found({ ...engine, 'www/rpc/server.js': "import '../engine/engine.js';" }), []);
  for (const file of ['www/page/main.js', 'www/element/session.js', 'www/ui/dom.js', 'www/core/options.js', 'www/camera/capture.js', 'www/engine.js']) {
    const [way] = file === 'www/engine.js' ? ['./engine/engine.js'] : ['../engine/engine.js'];
    const said = found({ ...engine, [file]: `import '${way}';` });
    assert.equal(said.length, 1, file);
    assert.match(said[0] ?? '', /imports www\/engine\/engine\.js/);
  }
  const bindings = "import * as cpu from '../../wasm/cpu/glimpse.js';";
  for (const file of ['wasm-modules.js', 'helper-worker.js']) assert.deepEqual(found({ [`www/engine/${file}`]: bindings }), []);
  assert.match(found({ 'www/engine/loader.js': bindings })[0] ?? '', /only www\/engine\/wasm-modules\.js and www\/engine\/helper-worker\.js may/);
});

test('a circle of modules is found, also within a room', () => {
  const said = found({
    'www/core/a.js': "import './b.js';",
    'www/core/b.js': "export { c } from './c.js';",
    'www/core/c.js': "export const c = () => import('./a.js');",
  });
  assert.deepEqual(said, ['These import each other in a circle: www/core/a.js → www/core/b.js → www/core/c.js → www/core/a.js.']);
});

test('types, comments and what a string says import nothing, and what comes after them is read', () => {
  const quiet = `/** @import { Page } from '../page/main.js' */
// import '../page/main.js';
/** @type {import('../page/main.js').Page} */
const accepted = 'image/*';
const address = "https://example.org"; /* */
`;
  const main = { 'www/page/main.js': '' };
  assert.deepEqual(found({ ...main, 'www/ui/dom.js': quiet }), []);
  assert.equal(found({ ...main, 'www/ui/dom.js': `${quiet}import('../page/main.js');` }).length, 1);
});

test('a module in an unknown room, and one that is not there', () => {
  assert.match(found({ 'www/view/dom.js': '' })[0] ?? '', /is in no room/);
  assert.match(found({ 'www/ui/dom.js': "import './gone.js';" })[0] ?? '', /isn't there/);
});
