/** @import { Connection } from './tab.js' */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, eventually } from './programs.js';

/*
 * Firefox, driven by its own remote protocol, Marionette: the commands of WebDriver as JSON over TCP. So nothing stands
 * between the tests and the browser that would have to be installed and kept in step with it.
 */

const PATIENCE = 60_000;

/** What is otherwise than people have it: nothing is asked, nothing is fetched but what a page fetches. */
const PREFERENCES = {
  'marionette.port': 0, // any that is free
  'app.update.disabledForTesting': true,
  'app.normandy.enabled': false,
  'browser.aboutConfig.showWarning': false,
  'browser.download.folderList': 2,
  'browser.download.useDownloadDir': true,
  'browser.download.alwaysOpenPanel': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.page': 0,
  'browser.warnOnQuit': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.serviceWorkers.testing.enabled': false,
  'extensions.update.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'intl.accept_languages': 'en',
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.server': 'data:,',
  // A camera that shows a picture of its own, and nobody who has to allow it.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
};

/** With an adapter that is emulated on the CPU, by Mesa's lavapipe. */
export const WEBGPU = { 'dom.webgpu.enabled': true, 'dom.webgpu.workers.enabled': true, 'gfx.webgpu.ignore-blocklist': true };

/**
 * A Firefox of one's own, with an empty profile.
 *
 * @param {Record<string, boolean | number | string>} [preferences]
 * @returns {Promise<Connection>}
 */
export async function firefox(preferences = { 'dom.webgpu.enabled': false }) {
  const folder = mkdtempSync(join(tmpdir(), 'glimpse-firefox-'));
  const downloads = join(folder, 'downloads');
  const all = { ...PREFERENCES, 'browser.download.dir': downloads, ...preferences };
  writeFileSync(
    join(folder, 'user.js'),
    Object.entries(all)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  );
  const program = spawn(process.env.FIREFOX ?? 'firefox-esr', ['--headless', '--no-remote', '--marionette', '--profile', folder], {
    env: { ...process.env, HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' },
    stdio: 'ignore',
  });
  const gone = ended(program, 'Firefox');
  const port = await Promise.race([
    gone,
    eventually('Firefox opens its port', PATIENCE, () => Number(readFileSync(join(folder, 'MarionetteActivePort'), 'utf8')) || null),
  ]);
  const { send, version, close } = await marionette(port);
  return {
    name: 'Firefox',
    version,
    downloads,
    send,
    async close() {
      await send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {});
      close();
      await gone.catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {number} port */
async function marionette(port) {
  const socket = connect(port, '127.0.0.1');
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let last = 0;
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    for (;;) {
      const colon = received.indexOf(':');
      const end = colon + 1 + Number(received.subarray(0, colon));
      if (colon < 0 || received.length < end) return;
      const message = JSON.parse(String(received.subarray(colon + 1, end)));
      received = received.subarray(end);
      if (!Array.isArray(message)) continue; // its greeting
      const [, id, error, result] = message;
      const call = waiting.get(id);
      waiting.delete(id);
      if (error) call?.reject(new Error(`${error.error}: ${error.message}`));
      else call?.resolve(result && 'value' in result ? result.value : result);
    }
  });
  const fail = (/** @type {Error} */ error) => {
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('Firefox has gone')));
  const send = (/** @type {string} */ command, /** @type {object} */ parameters = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      const text = JSON.stringify([0, last, command.includes(':') ? command : `WebDriver:${command}`, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  const { capabilities } = await send('NewSession', { strictFileInteractability: false, timeouts: { script: PATIENCE, pageLoad: PATIENCE } });
  return { send, version: String(capabilities.browserVersion), close: () => socket.destroy() };
}
