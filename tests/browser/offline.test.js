/** @import { Page } from 'playwright-core' */
/** @import { Meddling } from './server.js' */
/** @import { FromWorker } from '../../www/pwa/scope.js' */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { writeWorker } from '../../scripts/lib/offline.mjs';
import { faultsOf } from './axe.js';
import { pkg, root } from './chromium.js';
import { misfitsOf } from './fits.js';
import { sample } from './samples.js';
import { backendIs, errorOf, said, scene, upload } from './scene.js';

/*
 * The page without a network, in a new version beside an old one, installed, and as what other programs share pictures
 * with. Everywhere else the tests keep the service worker away.
 */

const allowed = { context: /** @type {const} */ ({ serviceWorkers: 'allow' }) };

/** @param {Page} page @param {string} state */
const kept = (page, state = 'stored') => page.locator(`#offline[data-state="${state}"]`).waitFor({ state: 'attached' });

/** @param {Page} page */
const controlled = (page) => page.waitForFunction(() => !!navigator.serviceWorker.controller);

/** @param {Page} page */
const heading = (page) => page.locator('h1').textContent();

/** @param {Page} page */
const bar = (page) => page.locator('#update');

/** A page in the same folder that knows nothing of all this. */
const plain = '/www/i18n/tables/LICENSE-WordNet.txt';

/** Files that belong together, of which the other version has others. */
const PARTS = ['index.html', 'www/i18n/en.js', 'wasm/cpu/glimpse.js', 'wasm/cpu/glimpse_bg.wasm', 'www/model/cifar10.safetensors'];

/** @param {string | Buffer} bytes */
const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** @param {string} folder */
const digestsIn = (folder) => PARTS.map((part) => digestOf(readFileSync(join(folder, part))));

/**
 * The digests of what the page gets for these addresses.
 * @param {Page} page
 */
function digestsFor(page) {
  return page.evaluate(
    (parts) =>
      Promise.all(
        parts.map(async (part) => {
          const bytes = await (await fetch(part)).arrayBuffer();
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        }),
      ),
    PARTS,
  );
}

/** @type {string | undefined} */
let made;
after(() => {
  if (made) rmSync(made, { recursive: true });
});

/** The folder of another version, whose bindings and wasm work with each other and with none of the first. */
function another() {
  if (made) return made;
  const folder = mkdtempSync(join(tmpdir(), 'glimpse-'));
  made = folder;
  cpSync(pkg, folder, { recursive: true });
  /** @param {string} file @param {(text: string) => string} change */
  const edit = (file, change) => {
    const before = readFileSync(join(folder, file), 'latin1');
    const now = change(before);
    assert.notEqual(now, before, `${file} is as it was`);
    writeFileSync(join(folder, file), now, 'latin1');
  };
  edit('www/i18n/en.js', (text) => text.replace(/heading: '.*'/, "heading: 'Another version'"));
  for (const file of ['glimpse.js', 'glimpse_bg.wasm']) edit(`wasm/cpu/${file}`, (text) => text.replaceAll('./glimpse_bg.js', './glimpse_BG.js'));
  edit('www/model/cifar10.safetensors', (text) => {
    const bytes = Buffer.from(text, 'latin1');
    const length = bytes.readBigUInt64LE();
    bytes.writeBigUInt64LE(length + 8n);
    const head = 8 + Number(length);
    return `${bytes.toString('latin1', 0, head)}${' '.repeat(8)}${bytes.toString('latin1', head)}`;
  });
  writeWorker(folder);
  return folder;
}

/**
 * Serves the other version in place of the first.
 * @param {string} path
 * @returns {Meddling}
 */
const replaced = (path) => (existsSync(join(another(), path)) ? { change: () => readFileSync(join(another(), path)) } : {});

scene('without WebGPU', 'the page can be installed', async ({ page, server, open }) => {
  await open();
  const session = await page.context().newCDPSession(page);
  const { url, errors, data } = await session.send('Page.getAppManifest');
  assert.equal(url, `${server.origin}/www/manifest.webmanifest`);
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Each test has a private window, where nothing can be installed.
  assert.deepEqual(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
    [],
  );

  const manifest = JSON.parse(data ?? '');
  for (const address of [manifest.start_url, manifest.scope]) assert.equal(new URL(address, url).href, `${server.origin}/`);
  assert.equal(new URL(manifest.share_target.action, url).href, `${server.origin}/share`);
  // Without an id of its own, that of an installed page is its start_url, and so its folder's: ids belong to the whole origin.
  assert.equal((await session.send('Page.getAppId')).appId, `${server.origin}/`);
  assert.equal(new URL(manifest.file_handlers[0].action, url).href, `${server.origin}/`);
  assert.deepEqual(manifest.file_handlers[0].accept['image/png'], ['.png']);
  const drawn = manifest.icons.filter((/** @type {{ type: string }} */ { type }) => type === 'image/png');
  assert.deepEqual(
    drawn.map((/** @type {{ purpose?: string }} */ { purpose }) => purpose ?? 'any'),
    ['any', 'any', 'maskable'],
  );
  for (const { src, sizes } of drawn) {
    const size = await page.evaluate(async (address) => {
      const { width, height } = await createImageBitmap(await (await fetch(address)).blob());
      return `${width}x${height}`;
    }, new URL(src, url).href);
    assert.equal(size, sizes);
  }
});

scene(
  'without WebGPU',
  'a browser that saves data keeps nothing until asked; what is kept can be removed, and stays so',
  async ({ page, server, open }) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    const names = () => page.evaluate(() => caches.keys());
    const note = async () => (await page.locator('#offline').textContent()) ?? '';
    await open();
    await backendIs(page, 'cpu');
    await kept(page, 'saving');
    assert.match(await note(), /^It needs a network: your browser saves data, and keeping it would take \d+\.\d MB\.$/);
    assert.deepEqual([await names(), server.served.filter((path) => path === '/sw.js').length], [[], 0]);
    assert.match((await page.textContent('#version')) ?? '', /^glimpse \d+\.\d+\.\d+/);

    await page.focus('#keep');
    await page.keyboard.press('Enter');
    await kept(page);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'remove');
    assert.equal((await names()).length, 1);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual([await misfitsOf(page), await faultsOf(page)], [[], []]);
    await page.locator('footer').screenshot({ path: `${root}tests/browser/shots/offline-copy.png` });
    await page.reload();
    await backendIs(page, 'cpu');
    await kept(page);
    await controlled(page);

    await page.focus('#remove');
    await page.keyboard.press('Enter');
    await kept(page, 'removed');
    const [, freed] = /^The offline copy is gone, (\d+\.\d) MB are free again\.$/.exec(await note()) ?? [];
    assert.ok(Number(freed) > 3, await note());
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'keep');
    assert.deepEqual(await names(), []);
    assert.equal((await upload(page, sample('ship').path)).error, '', 'the page goes on');
    await page.reload();
    await backendIs(page, 'cpu');
    await kept(page, 'removed');
    assert.deepEqual([await note(), await names()], ['It needs a network: you have removed the offline copy.', []]);

    await page.click('#keep');
    await kept(page);
    await page.waitForFunction(async () => (await caches.keys()).length === 1);
  },
  allowed,
);

scene('without WebGPU', 'it can be installed by a button where the browser offers that, and opened with a file', async ({ page, open }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'launchQueue', {
      value: { setConsumer: (/** @type {unknown} */ launch) => Object.assign(globalThis, { launch }) },
    });
  });
  await open();
  await backendIs(page, 'cpu');
  assert.equal(await page.isVisible('#install'), false);
  await page.evaluate(() => {
    const prompt = async () => void Object.assign(globalThis, { asked: true });
    dispatchEvent(Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt }));
  });
  await page.click('#install');
  assert.equal(await page.evaluate(() => 'asked' in globalThis), true);
  assert.equal(await page.isVisible('#install'), false, 'an offer can be taken once');

  await page.evaluate(async () => {
    const bytes = await (await fetch('www/samples/cat.jpg')).arrayBuffer();
    const file = new File([bytes], 'from the desktop.jpg', { type: 'image/jpeg' });
    const { launch } = /** @type {any} */ (globalThis);
    launch({ files: [] });
    launch({ files: [{ getFile: async () => file }] });
  });
  await page.locator('#photo-name', { hasText: 'from the desktop.jpg' }).waitFor();
  assert.equal((await said(page)).ranked[0]?.label, 'cat');
  await page.evaluate(() => {
    const { launch } = /** @type {any} */ (globalThis);
    launch({ files: [{ getFile: () => Promise.reject(new DOMException('It is gone.', 'NotFoundError')) }] });
  });
  await page.locator('#error').waitFor();
  assert.match(await errorOf(page), /could not be opened/);
});

scene(
  'without WebGPU',
  'after one visit it works without a network, with both networks',
  async ({ page, server, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await kept(page);
    await controlled(page);
    assert.equal(server.served.filter((path) => path.endsWith('webgpu/glimpse_bg.wasm')).length, 0, 'nobody has used it');
    await page
      .locator('#samples img')
      .first()
      .evaluate((/** @type {HTMLImageElement} */ image) => image.decode());

    await page.context().setOffline(true);
    await server.close();
    await page.reload();
    await backendIs(page, 'cpu');
    const { ranked, model } = await upload(page, sample('ship').path);
    assert.deepEqual([ranked[0]?.label, model], ['ship', 'photo']);
    await page.selectOption('#model', 'cifar10');
    await backendIs(page, 'cpu', 'cifar10');
    const again = await upload(page, sample('cat').path);
    assert.deepEqual([again.error, again.model], ['', 'cifar10']);
    await page.click('[data-sample="horse"]');
    await page.locator('#photo-name', { hasText: 'A horse' }).waitFor();
    assert.equal((await said(page)).error, '', 'the samples were seen on the first visit');
  },
  allowed,
);

scene(
  'with WebGPU',
  'the module for WebGPU is kept once it has been used',
  async ({ page, server, open }) => {
    await open();
    await backendIs(page, 'webgpu', 'cifar10');
    await kept(page);
    await page.reload();
    await backendIs(page, 'webgpu', 'cifar10');
    await page.context().setOffline(true);
    await server.close();
    await page.reload();
    await backendIs(page, 'webgpu', 'cifar10');
    assert.equal((await upload(page, sample('ship').path)).backend, 'webgpu');
  },
  { ...allowed, model: 'cifar10' },
);

scene(
  'without WebGPU',
  'a new version waits, is offered, and then takes over whole',
  async ({ page, server, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await kept(page);
    await controlled(page);
    const second = await page.context().newPage();
    await second.goto(`${server.origin}/`);
    await backendIs(second, 'cpu');
    const stranger = await page.context().newPage();
    await stranger.goto(server.origin + plain);

    server.meddle(replaced);
    server.served.length = 0;
    await page.reload();
    await bar(page).waitFor();
    assert.notEqual(await heading(page), 'Another version');
    assert.deepEqual(await digestsFor(page), digestsIn(pkg), 'the old page gets the old files');
    await backendIs(page, 'cpu');
    assert.equal((await upload(page, sample('ship').path)).error, '');
    assert.deepEqual(
      server.served.filter((path) => /\.(wasm|safetensors)$/.test(path)),
      ['/wasm/cpu/glimpse_bg.wasm', '/www/model/cifar10.safetensors'],
      'what both versions have in common is not fetched again',
    );

    await page.click('#renew');
    for (const each of [page, second]) {
      await each.locator('h1', { hasText: 'Another version' }).waitFor();
      await backendIs(each, 'cpu');
      assert.deepEqual(await digestsFor(each), digestsIn(another()), 'the new page gets the new files');
      assert.equal((await upload(each, sample('ship').path)).ranked[0]?.label, 'ship');
      assert.ok(!(await bar(each).isVisible()));
    }
    const status = await stranger.evaluate(async () => (await fetch('/www/i18n/en.js')).status);
    assert.equal(status, 409, 'a page that was open before and is still there gets none of them');
    assert.equal(await page.evaluate(async () => (await caches.keys()).length), 1, 'the old files are gone');
  },
  allowed,
);

scene(
  'without WebGPU',
  'a new version takes over by itself when no page of the old one is open',
  async ({ page, server, open }) => {
    await open();
    await kept(page);
    await controlled(page);
    server.meddle(replaced);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await bar(page).waitFor();
    for (let tries = 0; tries < 20 && (await heading(page)) !== 'Another version'; tries += 1) {
      await page.goto('about:blank');
      await page.waitForTimeout(250); // the browser takes its time to notice
      await open();
    }
    assert.equal(await heading(page), 'Another version');
    await backendIs(page, 'cpu');
    assert.deepEqual(await digestsFor(page), digestsIn(another()));
  },
  allowed,
);

scene(
  'without WebGPU',
  'in the middle of an upload the old version goes on, whole',
  async ({ page, server, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await kept(page);
    await controlled(page);
    // Everything is there but the new module; and one file that the page has not asked for before is of neither version.
    const samples = /\/samples\/cat\.jpg$/;
    await page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const key of await cache.keys()) if (/cat\.jpg/.test(key.url)) await cache.delete(key);
      }
    });
    server.meddle((path) => {
      if (path.endsWith('cpu/glimpse_bg.wasm')) return undefined;
      return samples.test(path) ? { change: () => Buffer.from('neither') } : replaced(path);
    });
    const refused = page.evaluate(
      () =>
        new Promise((resolve) => {
          navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(/** @type {FromWorker} */ (data).refusal));
          navigator.serviceWorker.ready.then((registration) => registration.update());
        }),
    );
    assert.deepEqual(await refused, { code: 'changed', detail: 'wasm/cpu/glimpse_bg.wasm' });

    await page.reload();
    await backendIs(page, 'cpu');
    assert.deepEqual(await digestsFor(page), digestsIn(pkg));
    assert.equal((await upload(page, sample('ship').path)).error, '');
    assert.equal(await page.evaluate(async () => (await fetch('www/samples/cat.jpg')).status), 409, 'nothing is mixed in');
    assert.ok(!(await bar(page).isVisible()));
    await page.waitForFunction(async () => (await caches.keys()).length === 1); // no half version stays

    server.meddle(replaced);
    await page.reload();
    await bar(page).waitFor();
  },
  { ...allowed, allow: [/409|cat\.jpg/] },
);

scene(
  'without WebGPU',
  'a file that a cache on the way has of another version is fetched past it',
  async ({ page, server, open }) => {
    let asked = 0;
    server.meddle((path) => {
      if (path !== '/www/model/photo.safetensors') return undefined;
      asked += 1;
      return asked === 2 ? { change: () => Buffer.from('something old') } : undefined; // the first is the page's own
    });
    await open();
    await kept(page);
    assert.equal(asked, 3);
  },
  allowed,
);

for (const [what, meddling] of /** @type {[string, Meddling][]} */ ([
  ['damaged', { change: (body) => body.subarray(1) }],
  ['missing', { status: 404 }],
])) {
  scene(
    'without WebGPU',
    `where a file is ${what}, nothing is kept, and the page says so`,
    async ({ page, server, open }) => {
      server.meddle((path) => (path === '/www/icon.svg' ? meddling : undefined));
      await open();
      await backendIs(page, 'cpu');
      await kept(page, 'changed');
      assert.match((await page.locator('#offline').textContent()) ?? '', /^It needs a network: .+ \(www\/icon\.svg\)\.$/);
      assert.deepEqual(await page.evaluate(() => caches.keys()), []);
      assert.equal((await upload(page, sample('ship').path)).error, '');
    },
    { ...allowed, allow: [/icon\.svg/] },
  );
}

scene(
  'without WebGPU',
  'where the browser has no room, the page works as before, and says so',
  async ({ page, server, open }) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 2_000_000 });
    await open();
    await backendIs(page, 'cpu');
    await kept(page, 'no-room');
    assert.match((await page.locator('#offline').textContent()) ?? '', /has no room to keep it\.$/);
    assert.deepEqual(await page.evaluate(() => caches.keys()), []);
    assert.equal((await upload(page, sample('ship').path)).error, '');
  },
  allowed,
);

for (const [what, state, prepare] of /** @type {const} */ ([
  ['has no service workers', 'unsupported', () => Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined })],
  [
    'allows no service worker',
    'refused',
    () => {
      ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('Not here.', 'SecurityError'));
    },
  ],
])) {
  scene(
    'without WebGPU',
    `where the browser ${what}, the page works as before, and says so`,
    async ({ page, server, open }) => {
      await page.addInitScript(prepare);
      await open();
      await backendIs(page, 'cpu');
      await kept(page, state);
      assert.match((await page.locator('#offline').textContent()) ?? '', /^It needs a network: this browser .+\.$/);
      assert.equal((await upload(page, sample('ship').path)).ranked[0]?.label, 'ship');
      assert.equal(server.served.filter((path) => path === '/sw.js').length, 0);
    },
    allowed,
  );
}

/**
 * Submits a form as another program's share does, from a page that has no policy against forms.
 * @param {Page} page
 * @param {string} origin
 * @param {{ name: string, type: string, bytes: string } | null} file
 */
async function share(page, origin, file) {
  await page.goto(origin + plain);
  await page.evaluate((given) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/share' });
    const input = Object.assign(document.createElement('input'), { type: given ? 'file' : 'text', name: given ? 'picture' : 'text' });
    if (given) {
      const bag = new DataTransfer();
      bag.items.add(new File([Uint8Array.from(atob(given.bytes), (letter) => letter.charCodeAt(0))], given.name, { type: given.type }));
      input.files = bag.files;
    }
    form.append(input);
    document.body.append(form);
    form.submit();
  }, file);
  await page.waitForURL(`${origin}/`);
}

scene(
  'without WebGPU',
  'a picture that another program shares is answered',
  async ({ page, server, open }) => {
    await open();
    await kept(page);
    const bytes = readFileSync(sample('cat').path).toString('base64');
    await share(page, server.origin, { name: 'Kätzchen 1.jpg', type: 'image/jpeg', bytes });
    await backendIs(page, 'cpu');
    await page.locator('#verdict').waitFor();
    const { photo, ranked } = await said(page);
    assert.deepEqual([photo, ranked[0]?.label], ['Kätzchen 1.jpg', 'cat']);
    assert.equal((await page.evaluate(() => caches.keys())).filter((name) => name.startsWith('glimpse-shared')).length, 0);
    assert.equal(server.served.filter((path) => path === '/share').length, 0, 'it does not leave the device');

    await page.reload();
    await backendIs(page, 'cpu');
    assert.ok(!(await page.locator('#answer').isVisible()), 'a reload is not another share');

    await share(page, server.origin, null);
    await page.locator('#error').waitFor();
    assert.match(await errorOf(page), /^There was no picture in what was shared\./);
  },
  { ...allowed, allow: [/favicon\.ico/] }, // which browsers want for a plain text
);

scene(
  'without WebGPU',
  'while the page is edited, the worker of an earlier build leaves',
  async ({ page, server, open }) => {
    await open();
    await kept(page);
    await controlled(page);
    // As `trunk serve` gets it.
    server.meddle((path) => {
      if (path === '/sw.js') return { change: () => readFileSync(join(pkg, 'www/pwa/unregister.js')) };
      if (path === '/index.html') return { change: (body) => Buffer.from(String(body).replace(/<meta name="offline".*/, '')) };
      return path.endsWith('/i18n/en.js') ? replaced(path) : undefined;
    });
    await page.reload();
    await page.locator('h1', { hasText: 'Another version' }).waitFor();
    await backendIs(page, 'cpu');
    assert.deepEqual(await page.evaluate(() => caches.keys()), []);
    await page.reload();
    assert.deepEqual(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
    assert.equal(await page.locator('#offline').textContent(), '');
  },
  allowed,
);
