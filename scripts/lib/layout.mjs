// Fails where a module of the front end imports what its room must not know, or where modules import each other in a
// circle: `node scripts/lib/layout.mjs`. The rooms are those of the table in CONTRIBUTING.md. Types don't count: what
// JSDoc imports is gone when the code runs.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { namedIn } from './module-graph.mjs';
import { circles } from './rust-circles.mjs';

/** The folder whose rooms these are. */
const ROOT = 'www';
/** The generated bindings of the WebAssembly modules, beside the rooms, and who may touch them: one module, and the script of its threads. */
const BINDINGS = 'wasm';
const BINDINGS_USERS = ['www/engine/wasm-modules.js', 'www/engine/helper-worker.js'];
/** Libraries of others, which the build puts there (scripts/lib/vendor.mjs), and the room that may use them. */
const VENDOR = 'www/vendor';
const VENDOR_USER = 'teach';

/**
 * What may be imported from each room but its own. A module in `www/` itself is a public address, and a room of its own.
 * @type {Record<string, string[]>}
 */
const ALLOWED = {
  'element.js': ['element'],
  'engine.js': ['rpc', 'core'],
  'headless.js': ['engine.js'],
  'embed-host.js': ['embed', 'core'],
  page: ['ui', 'core', 'i18n', 'camera', 'rpc', 'pwa', 'explain', 'inside'],
  explain: ['ui', 'core', 'i18n'],
  inside: ['ui', 'core', 'i18n', 'rpc', 'explain'],
  teach: ['ui', 'core', 'i18n', 'camera', 'rpc'],
  folder: ['ui', 'core', 'i18n', 'rpc'],
  card: ['ui', 'core', 'i18n'],
  bench: ['ui', 'core', 'i18n', 'rpc'],
  element: ['ui', 'core', 'i18n', 'camera', 'rpc', 'explain'],
  embed: ['element.js', 'core'],
  docs: ['element.js', 'embed-host.js'],
  ui: ['core', 'i18n'],
  camera: ['core'],
  pwa: ['core'],
  rpc: ['engine', 'core'],
  engine: ['core'],
  i18n: [],
  core: [],
};

/** @typedef {Map<string, Map<string, Set<string>>>} Graph what a module imports, with the line that says so */

/**
 * Which module imports which.
 *
 * @param {Map<string, string>} sources text by path from the top of the repository: `www/ui/dom.js`
 * @returns {Graph}
 */
export function imports(sources) {
  /** @type {Graph} */
  const graph = new Map();
  for (const [file, text] of sources) {
    /** @type {Map<string, Set<string>>} */
    const targets = new Map();
    for (const { kind, target, line } of namedIn(file, text)) {
      // Of what lies beside a module, only scripts for workers are modules.
      if (kind !== 'address' || /\.m?js$/.test(target)) targets.set(target, (targets.get(target) ?? new Set()).add(line));
    }
    graph.set(file, targets);
  }
  return graph;
}

/**
 * A sentence for each import that breaks a rule.
 *
 * @param {Graph} graph
 * @returns {string[]}
 */
export function violations(graph) {
  const said = [];
  for (const [file, targets] of graph) {
    const room = roomOf(file);
    const allowed = ALLOWED[room];
    if (!allowed) {
      said.push(`${file} is in no room that scripts/lib/layout.mjs knows.`);
      continue;
    }
    for (const target of targets.keys()) {
      if (target.startsWith(`${BINDINGS}/`)) {
        if (!BINDINGS_USERS.includes(file)) said.push(`${file} imports ${target}, which only ${BINDINGS_USERS.join(' and ')} may.`);
      } else if (target.startsWith(`${VENDOR}/`)) {
        if (room !== VENDOR_USER) said.push(`${file} imports ${target}, which only ${VENDOR_USER} may.`);
      } else if (!graph.has(target)) {
        said.push(`${file} imports ${target}, which isn't there.`);
      } else if (roomOf(target) !== room && !allowed.includes(roomOf(target))) {
        const may = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nothing';
        said.push(`${file} imports ${target}, but outside itself ${room} may import ${may}.`);
      }
    }
  }
  for (const circle of circles(graph)) said.push(`These import each other in a circle: ${circle.join(' → ')}.`);
  return said;
}

/** @param {string} file `www/ui/dom.js` is in `ui`, `www/element.js` in `element.js` */
function roomOf(file) {
  const [root, room = ''] = file.split('/');
  return root === ROOT ? room : '';
}

/** @returns {Map<string, string>} the modules of the front end */
function read() {
  const files = readdirSync(ROOT, { recursive: true }).map((name) => `${ROOT}/${String(name).replaceAll('\\', '/')}`);
  return new Map(
    files
      .filter((file) => /\.m?js$/.test(file))
      .sort()
      .map((file) => [file, String(readFileSync(join('.', file)))]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const modules = read();
  const said = violations(imports(modules));
  for (const sentence of said) console.error(sentence);
  if (said.length > 0) process.exitCode = 1;
  else console.log(`${modules.size} modules of ${ROOT}/ import only what their rooms may, and none in a circle.`);
}
