// Puts the service worker into a page that is otherwise finished, with the list of its files:
// `node scripts/lib/offline.mjs pkg/.stage`. Once more on the same folder, it sees what has changed in between.
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The worker itself, and what stands in its place while editing. They are no part of what it keeps. */
const SOURCES = ['www/pwa/service-worker.js', 'www/pwa/unregister.js'];
/** Where the worker lies: it answers for pages in its own folder. */
const WORKER = 'sw.js';
const MARK = /[ \t]*<meta name="offline"[^>]*>\n?/;

/** What the page can't do without. */
const SHELL = /(\.(html|css|js|webmanifest|safetensors)|^www\/model\/.*\.json|^www\/icon\.svg|^wasm\/(cpu|learn)\/.*\.wasm)$/;
/** For the compiler, for packages and for servers; the page never asks for them. */
const UNUSED = /(\.d\.ts|\.map|\.br|\.gz|^_headers|^package\.json|^README\.md)$/;
/** The examples, and what stands in other people's pages: kept once it has been asked for. */
const BESIDE = /^(www\/(samples|docs|element|embed)\/|www\/ui\/styles\.js$|embed\.html$|www\/(element|headless|engine|embed-host)\.js$)/;

/** @param {string} name */
const isShell = (name) => SHELL.test(name) && !BESIDE.test(name);

/** @param {string | Buffer} bytes */
const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * The names of all files that the page may ask for, the small ones that make it up first: where one of them is of another
 * version, that is found out before the weights are fetched.
 *
 * @param {string} folder
 */
function filesOf(folder) {
  const heavy = (/** @type {string} */ name) => Number(/\.(wasm|safetensors)$/.test(name));
  return readdirSync(folder, { recursive: true })
    .filter((name) => statSync(join(folder, String(name))).isFile())
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => !/(^|\/)\./.test(name) && !UNUSED.test(name) && name !== WORKER && !SOURCES.includes(name))
    .sort((a, b) => heavy(a) - heavy(b) || (a < b ? -1 : 1));
}

/** @param {string} name of a file; servers give an index.html under the address of its folder */
const addressOf = (name) => encodeURI(name).replace(/(^|\/)index\.html$/, '$1');

/**
 * Writes the worker, and a mark into index.html by which the page knows that it has one, its own version,
 * and how many bytes are kept.
 *
 * @param {string} given the folder of the page
 * @param {boolean} [isolated] whether the worker isolates pages from others, for hosts that can't be told headers
 * @returns {string} the version
 */
export function writeWorker(given, isolated = process.env.GLIMPSE_ISOLATE === '1') {
  const folder = resolve(given);
  const index = join(folder, 'index.html');
  const source = String(readFileSync(join(folder, 'www/pwa/service-worker.js')));
  const html = String(readFileSync(index)).replace(MARK, '');
  writeFileSync(index, html);
  const digests = () => filesOf(folder).map((name) => /** @type {const} */ ([name, digestOf(readFileSync(join(folder, name)))]));

  // Of everything, the worker included: two workers never keep their files under one name.
  const version = digestOf(JSON.stringify([source, isolated, digests()])).slice(0, 16);
  const bytes = filesOf(folder)
    .filter((name) => isShell(name))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const mark = `    <meta name="offline" content="${WORKER}" data-version="${version}" data-bytes="${bytes}" />\n`;
  const title = /^[ \t]*<title\b/m;
  if (!title.test(html)) throw new Error('index.html has no line with a <title>, before which the mark would go.');
  writeFileSync(
    index,
    html.replace(title, (found) => mark + found),
  );

  const build = { version, isolated, shell: {}, later: {} };
  for (const [name, digest] of digests()) {
    Object.assign(isShell(name) ? build.shell : build.later, { [addressOf(name)]: digest });
  }
  const place = /^const BUILD = .*$/m;
  if (!place.test(source)) throw new Error('www/pwa/service-worker.js has lost the line that the list of files goes into.');
  writeFileSync(
    join(folder, WORKER),
    source.replace(place, () => `const BUILD = ${JSON.stringify(build, null, 2)};`),
  );
  return version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = 'pkg'] = process.argv;
  // `trunk serve` puts a script into the page that reloads it at every change: there it is to come from the server.
  const edited = /\.well-known\/trunk\/ws/.test(String(readFileSync(join(folder, 'index.html'))));
  if (edited) copyFileSync(join(folder, 'www/pwa/unregister.js'), join(folder, WORKER));
  else writeWorker(folder);
}
