// The server of scripts/bench: several folders under one origin, isolated from others so that there are threads, compressed as
// hosts compress, counted, and as slow as a line is said to be. A browser's own throttling leaves out what workers fetch.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { TYPES } from '../media-types.mjs';

/** What Brotli makes smaller. */
const COMPRESSIBLE = /\.(css|html|js|mjs|json|wasm|safetensors|onnx|bin)$/;
/** Quality: that of hosts which compress beforehand takes minutes, and gains a few per cent. */
const QUALITY = 9;
const CHUNK = 16 * 1024;

/**
 * A line to the server. The two that are slow are WebPageTest's of these names.
 * @typedef {{ bitsPerSecond: number, roundTrip: number }} Line round trip in milliseconds; no bits per second are no limit
 */
export const LINES = /** @type {const} */ ({
  none: { bitsPerSecond: 0, roundTrip: 0 },
  cable: { bitsPerSecond: 5_000_000, roundTrip: 28 },
  '4G': { bitsPerSecond: 9_000_000, roundTrip: 170 },
});

/**
 * @param {Record<string, string>} mounts folders by the beginning of their addresses, the longest first
 * @param {string} cache where compressed files are kept
 */
export async function serve(mounts, cache) {
  mkdirSync(cache, { recursive: true });
  /** @type {Line} */
  let line = LINES.none;
  let sent = 0;
  /** When the line has sent what is already on its way. */
  let free = 0;
  /** @type {Map<string, string>} pages that are in no file, by their addresses */
  const pages = new Map();

  /** @param {string} path of an address */
  function fileOf(path) {
    const [prefix = '', folder = ''] = Object.entries(mounts).find(([start]) => path.startsWith(start)) ?? [];
    const file = join(folder, normalize(`/${path.slice(prefix.length)}`));
    return file.startsWith(folder + sep) && existsSync(file) && statSync(file).isFile() ? file : null;
  }

  const server = createServer(async (request, response) => {
    const socket = request.socket;
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const [page, file] = [pages.get(path), fileOf(path)];
    // One round trip for the question and its answer, and one more where the connection is new.
    if (line.roundTrip > 0) await pause(line.roundTrip * (socket.bytesWritten === 0 ? 2 : 1));
    if (page === undefined && !file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('No such file.\n');
      return;
    }
    const compressed = file !== null && COMPRESSIBLE.test(file);
    const body = file === null ? Buffer.from(page ?? '') : compressed ? compress(file, cache) : readFileSync(file);
    response.writeHead(200, {
      'content-type': TYPES[file === null ? '.html' : extname(file)] ?? 'application/octet-stream',
      'content-length': body.length,
      ...(compressed ? { 'content-encoding': 'br' } : {}),
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    response.flushHeaders();
    for (let at = 0; at < body.length && !response.destroyed; at += CHUNK) {
      const chunk = body.subarray(at, at + CHUNK);
      if (line.bitsPerSecond > 0) {
        free = Math.max(free, performance.now()) + (chunk.length * 8000) / line.bitsPerSecond;
        await pause(free - performance.now());
      }
      response.write(chunk);
      sent += chunk.length;
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    /** @param {string} path @param {string} html */
    page(path, html) {
      pages.set(path, html);
      return `http://127.0.0.1:${address.port}${path}`;
    },
    /** @param {Line} other for what is asked for from now on */
    slow(other) {
      line = other;
      free = 0;
    },
    /** Compresses all files now, so that no first visit waits for it. */
    compress() {
      for (const folder of Object.values(mounts)) {
        for (const name of readdirSync(folder, { recursive: true }).map(String)) {
          if (COMPRESSIBLE.test(name) && statSync(join(folder, name)).isFile()) compress(join(folder, name), cache);
        }
      }
    },
    /** How many bytes of files have been sent since the last time. */
    count() {
      const count = sent;
      sent = 0;
      return count;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(null)));
    },
  };
}

/** @type {Map<string, Buffer>} */
const compressedFiles = new Map();

/** @param {string} file @param {string} cache */
function compress(file, cache) {
  const known = compressedFiles.get(file);
  if (known) return known;
  const whole = readFileSync(file);
  const kept = join(cache, `${createHash('sha256').update(whole).digest('hex')}.br`);
  if (!existsSync(kept)) writeFileSync(kept, brotliCompressSync(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }));
  const body = readFileSync(kept);
  compressedFiles.set(file, body);
  return body;
}
