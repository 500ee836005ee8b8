/** @import { Build, Client, FromWorker, Refusal, Scope } from './scope.js' */

/*
 * The service worker: it keeps one version of the page, whole, and answers with nothing else. It is a classic script,
 * because Firefox has module service workers only since version 147.
 *
 * The build puts it beside index.html, with the list of all files and the digest of each (scripts/lib/offline.mjs). So
 * whatever changes, this file changes too, and that is how browsers notice a new version. Only bytes that have the digest
 * of this version are kept or handed out: what a cache on the way, or a server in the middle of an upload, has of another
 * version never meets the files of this one.
 */

/** @type {Build} */
const BUILD = { version: '', isolated: false, shell: {}, later: {} };

const { version, isolated, shell, later } = BUILD;
const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));
const base = worker.registration.scope;
/** The digest of each file by its address, which for an index.html is that of its folder. */
const digests = new Map(Object.entries({ ...shell, ...later }));

/**
 * What a page is isolated from others by, which lets it have threads. Most servers can say it themselves; this is for hosts that can't
 * be told headers, where the build is told so (`GLIMPSE_ISOLATE`). It holds from the second visit on.
 */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
};

/** All pages of an origin share its caches, so their names carry the folder. */
const PREFIX = `glimpse ${base} `;
const CACHE = PREFIX + version;
/** Where a shared picture waits for the page, which takes it out in `shared.js`. */
const SHARED = `glimpse-shared ${base}`;

/** @type {Set<string>} pages that have said to be of this version */
const ownClients = new Set();
/** @type {Set<string>} pages and workers of another one, which must not get its files */
const foreignClients = new Set();

/** @type {Set<string>} pages, and their workers, that could not be had from here: the server answers them, as without a worker */
const fromServer = new Set();

/** The server has the file in another version, or not at all. */
class Changed extends Error {}

worker.addEventListener('install', (event) => event.waitUntil(install()));

worker.addEventListener('activate', (event) => event.waitUntil(activate()));

worker.addEventListener('message', (event) => {
  const { data, source } = event;
  if (data.type === 'take-over') event.waitUntil(worker.skipWaiting());
  else if (data.version === version && source) event.waitUntil(claimFor(source, data.used));
});

worker.addEventListener('fetch', (event) => {
  const { request, clientId, resultingClientId } = event;
  const visit = request.mode === 'navigate';
  const path = pathOf(request.url, visit);
  if (request.method === 'POST' && path === 'share') event.respondWith(receive(request));
  if (fromServer.has(clientId) && !visit) {
    if (resultingClientId) fromServer.add(resultingClientId); // a worker of such a page
    return;
  }
  // A part of a file can't be checked.
  if (request.method !== 'GET' || request.headers.has('range') || !digests.has(path)) return;
  event.respondWith(foreignClients.has(clientId) && !visit ? conflict(path) : answer(path, request, resultingClientId));
});

/**
 * The address of a file within the page's folder; only that of a page may have a query.
 *
 * @param {string} address
 * @param {boolean} visit
 */
function pathOf(address, visit) {
  const { origin, pathname, search } = new URL(address);
  const folder = new URL(base);
  if (origin !== folder.origin || !pathname.startsWith(folder.pathname) || (search && !visit)) return '/';
  return pathname.slice(folder.pathname.length).replace(/(^|\/)index\.html$/, '$1');
}

/**
 * The digest is a part of the key: a file that a new version has in common with the one before is found by it.
 * @param {string} path
 */
const keyOf = (path) => `${base}${path}?${digests.get(path)}`;

/** Keeps the whole version, or nothing of it. */
async function install() {
  const begun = await caches.has(CACHE); // by a worker that is at work with it
  try {
    const cache = await caches.open(CACHE);
    // One after the other: the page that is open has a better use for the connection.
    for (const path of digests.keys()) {
      const known = await caches.match(keyOf(path));
      if (known || path in shell) await cache.put(keyOf(path), known ?? (await download(path)));
    }
  } catch (error) {
    if (!begun) await caches.delete(CACHE);
    await broadcast({ type: 'refusal', refusal: refusalOf(error) });
    throw error;
  }
}

/** This version takes over: from nobody, or from the one before because the person asked for it. */
async function activate() {
  // The pages of the one before reload themselves; until they do, they get nothing.
  for (const { id } of await worker.clients.matchAll({ type: 'all' })) foreignClients.add(id);
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * A page of this version has been opened. On the first visit it came from the server: from now on it is answered here,
 * so that a newer version waits for it; but only if no page of another version would be answered here with it.
 *
 * @param {Client} page
 * @param {string[]} used what it has fetched
 */
async function claimFor(page, used) {
  ownClients.add(page.id);
  if (!(await caches.has(CACHE))) await install(); // somebody has emptied it
  for (const path of used.map((address) => pathOf(address, false))) {
    if (path in later) await keep(path).catch(() => {}); // it can be had when it is used again
  }
  const all = await worker.clients.matchAll({ includeUncontrolled: true });
  for (const { id } of await worker.clients.matchAll()) ownClients.add(id);
  if (all.every(({ id, url }) => ownClients.has(id) || !url.startsWith(base))) await worker.clients.claim();
}

/**
 * @param {string} path
 * @param {Request} request
 * @param {string} page the id of the page that a visit opens
 */
async function answer(path, request, page) {
  try {
    // Somebody has emptied it. With nothing left there is nothing to mix: the server answers, as without a worker.
    if (!(await caches.has(CACHE).catch(() => true))) return await fetch(request);
    return handOut(await keep(path));
  } catch (error) {
    const changed = error instanceof Changed;
    if (changed) worker.registration.update().catch(() => {}); // there is a newer version
    if (request.mode === 'navigate') {
      fromServer.add(page); // the files that belong to it are there, too
      return fetch(request);
    }
    return changed ? conflict(path) : Response.error();
  }
}

/** @param {Response} file what is kept of it doesn't say whether it is isolated, so that the next version may think otherwise */
function handOut(file) {
  if (!isolated) return file;
  const headers = new Headers(file.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(file.body, { headers });
}

/**
 * A file of this version, which from now on is kept if it wasn't.
 * @param {string} path
 */
async function keep(path) {
  // Storage may be broken or full: then the file is fetched each time.
  const cache = await caches.open(CACHE).catch(() => null);
  const known = await cache?.match(keyOf(path)).catch(() => undefined);
  if (known) return known;
  const file = await download(path);
  await cache?.put(keyOf(path), file.clone()).catch(() => {});
  return file;
}

/**
 * A file of this version from the browser's cache, where the page has just fetched it, or else from the server.
 *
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function download(path) {
  for (const cache of /** @type {const} */ (['default', 'reload'])) {
    const response = await fetch(base + path, { cache });
    const bytes = await response.arrayBuffer();
    if (response.ok && (await digestOf(bytes)) === digests.get(path)) return copy(response, bytes);
  }
  throw new Changed(path);
}

/** @param {ArrayBuffer} bytes */
async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The same answer with unpacked bytes. One that came by a redirection would be refused for a page.
 *
 * @param {Response} response
 * @param {ArrayBuffer} bytes
 */
function copy(response, bytes) {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'transfer-encoding', 'vary']) headers.delete(name);
  headers.set('content-length', String(bytes.byteLength));
  return new Response(bytes, { headers });
}

/** @param {string} path */
function conflict(path) {
  return new Response(`${path} is of another version\n`, { status: 409, headers: { 'content-type': 'text/plain' } });
}

/**
 * Another program shares a picture with the page: it is put aside, and the page is opened to take it.
 * @param {Request} request
 */
async function receive(request) {
  let query = 'shared';
  try {
    const files = (await request.formData()).getAll('picture').filter((entry) => entry instanceof File);
    const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
    await caches.delete(SHARED); // one that nobody took
    if (file) {
      const headers = { 'content-type': file.type, 'x-name': encodeURIComponent(file.name) };
      await (await caches.open(SHARED)).put(`${base}shared`, new Response(file, { headers }));
    }
  } catch {
    query = 'shared=lost';
  }
  return Response.redirect(`${base}?${query}`, 303);
}

/** @param {FromWorker} message */
async function broadcast(message) {
  for (const page of await worker.clients.matchAll({ includeUncontrolled: true })) page.postMessage(message);
}

/**
 * @param {unknown} error
 * @returns {Refusal}
 */
function refusalOf(error) {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Changed) return { code: 'changed', detail: detail || 'index.html' };
  return { code: error instanceof DOMException && error.name === 'QuotaExceededError' ? 'no-room' : 'refused', detail };
}
