import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pkg, root } from '../browser/chromium.js';
import { end, ended, eventually, freePort } from '../everywhere/programs.js';

/*
 * Debian's web servers, with the configurations of hosting/, in which only port and folder are others. They run without
 * privileges, whoever runs the tests.
 */

const PATIENCE = 20_000;
const NOBODY = 65_534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** A folder that belongs to whom the servers run as. */
function folderOf(/** @type {string} */ name) {
  const folder = mkdtempSync(join(tmpdir(), `glimpse-${name}-`));
  chmodSync(folder, 0o755);
  if (asNobody.uid) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

/** The page as it is put on a server: in a subfolder, and once more in one that is called by its version. */
export function site() {
  const folder = folderOf('site');
  const page = join(folder, 'glimpse');
  cpSync(pkg, page, { recursive: true });
  const [, version = ''] = /data-version="([0-9a-f]{16})"/.exec(String(readFileSync(join(page, 'index.html')))) ?? [];
  mkdirSync(join(folder, 'fixed'));
  symlinkSync(page, join(folder, 'fixed', version));
  return { folder, page, version, remove: () => rmSync(folder, { recursive: true }) };
}

/**
 * A configuration of hosting/ with another port and folder.
 *
 * @param {string} name
 * @param {[from: string, to: string][]} changes
 */
function configured(name, changes) {
  let text = String(readFileSync(join(root, 'hosting', name)));
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) throw new Error(`hosting/${name} has not one ‘${from}’`);
    text = text.replace(from, to);
  }
  return text;
}

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @param {string} folder of its own
 * @param {number} port
 */
async function run(name, program, args, folder, port) {
  const child = spawn(program, args, {
    ...asNobody,
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const gone = ended(child, name);
  const origin = `http://127.0.0.1:${port}`;
  const close = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true }); // it may have been closed before
  };
  try {
    await Promise.race([gone, eventually(`${name} answers`, PATIENCE, async () => (await fetch(`${origin}/glimpse/`)).ok)]);
  } catch (error) {
    await close();
    throw new Error(`${name} does not serve: ${said}`, { cause: error });
  }
  return { name, origin, close };
}

/** @param {string} site */
export async function nginx(site) {
  const port = await freePort();
  const folder = folderOf('nginx');
  writeFileSync(
    join(folder, 'glimpse.conf'),
    configured('nginx.conf', [
      ['listen 8080;', `listen 127.0.0.1:${port};`],
      ['root /var/www;', `root ${site};`],
    ]),
  );
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join(' ');
  // What Debian has around the files of conf.d/.
  writeFileSync(
    join(folder, 'nginx.conf'),
    `load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr;
events {}
http { access_log off; sendfile on; ${places} include ${folder}/glimpse.conf; }
`,
  );
  return run('nginx', '/usr/sbin/nginx', ['-e', 'stderr', '-c', join(folder, 'nginx.conf')], folder, port);
}

/** @param {string} site */
export async function caddy(site) {
  const port = await freePort();
  const folder = folderOf('caddy');
  const text = configured('Caddyfile', [
    [':8080 {', `http://127.0.0.1:${port} {`],
    ['root * /var/www', `root * ${site}`],
  ]);
  writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${text}`);
  return run('Caddy', 'caddy', ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')], folder, port);
}
