// Fails when files of Rust import each other in a circle: `node scripts/lib/rust-circles.mjs src`.
//
// The compiler allows circles, and they make a file impossible to read or to change alone. A module is its file. What
// `#[cfg(test)]` guards doesn't count, nor do comments; a `mod.rs` that hands a name on stands for the file which
// defines it.

import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve as absolute } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {Map<string, Map<string, Set<string>>>} Graph the files that a file imports, with the names it takes */
/** @typedef {{ path: string[], alias: string, handedOn: boolean }} Use one name of a `use` */
/** @typedef {{ file: string, code: string, uses: Use[], children: Set<string> }} Module */

/**
 * Which file imports which.
 *
 * @param {Map<string, string>} sources text by path, relative to the folder of the crate's root: `train/mod.rs`
 * @returns {Graph}
 */
export function imports(sources) {
  /** @type {Map<string, Module>} */
  const modules = new Map();
  const onlyTests = new Set();
  for (const [file, text] of sources) {
    const { code, uses, children, tests } = parse(file, text);
    const at = place(file);
    for (const child of tests) onlyTests.add([...at, child].join('::'));
    modules.set(at.join('::'), { file, code, uses, children });
  }
  for (const name of onlyTests) modules.delete(name);

  /** @type {Graph} */
  const graph = new Map();
  for (const [name, module] of modules) {
    const at = name === '' ? [] : name.split('::');
    /** @type {Map<string, Set<string>>} */
    const found = new Map();
    /** @param {string[]} path */
    const add = (path) => {
      const target = resolve(modules, at, path);
      if (target === undefined || target === module.file) return;
      const names = found.get(target) ?? new Set();
      found.set(target, names.add(path.join('::')));
    };
    for (const { path, handedOn } of module.uses) {
      // A module that is named as a whole counts by what is taken of it: below.
      if (!handedOn && !isFolder(modules, at, path)) add(path);
    }
    for (const [path] of module.code.matchAll(/(?<![\w:])[a-z_]\w*(?:::\w+)+/g)) {
      const [first = '', ...rest] = path.split('::');
      const use = module.uses.find(({ alias }) => alias === first);
      add([...(use?.path ?? [first]), ...rest]);
    }
    graph.set(module.file, found);
  }
  return graph;
}

/**
 * Circles of imports: each import that is part of one is in one of these. The first file comes again at the end.
 *
 * @param {Graph} graph
 * @returns {string[][]}
 */
export function circles(graph) {
  const covered = new Set();
  const found = [];
  for (const [from, targets] of graph) {
    for (const to of targets.keys()) {
      if (covered.has(`${from} ${to}`)) continue;
      const back = shortest(graph, to, from);
      if (back === undefined) continue;
      const circle = [from, ...back];
      for (const [index, file] of circle.slice(1).entries()) covered.add(`${circle[index]} ${file}`);
      found.push(circle);
    }
  }
  return found;
}

/**
 * A circle in words: the files, then what each of them takes of the next.
 *
 * @param {Graph} graph
 * @param {string[]} circle
 */
export function describe(graph, circle) {
  const lines = circle.slice(1).map((to, index) => {
    const from = circle[index] ?? '';
    return `    ${from} takes ${[...(graph.get(from)?.get(to) ?? [])].join(', ')}`;
  });
  return [circle.join(' → '), ...lines].join('\n');
}

/**
 * @param {Graph} graph
 * @param {string} from
 * @param {string} to
 * @returns {string[] | undefined} the shortest way, with both ends
 */
function shortest(graph, from, to) {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1) ?? from;
    if (last === to) return way;
    for (const next of graph.get(last)?.keys() ?? []) {
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

/** @param {string} file */
function place(file) {
  const parts = file.replace(/\.rs$/, '').split('/');
  return ['mod', 'lib', 'main'].includes(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts;
}

/**
 * The module in which a path begins, and what is left of the path. Nothing for another crate's.
 *
 * @param {Map<string, Module>} modules
 * @param {string[]} at the module that the path stands in
 * @param {string[]} path
 * @returns {[string[], string[]] | undefined}
 */
function begin(modules, at, path) {
  let [first = '', ...rest] = path;
  if (first === 'crate') return [[], rest];
  if (first === 'self') return rest[0] === 'super' ? begin(modules, at, rest) : [at, rest];
  if (first !== 'super') return modules.get(at.join('::'))?.children.has(first) ? [at, path] : undefined;
  let up = at.slice(0, -1);
  while (rest[0] === 'super') {
    up = up.slice(0, -1);
    rest = rest.slice(1);
  }
  return [up, rest];
}

/**
 * The file that defines what a path names, whoever hands it on.
 *
 * @param {Map<string, Module>} modules
 * @param {string[]} at
 * @param {string[]} path
 * @param {Set<string>} seen names whose `use` led here: a module inside a file may take its names by the same name
 * @returns {string | undefined}
 */
function resolve(modules, at, path, seen = new Set()) {
  const start = begin(modules, at, path);
  if (start === undefined) return undefined;
  let [here, [name, ...rest]] = start;
  for (;;) {
    const module = modules.get(here.join('::'));
    if (module === undefined || name === undefined) return module?.file;
    if (module.children.has(name)) {
      here = [...here, name];
    } else {
      const use = module.uses.find(({ alias }) => alias === name);
      const step = [...here, name].join('::');
      if (use === undefined || seen.has(step)) return module.file;
      const elsewhere = resolve(modules, here, [...use.path, ...rest], new Set([...seen, step]));
      return elsewhere ?? module.file;
    }
    [name, ...rest] = rest;
  }
}

/**
 * Whether a path names a module that has others in it.
 *
 * @param {Map<string, Module>} modules
 * @param {string[]} at
 * @param {string[]} path
 */
function isFolder(modules, at, path) {
  const start = begin(modules, at, path);
  const module = start && modules.get([...start[0], ...start[1]].join('::'));
  return module !== undefined && module.children.size > 0;
}

/**
 * @param {string} file
 * @param {string} text
 */
function parse(file, text) {
  let code = bare(text);
  /** @type {string[]} */
  const tests = [];
  const guard = /#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))? )?(mod|use|fn|impl|const|static|struct)\b\s*(\w*)/;
  for (let match = guard.exec(code); match; match = guard.exec(code)) {
    const end = endOfItem(code, match.index + match[0].length);
    if (match[1] === 'mod') tests.push(match[2] ?? '');
    code = code.slice(0, match.index) + code.slice(end);
  }
  // What a module inside the file calls `super` is the file. (Of the same length, so that the places stay right.)
  for (const { index, 0: head } of [...code.matchAll(/\bmod \w+\s*(?=\{)/g)]) {
    const end = endOfItem(code, index + head.length);
    const inside = code.slice(index, end).replace(/(?<!super::)\bsuper::/g, ' self::');
    code = code.slice(0, index) + inside + code.slice(end);
  }
  const children = new Set([...code.matchAll(/\bmod (\w+);/g)].map(([, name]) => name ?? ''));
  /** @type {Use[]} */
  const uses = [];
  code = code.replace(/(\bpub(?:\([^)]*\))?\s+)?\buse\s+([^;]+);/g, (_, open, tree) => {
    const handedOn = open !== undefined && file.endsWith('mod.rs');
    for (const { path, alias } of branches(tree.replace(/\s+/g, ' '))) uses.push({ path, alias, handedOn });
    return '';
  });
  return { code, uses, children, tests };
}

/**
 * Without comments, strings and characters.
 *
 * @param {string} text
 */
function bare(text) {
  const noise = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^\\"])*"|'(?:\\[^']+|\\'|[^\\'])'/g;
  return text.replace(noise, (found) => (found.startsWith('/') ? ' ' : '""'));
}

/**
 * Where an item ends that goes on at `start`: behind its `;`, or behind its block.
 *
 * @param {string} code
 * @param {number} start
 */
function endOfItem(code, start) {
  for (let index = start, depth = 0; index < code.length; index += 1) {
    const sign = code[index] ?? '';
    if ('{(['.includes(sign)) depth += 1;
    if ('})]'.includes(sign)) depth -= 1;
    if (depth === 0 && (sign === ';' || sign === '}')) {
      // A `use` has its semicolon behind its braces.
      return code[index + 1] === ';' ? index + 2 : index + 1;
    }
  }
  return code.length;
}

/**
 * The names of a `use`: `a::{b, c as d}` is `a::b` and `a::c`.
 *
 * @param {string} tree
 * @returns {{ path: string[], alias: string }[]}
 */
function branches(tree) {
  const open = tree.indexOf('{');
  if (open >= 0) {
    const before = tree
      .slice(0, open)
      .split('::')
      .map((part) => part.trim())
      .filter(Boolean);
    const inner = split(tree.slice(open + 1, tree.lastIndexOf('}'))).flatMap(branches);
    return inner.map(({ path, alias }) => {
      if (path[0] === 'self') return { path: before, alias: alias === 'self' ? (before.at(-1) ?? '') : alias };
      return { path: [...before, ...path], alias };
    });
  }
  const [name = '', alias] = tree.split(' as ').map((part) => part.trim());
  const path = name.split('::').filter((part) => part !== '' && part !== '*');
  return [{ path, alias: alias ?? (name.endsWith('*') ? '' : (path.at(-1) ?? '')) }];
}

/**
 * At the commas that are in no braces.
 *
 * @param {string} list
 */
function split(list) {
  const parts = [''];
  let depth = 0;
  for (const sign of list) {
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.filter((part) => part.trim() !== '');
}

function main() {
  const root = absolute(fileURLToPath(import.meta.url), '../../../src');
  const folder = relative(root, absolute(process.argv[2] ?? 'src'));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.rs') && !file.startsWith('bin/'))
    .sort();
  const graph = imports(new Map(files.map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')])));
  const found = circles(graph).filter((circle) => circle.some((file) => file.startsWith(folder)));
  for (const circle of found) console.error(`Imports in a circle: ${describe(graph, circle)}`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
