import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { runInNewContext } from 'node:vm';

/*
 * The service worker where storage fails, or a page has changed on the server: without a browser, because none lets a
 * test break its storage.
 */

const BODY = 'a page';
const script = readFileSync(new URL('../../www/pwa/service-worker.js', import.meta.url), 'utf8');

/**
 * @param {{ caches: object, served?: string, isolated?: boolean }} site
 * @returns {(path: string, mode: string, ids?: object) => Promise<Response> | undefined} undefined where the worker lets a request pass
 */
function start({ caches, served = BODY, isolated = false }) {
  const digest = createHash('sha256').update(BODY).digest('hex');
  const build = JSON.stringify({ version: '1', isolated, shell: { 'docs.html': digest, 'a.js': digest }, later: {} });
  /** @type {Record<string, (event: object) => void>} */
  const listeners = {};
  const self = {
    registration: { scope: 'https://example.org/', update: async () => {} },
    addEventListener: (/** @type {string} */ type, /** @type {any} */ listener) => (listeners[type] = listener),
  };
  const fetch = async () => new Response(served);
  const source = script.replace(/const BUILD = .*;/, `const BUILD = ${build};`);
  runInNewContext(source, { self, caches, fetch, URL, Response, Headers, Uint8Array, Map, Set, Promise, Error, crypto: webcrypto });
  return (path, mode, ids = { clientId: '', resultingClientId: 'page' }) => {
    /** @type {Promise<Response> | undefined} */
    let answer;
    const request = { url: `https://example.org/${path}`, mode, method: 'GET', headers: new Headers() };
    listeners.fetch?.({ request, ...ids, respondWith: (/** @type {any} */ given) => (answer = given) });
    return answer;
  };
}

const broken = () => Promise.reject(new DOMException('broken', 'UnknownError'));

for (const [what, caches] of /** @type {const} */ ([
  ['all of the storage is broken', { has: broken, open: broken, match: broken }],
  ['what it keeps can’t be read', { has: async () => true, open: async () => ({ match: broken, put: broken }) }],
])) {
  test(`where ${what}, page and files come from the server`, async () => {
    const ask = start({ caches });
    assert.equal(await (await ask('docs.html', 'navigate'))?.text(), BODY);
    assert.equal(await (await ask('a.js', 'no-cors', { clientId: 'page', resultingClientId: '' }))?.text(), BODY);
  });
}

test('what it hands out is isolated from others where the build says so, and what it keeps doesn’t say it', async () => {
  for (const isolated of [false, true]) {
    /** @type {Response[]} */
    const put = [];
    const cache = { match: async () => undefined, put: async (/** @type {string} */ _, /** @type {Response} */ file) => put.push(file) };
    const ask = start({ caches: { has: async () => true, open: async () => cache }, isolated });
    const file = await ask('docs.html', 'navigate');
    assert.equal(await file?.text(), BODY);
    const [opener, embedder] = ['cross-origin-opener-policy', 'cross-origin-embedder-policy'].map((name) => file?.headers.get(name));
    assert.deepEqual([opener, embedder], isolated ? ['same-origin', 'require-corp'] : [null, null]);
    assert.deepEqual(
      put.map(({ headers }) => headers.get('cross-origin-opener-policy')),
      [null],
    );
  }
});

test('a page that has changed on the server, and isn’t kept, comes from there, with its files', async () => {
  const ask = start({ caches: { has: async () => true, open: async () => ({ match: async () => undefined, put: async () => {} }) }, served: 'another page' });
  assert.equal((await ask('a.js', 'no-cors', { clientId: 'old', resultingClientId: '' }))?.status, 409, 'a page of this version gets no other’s');
  const page = await ask('docs.html', 'navigate');
  assert.deepEqual([page?.status, await page?.text()], [200, 'another page']);
  assert.equal(ask('a.js', 'no-cors', { clientId: 'page', resultingClientId: 'worker' }), undefined, 'the server answers');
  assert.equal(ask('a.js', 'no-cors', { clientId: 'worker', resultingClientId: '' }), undefined);
});
