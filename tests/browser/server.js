import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TYPES } from '../../scripts/lib/media-types.mjs';

/** Every test runs under it, so no inline script, no inline style and no foreign origin gets in unseen. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

const CHUNK = 64 * 1024;

/**
 * What happens to a file on its way: another status, other bytes, a pause in milliseconds before every chunk, or
 * something to wait for before the first.
 *
 * @typedef {{ status?: number, change?: (body: Buffer) => Buffer, pause?: number, until?: Promise<unknown> }} Meddling
 */

/**
 * Serves a folder on a free port of this computer.
 *
 * @param {string} root
 */
export async function serve(root) {
  /** @type {(path: string) => Meddling | undefined} */
  let meddle = () => undefined;
  let policy = POLICY;
  /** @type {Map<string, string | Buffer>} pages that are in no file */
  const pages = new Map();
  /** @type {Record<string, string | null>} */
  let headers = {};
  /** What the worker runs before anything else. */
  let prelude = '';
  /** @type {string[]} */
  const served = [];

  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const path = asked.endsWith('/') ? `${asked}index.html` : asked;
    const meddling = meddle(path) ?? {};
    const file = join(root, normalize(path));
    const page = pages.get(path);
    const found =
      page !== undefined ||
      (file.startsWith(root + sep) &&
        (await stat(file).then(
          (what) => what.isFile(),
          () => false,
        )));
    const status = meddling.status ?? (found ? 200 : 404);
    served.push(path);
    await meddling.until;
    if (status !== 200) {
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`status ${status}`);
      return;
    }
    const whole = page === undefined ? await readFile(file) : typeof page === 'string' ? Buffer.from(page) : page;
    const worker = path.endsWith('/rpc/worker.js');
    const body = meddling.change?.(whole) ?? (worker ? Buffer.concat([Buffer.from(prelude), whole]) : whole);
    /** @type {Record<string, string | number | null>} */
    const said = {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-length': body.length,
      'content-security-policy': policy,
      'access-control-allow-origin': '*', // as on a server that others embed from
      'cache-control': 'no-store',
      ...headers,
    };
    response.writeHead(200, Object.fromEntries(Object.entries(said).filter(/** @returns {entry is [string, string | number]} */ (entry) => entry[1] !== null)));
    if (meddling.pause) {
      for (let at = 0; at < body.length; at += CHUNK) {
        await pause(meddling.pause);
        response.write(body.subarray(at, at + CHUNK));
      }
      response.end();
    } else {
      response.end(body);
    }
  });

  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    served,
    /** @param {(path: string) => Meddling | undefined} [change] left out, everything is served as it is again */
    meddle(change = () => undefined) {
      meddle = change;
    },
    /** @param {string} other a Content-Security-Policy in place of the usual one */
    police(other) {
      policy = other;
    },
    /**
     * Serves a page that is in no file.
     * @param {string} path
     * @param {string | Buffer} html
     */
    page(path, html) {
      pages.set(path, html);
      return `http://127.0.0.1:${address.port}${path}`;
    },
    /** @param {Record<string, string | null>} more headers of every answer; null takes one away */
    head(more) {
      headers = more;
    },
    /**
     * Has a function called at the start of every worker: what Playwright's `addInitScript` does for pages.
     * @template [Given=undefined]
     * @param {(given: Given) => void} before
     * @param {Given} [given] what it gets; it must be JSON
     */
    inWorker(before, given) {
      prelude += `(${before})(${JSON.stringify(given)});\n`;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(null)));
    },
  };
}
