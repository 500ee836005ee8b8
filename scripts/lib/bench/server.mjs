// The server of scripts/bench: several folders under one origin, isolated from others so that there are threads, compressed as
// hosts compress, counted, and as slow as a line is said to be. A browser's own throttling leaves out what workers fetch. It speaks
// HTTP/2, as hosts do and as browsers do over TLS alone: so it has a certificate of its own making, which only a browser takes that is told so.
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { extname, join, normalize, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { TYPES } from '../media-types.mjs';

/** What Brotli makes smaller. */
const COMPRESSIBLE = /\.(css|html|js|mjs|json|wasm|safetensors|onnx|bin)$/;
/** Quality: that of hosts which compress beforehand takes minutes, and gains a few per cent. */
const QUALITY = 9;
const CHUNK = 16 * 1024;
/** Round trips before the first question can be asked: one for TCP, one for TLS 1.3. */
const HANDSHAKES = 2;

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

  const { key, cert } = makeCertificate(cache);
  /** @type {Set<import('node:http2').Http2Session>} */
  const sessions = new Set();
  /** Those that have asked for something before. @type {WeakSet<import('node:http2').Http2Session>} */
  const known = new WeakSet();
  const server = createSecureServer({ key, cert }, async (request, response) => {
    const { session } = request.stream;
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const [page, file] = [pages.get(path), fileOf(path)];
    const isNew = session !== undefined && !known.has(session);
    if (session) known.add(session);
    // One round trip for the question and its answer, and those before it where the connection is new.
    if (line.roundTrip > 0) await pause(line.roundTrip * (isNew ? 1 + HANDSHAKES : 1));
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
    for (let at = 0; at < body.length && !response.stream.destroyed; at += CHUNK) {
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
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');

  return {
    /** What tells Chromium to take this server's certificate. */
    flags: [`--ignore-certificate-errors-spki-list=${digestOf(cert)}`],
    origin: `https://127.0.0.1:${address.port}`,
    /** @param {string} path @param {string} html */
    page(path, html) {
      pages.set(path, html);
      return `https://127.0.0.1:${address.port}${path}`;
    },
    /** Another line from now on, with no connection that is open already. @param {Line} other */
    slow(other) {
      for (const session of sessions) session.destroy();
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
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => server.close(() => resolve(null)));
    },
  };
}

/** @param {string} folder */
function makeCertificate(folder) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=127.0.0.1', '-days', '7'];
  try {
    execFileSync('openssl', ['req', '-x509', ...how, '-keyout', key, '-out', cert], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Error('The server of scripts/bench needs a certificate, and openssl could not make one: install openssl.', { cause: error });
  }
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** Of the public key of a certificate, as Chromium wants it. @param {Buffer} cert */
const digestOf = (cert) =>
  createHash('sha256')
    .update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

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
