// How the modules of the front end name each other: for those who check it (layout.mjs), pack it (package.mjs), and have browsers
// fetch it at once (preloads.mjs).
import { posix } from 'node:path';

/**
 * `import … from`, `export … from` and `import` alone, which browsers fetch before the module runs; `import()`; and what a module
 * has beside itself, scripts of workers among it.
 * @typedef {'static' | 'dynamic' | 'address'} Kind
 */

/** @typedef {{ kind: Kind, target: string, line: string }} Named `target` as a path from the same top as that of the module, `line` as it is written */

/** Strings and comments, whichever begins first: what looks like a comment in a string is none. */
const STRING_OR_COMMENT = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/.*/g;

/** What stands before a string that names a file. */
const NAMING = /\b(?:from|import|import\s*\(|new URL\()\s*$/;

/** Only what is written literally, as bundlers want it. @type {Record<Kind, RegExp>} */
const WAYS = {
  static: /\b(?:from|import)\s*['"](\.{1,2}\/[^'"]+)['"]/g,
  dynamic: /\bimport\s*\(\s*['"](\.{1,2}\/[^'"]+)['"]/g,
  address: /\bnew URL\(\s*['"]([^'"]+)['"],\s*import\.meta\.url/g,
};

/**
 * What a module names, in the order in which it does so.
 *
 * @param {string} file the module's path
 * @param {string} text
 * @returns {Named[]}
 */
export function namedIn(file, text) {
  const code = withoutTalk(text);
  return Object.entries(WAYS).flatMap(([kind, way]) =>
    [...code.matchAll(way)].map(([line, named = '']) => ({ kind: /** @type {Kind} */ (kind), target: posix.join(posix.dirname(file), named), line })),
  );
}

/**
 * Without comments, and without strings but those that name a file.
 * @param {string} text
 */
function withoutTalk(text) {
  let code = '';
  let at = 0;
  for (const { 0: found, index } of text.matchAll(STRING_OR_COMMENT)) {
    code += text.slice(at, index);
    at = index + found.length;
    if (found.startsWith('/')) code += ' ';
    else code += NAMING.test(code.slice(-20)) ? found : "''";
  }
  return code + text.slice(at);
}

/**
 * What a module imports, and what that imports in turn, in the order in which it runs: each before those that import it.
 *
 * @param {string} file the module's path; it comes last
 * @param {(file: string) => string} read the text of a module
 * @returns {string[]}
 */
export function reachedFrom(file, read) {
  /** @type {Set<string>} */
  const entered = new Set();
  /** @type {string[]} */
  const reached = [];
  const visit = (/** @type {string} */ module) => {
    if (entered.has(module)) return;
    entered.add(module);
    for (const { kind, target } of namedIn(module, read(module))) if (kind === 'static') visit(target);
    reached.push(module);
  };
  visit(file);
  return reached;
}
