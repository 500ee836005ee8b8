/** @import { Connection } from './tab.js' */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, ended, eventually, freePort } from './programs.js';

/*
 * WebKitGTK's own small browser, driven over WebDriver. It has no mode without a screen, so it gets one of Xvfb.
 */

const PATIENCE = 60_000;

/** Where Debian, Fedora and others put it. */
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/libexec', '/usr/lib'];

function miniBrowser() {
  if (process.env.WEBKIT) return process.env.WEBKIT;
  const folders = LIBRARIES.filter(existsSync).flatMap((library) =>
    readdirSync(library).flatMap((name) => (/^webkit2?gtk-/.test(name) ? join(library, name) : [])),
  );
  const found = folders
    .sort()
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(existsSync);
  if (!found) throw new Error("WebKit's MiniBrowser is missing: run 'scripts/setup test', which installs it");
  return found;
}

/** The commands that differ in more than their names from those of Marionette: how they are said over HTTP. */
const COMMANDS = /** @type {Record<string, (given: any) => [method: string, path: string]>} */ ({
  Navigate: () => ['POST', 'url'],
  Refresh: () => ['POST', 'refresh'],
  ExecuteAsyncScript: () => ['POST', 'execute/async'],
  FindElement: () => ['POST', 'element'],
  ElementClick: ({ id }) => ['POST', `element/${id}/click`],
  ElementSendKeys: ({ id }) => ['POST', `element/${id}/value`],
});

/** @returns {Promise<Connection>} */
export async function webkit() {
  const folder = mkdtempSync(join(tmpdir(), 'glimpse-webkit-'));
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x900x24'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const noScreen = ended(xvfb, 'Xvfb');
  const display = await Promise.race([noScreen, new Promise((resolve) => xvfb.stdio[3]?.once('data', (said) => resolve(String(said).trim())))]);
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${display}`, HOME: folder, XDG_RUNTIME_DIR: folder, LANG: 'en_US.UTF-8', LIBGL_ALWAYS_SOFTWARE: '1' },
    stdio: process.env.WEBKIT_LOG ? 'inherit' : 'ignore',
  });
  const gone = ended(driver, 'WebKitWebDriver');

  /** @param {string} method @param {string} path @param {object} [body] */
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = /** @type {any} */ (await response.json());
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await Promise.race([gone, eventually('WebKitWebDriver answers', PATIENCE, () => ask('GET', 'status'))]);
  const args = [
    '--automation',
    '--enable-mock-capture-devices=true',
    '--enable-media-stream=true',
    ...(process.env.WEBKIT_LOG ? ['--enable-write-console-messages-to-stdout=true'] : []),
  ];
  const { sessionId, capabilities } = await ask('POST', 'session', {
    capabilities: { alwaysMatch: { timeouts: { script: PATIENCE, pageLoad: PATIENCE }, 'webkitgtk:browserOptions': { binary: miniBrowser(), args } } },
  });
  return {
    name: 'WebKit',
    version: String(capabilities.browserVersion),
    downloads: folder,
    async send(command, given = {}) {
      const [method, path] = COMMANDS[command]?.(given) ?? [];
      if (!method) throw new Error(`there is no command ${command}`);
      return ask(method, `session/${sessionId}/${path}`, given);
    },
    async close() {
      await ask('DELETE', `session/${sessionId}`).catch(() => {});
      await end(driver);
      await end(xvfb);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
