// Has browsers fetch at once what they would find out about level by level, each level a round trip: `node scripts/lib/preloads.mjs
// pkg/.stage`. What is to be fetched is read from the modules themselves. finish-page.mjs calls it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { namedIn, reachedFrom } from './module-graph.mjs';

/** Where a page has its links: those of its modules, and, where it starts the engine at once, of what the first answer takes. */
const PLACE = /^([ \t]*)<!-- preloads: (modules|modules and the first network) -->\n/m;
const SCRIPT = /<script type="module" src="([^"]+)"( fetchpriority="low")?/g;
/** What other people's pages name in a script or import, beside what modules name by themselves. */
const PUBLIC = /^www\/[\w-]+\.js$/;
/** The first line of a module that has been here before. */
const HEAD = /^\/\* all that it takes: \*\/.*\n/;

/**
 * A module that is asked for by its name (by a page, as a worker, by `import()`) imports at its head all that it reaches: nothing
 * runs in another order, but everything is fetched in one go. (A page can name the modules in links, and does; a worker or a
 * script of somebody else's page can't.)
 *
 * @param {string} file
 * @param {(file: string) => string} read
 * @returns {string} its text
 */
export function flattened(file, read) {
  const text = read(file);
  const direct = new Set(
    namedIn(file, text)
      .filter(({ kind }) => kind === 'static')
      .map(({ target }) => target),
  );
  const others = reachedFrom(file, read).filter((other) => other !== file);
  if (others.every((other) => direct.has(other))) return text;
  const address = (/** @type {string} */ other) => posix.relative(posix.dirname(file), other).replace(/^(?!\.)/, './');
  return `/* all that it takes: */ ${others.map((other) => `import '${address(other)}';`).join(' ')}\n${text}`;
}

/**
 * The links by which a browser fetches at once what scripts and the first answer take.
 *
 * @param {readonly string[]} modules in the order in which they run
 * @param {readonly string[]} files others, which scripts fetch
 * @param {readonly string[]} [later] modules that may come after all others
 * @returns {string[]}
 */
export function linksTo(modules, files, later = []) {
  return [
    // As `fetch` asks for them, or they would be fetched twice.
    ...files.map((file) => `<link rel="preload" as="fetch" crossorigin href="${file}" />`),
    ...modules.map((module) => `<link rel="modulepreload" href="${module}" />`),
    ...later.map((module) => `<link rel="modulepreload" fetchpriority="low" href="${module}" />`),
  ];
}

/**
 * A page with its links.
 *
 * @param {string} html
 * @param {string} page its path
 * @param {(file: string) => string} read
 * @param {readonly string[]} first the files that the first answer takes
 */
export function linked(html, page, read, first) {
  const scripts = [...html.matchAll(SCRIPT)].map(([, src = '', low]) => ({ script: posix.join(posix.dirname(page), src), low: low !== undefined }));
  const named = scripts.map(({ script }) => script); // which their tags ask for
  /** @param {boolean} low @param {readonly string[]} without */
  const reached = (low, without) => [
    ...new Set(
      scripts.filter((one) => one.low === low).flatMap(({ script }) => reachedFrom(script, read).filter((module) => ![...named, ...without].includes(module))),
    ),
  ];
  const modules = reached(false, []);
  const later = reached(true, modules);
  const from = (/** @type {string} */ file) => posix.relative(posix.dirname(page), file);
  return html.replace(PLACE, (_, indent, what) =>
    linksTo(modules.map(from), what === 'modules' ? [] : first.map(from), later.map(from))
      .map((link) => `${indent}${link}\n`)
      .join(''),
  );
}

/** @param {string} given the folder of the page */
export async function writePreloads(given) {
  const folder = resolve(given);
  const files = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  /** @type {Map<string, string>} */
  const texts = new Map();
  const read = (/** @type {string} */ file) => {
    const text = texts.get(file) ?? String(readFileSync(join(folder, file))).replace(HEAD, '');
    texts.set(file, text);
    return text;
  };
  const modules = files.filter((file) => /^www\/.*\.js$/.test(file) && !file.startsWith('www/vendor/'));
  const named = modules.flatMap((file) => namedIn(file, read(file)));
  const entries = new Set(named.filter(({ kind, target }) => kind !== 'static' && modules.includes(target)).map(({ target }) => target));
  for (const file of modules) if (PUBLIC.test(file)) entries.add(file);
  for (const file of entries) writeFileSync(join(folder, file), flattened(file, read));

  const address = pathToFileURL(join(folder, 'www/')).href;
  /** @type {[typeof import('../../www/rpc/head-start.js'), typeof import('../../www/core/models.js')]} */
  const [{ firstFiles }, { models }] = await Promise.all([import(`${address}rpc/head-start.js`), import(`${address}core/models.js`)]);
  const first = firstFiles(models).map(({ url }) => posix.relative(folder, fileURLToPath(url)));
  for (const file of first) if (!existsSync(join(folder, file))) throw new Error(`The first answer takes ${file}, which isn't there.`);
  for (const page of files.filter((file) => file.endsWith('.html'))) {
    const html = String(readFileSync(join(folder, page)));
    if (PLACE.test(html)) writeFileSync(join(folder, page), linked(html, page, read, first));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writePreloads(process.argv[2] ?? 'pkg');
