// The static file server of scripts/serve. It listens on this machine only and sends what any plain web host sends, so
// that what works here works there.
//
//   node scripts/lib/server.mjs pkg 8080         serves pkg/ until it is stopped
//   node scripts/lib/server.mjs pkg 8080 --isolated   isolated from other pages, so that the CPU has threads
//   node scripts/lib/server.mjs --check 8080     only says whether the port is free
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { TYPES } from './media-types.mjs';

/** What isolates a page, as hosting/ has it. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
};

/** @param {string} folder @param {number} port @param {boolean} isolated */
async function serve(folder, port, isolated) {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    /** @param {number} status @param {string} text */
    const refuse = (status, text) => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) });
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.\n');
      const path = decodeURIComponent((request.url ?? '/').replace(/[?#].*/, ''));
      let file = join(root, path);
      if (path.includes('\0') || (file !== root && !file.startsWith(root + sep))) return refuse(404, 'No such file.\n');
      let found = await stat(file).catch(() => undefined);
      if (found?.isDirectory()) {
        file = join(file, 'index.html');
        found = await stat(file).catch(() => undefined);
      }
      if (!found?.isFile()) return refuse(404, 'No such file.\n');
      response.writeHead(200, {
        'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
        'content-length': found.size,
        'last-modified': found.mtime.toUTCString(),
        // A new build must be seen at the next reload.
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        ...(isolated ? ISOLATION : {}),
      });
      if (request.method === 'HEAD') return response.end();
      createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response);
    } catch {
      // A path that is no valid percent-encoding.
      if (!response.headersSent) refuse(400, 'A malformed address.\n');
    }
  });
  await listen(server, port);
}

/** @param {import('node:http').Server} server @param {number} port @returns {Promise<void>} */
function listen(server, port) {
  return new Promise((done, fail) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.code})`;
      fail(new Error(`Port ${port} ${why}: stop that program, or choose another port with PORT=8081 scripts/serve.`));
    });
    server.listen(port, '127.0.0.1', () => done());
  });
}

async function main() {
  const [, , what = 'pkg', given = '8080', how] = process.argv;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`'${given}' is no port: say a number up to 65535.`);
  if (what === '--check') {
    const server = createServer();
    await listen(server, port);
    server.close();
    return;
  }
  await serve(what, port, how === '--isolated');
  console.log(`\nglimpse is at http://127.0.0.1:${port} (Ctrl-C stops it)`);
}

main().catch((error) => {
  console.error(`\nglimpse: ${error.message}`);
  process.exitCode = 1;
});
