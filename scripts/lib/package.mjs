// Makes an npm package of the page: `node scripts/lib/package.mjs pkg/.stage`. What the package says of itself is in
// npm/, its version is that of Cargo.toml, and what the element can is read from its source. Of the page's files it has
// those that its modules reach; the declarations come from the JSDoc types and lie beside the modules.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { manifest } from './element-docs.mjs';
import { namedIn } from './module-graph.mjs';

const [, , folder = 'pkg'] = process.argv;

/**
 * The files that a file names: modules import them or have them beside themselves, pages load them.
 * @param {string} file
 */
function named(file) {
  const text = String(readFileSync(posix.join(folder, file))); // one that is missing is an error
  if (file.endsWith('.js')) return namedIn(file, text).map(({ target }) => target);
  if (!file.endsWith('.html')) return [];
  return [...text.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, address = '']) => posix.join(posix.dirname(file), address));
}

/**
 * Every file that the entries need, the entries included.
 * @param {string[]} entries relative to the folder
 */
function reach(entries) {
  const reached = new Set(entries);
  for (const file of reached) for (const other of named(file)) reached.add(other);
  return [...reached].sort();
}

const [, version] = /^\[package\][^[]*?^version = "([^"]+)"/ms.exec(String(readFileSync('Cargo.toml'))) ?? [];
if (!version) throw new Error('Cargo.toml names no version.');

const { name, files, ...rest } = JSON.parse(String(readFileSync('npm/package.json')));
const entries = Object.values(rest.exports).flatMap((target) => target.default ?? []);
const described = { name, version, ...rest, files: [...files, ...reach(['embed.html', ...entries.map(posix.normalize)])] };
writeFileSync(`${folder}/package.json`, `${JSON.stringify(described, null, 2)}\n`);
writeFileSync(`${folder}/custom-elements.json`, `${JSON.stringify(manifest(), null, 2)}\n`);
for (const file of ['README.md', 'index.d.ts']) copyFileSync(`npm/${file}`, `${folder}/${file}`);

const { status, error } = spawnSync('tsc', ['-p', 'npm/tsconfig.json', '--outDir', `${folder}/www`], { stdio: ['ignore', 2, 2] });
if (error) throw error;
if (status !== 0) {
  console.error('\nglimpse: The types of the package could not be written: the messages above say why.');
  process.exitCode = 1;
}
