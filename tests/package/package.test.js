import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { pkg, root } from '../browser/chromium.js';
import { json, pack, project } from './workshop.js';

/*
 * The npm package as those get it who install it: what is in it, its types, and its import where there is no browser.
 */

const run = promisify(execFile);

/** Megabytes, packed: the modules and the two networks hardly compress. */
const HEAVIEST = 9;

test('the package has what it needs, and nothing of the page around it', async (t) => {
  const { size, unpackedSize, files } = await pack();
  const paths = files.map(({ path }) => path);
  t.diagnostic(`${paths.length} files, ${(size / 1e6).toFixed(2)} MB packed, ${(unpackedSize / 1e6).toFixed(2)} MB installed`);
  assert.ok(size < HEAVIEST * 1e6, `${size} bytes`);
  const kinds = new Set(paths.map(extname));
  assert.deepEqual([...kinds].sort(), ['', '.css', '.html', '.js', '.json', '.md', '.safetensors', '.svg', '.ts', '.tsv', '.txt', '.wasm']);
  assert.deepEqual(paths.filter((path) => !path.includes('/')).sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    'custom-elements.json',
    'embed.html',
    'index.d.ts',
    'package.json',
  ]);
  for (const notice of ['www/model/NOTICE.md', 'www/model/photo.md', 'www/i18n/tables/SOURCES.md', 'www/i18n/tables/LICENSE-WordNet.txt']) {
    assert.ok(paths.includes(notice), notice);
  }
  const page = paths.filter((path) =>
    /^www\/(page\/|inside\/.+\.js|teach\/|vendor\/|rpc\/(?:learner|layers|call-)|pwa\/.+\.js|core\/preferences\.js|samples\/|docs\/)/.test(path),
  );
  assert.deepEqual(page, [], 'these belong to the page');
  const modules = paths.filter((path) => /^www\/.+\.js$/.test(path));
  // Workers, the scripts of the iframe’s page and the one for browsers of old export nothing that could have a type.
  const untyped = modules.filter((path) => !paths.includes(path.replace(/\.js$/, '.d.ts')));
  assert.deepEqual(untyped, ['www/embed/embed.js', 'www/embed/policy.js', 'www/engine/helper-worker.js', 'www/rpc/worker.js', 'www/ui/too-old.js']);
  for (const path of modules) assert.doesNotMatch(String(await readFile(`${pkg}/${path}`)), /sourceMappingURL/, path);
});

test('it says of itself what the repository says', async () => {
  const { name, version, license, exports } = await json(`${pkg}/package.json`);
  const cargo = String(await readFile(`${root}Cargo.toml`));
  assert.deepEqual([name, version, license], ['glimpse-classifier', /^version = "(.+)"/m.exec(cargo)?.[1], /^license = "(.+)"/m.exec(cargo)?.[1]]);
  const paths = (await pack()).files.map(({ path }) => `./${path}`);
  for (const target of Object.values(exports)) {
    for (const path of typeof target === 'string' ? [target] : Object.values(target)) assert.ok(paths.includes(path), path);
  }
});

test('it can be imported where there is no browser', async () => {
  const folder = await project('node', 'types');
  const script = `
    import { GlimpseClassifier } from 'glimpse-classifier';
    import { EngineClient, models } from 'glimpse-classifier/engine';
    console.log(typeof GlimpseClassifier, typeof EngineClient, models.length);
  `;
  const { stdout, stderr } = await run('node', ['--input-type=module', '--eval', script], { cwd: folder });
  assert.deepEqual([stdout.trim(), stderr], ['function function 2', '']);
});

for (const [resolution, module] of /** @type {const} */ ([
  ['nodenext', 'nodenext'],
  ['bundler', 'esnext'],
])) {
  test(`a strict TypeScript project sees its types, with moduleResolution ${resolution}`, async () => {
    const folder = await project(`types-${resolution}`, 'types');
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--target',
      'es2023',
      '--lib',
      'es2023,dom,dom.iterable',
      '--types',
      '',
      '--module',
      module,
      '--moduleResolution',
      resolution,
    ];
    // With the declarations themselves looked at, too.
    const checked = await run(`${root}node_modules/.bin/tsc`, [...options, '--skipLibCheck', 'false', 'consumer.ts'], { cwd: folder }).catch((error) => error);
    assert.equal(checked.stdout, '');
    assert.ok(!(checked instanceof Error), checked.message);
  });
}
