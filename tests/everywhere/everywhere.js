/** @import { Results } from './results.js' */
/** @import { Connection } from './tab.js' */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import words from '../../www/i18n/en.js';
import zh from '../../www/i18n/zh.js';
import { pkg } from '../browser/chromium.js';
import { sample } from '../browser/samples.js';
import { serve } from '../browser/server.js';
import { host } from '../browser/widget.js';
import { writeResults } from './results.js';
import { Tab } from './tab.js';

/*
 * What people do with the page, in every browser. One browser for all steps, and for each step a server of
 * its own: another port is another origin, so that nothing is remembered.
 */

/** Put first into every page: what its console would show of trouble is kept in `troubles`. */
const LISTEN = `globalThis.troubles = [];
addEventListener('error', (event) => troubles.push(event.message || 'not loaded: ' + (event.target.src || event.target.href)), true);
addEventListener('unhandledrejection', ({ reason }) => troubles.push('unhandled: ' + reason));
addEventListener('securitypolicyviolation', (event) => troubles.push(event.violatedDirective + ' forbids ' + event.blockedURI));
const said = console.error;
console.error = (...all) => { troubles.push(all.join(' ')); said(...all); };
`;

/**
 * @typedef {object} Place
 * @property {Tab} tab
 * @property {Awaited<ReturnType<typeof serve>>} server
 * @property {(path?: string) => Promise<void>} open a page of the server, watched
 * @property {(name: string, content: string | Buffer) => string} file one to upload
 */

/**
 * One browser for the steps of a file.
 *
 * @param {() => Promise<Connection>} start
 * @param {(results: Results) => void} [keep] what they came to
 */
export function stepsIn(start, keep) {
  /** @type {Results['steps']} */
  const steps = [];
  /** @type {Connection} */
  let browser;
  const files = mkdtempSync(join(tmpdir(), 'glimpse-files-'));
  before(async () => {
    browser = await start();
    console.log(`${browser.name} ${browser.version}`);
  });
  after(async () => {
    if (browser) keep?.({ browser: browser.name, version: browser.version, steps });
    await browser?.close();
    rmSync(files, { recursive: true });
  });

  /**
   * @param {string} name
   * @param {(place: Place) => Promise<void>} play
   * @param {{ watched?: boolean, allow?: RegExp }} [options] whether troubles are kept, for which pages are changed on their way; and
   *   those that are provoked
   */
  return (name, play, { watched = true, allow } = {}) =>
    test(name, async () => {
      const result = { name, passed: false };
      steps.push(result);
      const server = await serve(pkg);
      const tab = new Tab(browser);
      server.page('/listen.js', LISTEN);
      if (watched) {
        server.meddle((path) =>
          path.endsWith('.html') ? { change: (body) => Buffer.from(String(body).replace('<head>', '<head><script src="/listen.js"></script>')) } : undefined,
        );
      }
      try {
        await play({
          tab,
          server,
          open: (path = '/') => tab.open(server.origin + path),
          file: (named, content) => {
            const path = join(files, named);
            writeFileSync(path, content);
            return path;
          },
        });
        const troubles = watched ? await tab.evaluate(() => /** @type {any} */ (globalThis).troubles) : [];
        assert.ok(troubles, 'the page was not watched');
        assert.deepEqual(
          troubles.filter((/** @type {string} */ trouble) => !allow?.test(trouble)),
          [],
          'the browser reported trouble',
        );
        result.passed = true;
      } finally {
        await tab.open('about:blank');
        await server.close();
      }
    });
}

/**
 * All steps, in one browser.
 *
 * @param {() => Promise<Connection>} start
 */
export function everywhere(start) {
  const step = stepsIn(start, writeResults);

  step('opens every time, and names a photo that is uploaded, and a sample', async ({ tab, open }) => {
    // A race between the scripts of a page shows in some loads only.
    for (let time = 0; time < 5; time += 1) {
      await open();
      await ready(tab);
    }
    await tab.choose('#file', sample('ship').path);
    assert.match(await verdict(tab, 'ship.jpg'), /ship/);
    await tab.click('[data-sample="cat"]');
    await tab.until('the cat is named', () => /cat/i.test(document.querySelector('#verdict')?.textContent ?? ''));
  });

  step('network and backend can be chosen', async ({ tab, open }) => {
    await open();
    await ready(tab);
    await tab.set('#model', 'cifar10');
    await ready(tab, 'cifar10');
    await tab.set('#backend', 'cpu');
    await ready(tab, 'cifar10', 'cpu');
    await tab.choose('#file', sample('ship').path);
    assert.match(await verdict(tab, 'ship.jpg'), /ship/);
    const timing = await tab.evaluate(() => ({ .../** @type {HTMLElement} */ (document.querySelector('#timing')).dataset }));
    assert.deepEqual([timing.model, timing.backend], ['cifar10', 'cpu']);
    await tab.reload();
    await ready(tab, 'cifar10', 'cpu'); // it is remembered
  });

  step('the language is changed where one stands', async ({ tab, open }) => {
    await open();
    await tab.until('the page speaks', (heading) => document.querySelector('h1')?.textContent === heading, words.page.heading);
    await tab.click('#languages a[lang="zh"]');
    await tab.until('it speaks Chinese', (heading) => document.querySelector('h1')?.textContent === heading, zh.page.heading);
    assert.equal(await tab.evaluate(() => document.documentElement.lang.slice(0, 2)), 'zh');
    await ready(tab);
  });

  step('bad files are refused in words, and the next photo is answered', async ({ tab, open, file }) => {
    await open();
    await ready(tab);
    for (const [name, content] of /** @type {const} */ ([
      ['broken.jpg', 'no photo'],
      ['empty.png', ''],
      ['notes.txt', 'no picture'],
    ])) {
      await tab.choose('#file', file(name, content));
      const error = await tab.until(`${name} is refused`, () => {
        const text = /** @type {HTMLElement | null} */ (document.querySelector('#error-text'));
        return text && text.getClientRects().length > 0 && text.textContent;
      });
      assert.match(error, new RegExp(name));
      await tab.choose('#file', sample('dog').path);
      assert.match(await verdict(tab, 'dog.jpg'), /./);
    }
  });

  step('the live picture is answered', async ({ tab, open }) => {
    await open();
    await ready(tab);
    await tab.click('#live-start');
    await tab.until('the camera runs', () => document.querySelector('#ranked li') && document.querySelector('#timing')?.textContent);
    const size = await tab.evaluate(() => /** @type {HTMLVideoElement} */ (document.querySelector('#live-video')).videoWidth);
    assert.ok(size > 0, 'the video has a size');
    await tab.click('#freeze');
    await tab.until('the picture is frozen', () => !document.documentElement.dataset.live && document.querySelector('#photo')?.getClientRects().length);
  });

  step('where it looked is shown over a photo, on the page and in the element', async ({ tab, server, open }) => {
    await open();
    await ready(tab);
    await tab.choose('#file', sample('dog').path);
    await verdict(tab, 'dog.jpg');
    await tab.click('#where');
    await tab.until('the page shows the map', mapped);
    const tag = '<glimpse-classifier explain src="/www/samples/dog.jpg" model="/www/model/cifar10.safetensors"></glimpse-classifier>';
    server.page('/map.html', host(tag));
    await open('/map.html');
    await tab.until('the element shows the map', mapped);
  });

  step('the element answers in a page of another origin, and so does the iframe', async ({ tab, server }) => {
    const other = await serve(pkg);
    try {
      other.police(
        `default-src 'self'; script-src ${server.origin} 'self' 'wasm-unsafe-eval'; style-src ${server.origin} 'unsafe-inline'; worker-src blob: ${server.origin}; connect-src 'self' ${server.origin}; img-src 'self' ${server.origin} blob: data:; frame-src ${server.origin}`,
      );
      other.page('/listen.js', LISTEN);
      const frame = `<script type="module" src="${server.origin}/www/embed-host.js"></script><iframe src="${server.origin}/embed.html?src=www/samples/ship.jpg&model=www/model/cifar10.safetensors" title="frame" width="500" height="100"></iframe>`;
      const page = host(`<glimpse-classifier src="/www/samples/cat.jpg"></glimpse-classifier>${frame}`, {
        site: server.origin,
        head: '<script src="/listen.js"></script>',
      });
      await tab.open(other.page('/host.html', page));
      const answer = await tab.until('the element answers', () => {
        const card = document.querySelector('glimpse-classifier')?.shadowRoot?.querySelector('.card[aria-busy="false"]');
        const error = card?.querySelector('.error:not([hidden])');
        return error?.textContent || (card?.querySelector('.timing[data-model="photo"]') && card.querySelector('.verdict')?.textContent);
      });
      assert.match(answer, /cat|tabby/i);
      await tab.evaluate(() => document.querySelector('iframe')?.scrollIntoView());
      await tab.until('the iframe has the height that it needs', () => parseFloat(document.querySelector('iframe')?.style.height ?? '') > 300);
    } finally {
      await tab.evaluate(() => {}); // whatever it is at, it is answered
      await other.close();
    }
  });

  step('teach.html learns two classes, answers, and exports them', async ({ tab, open }) => {
    await open('/teach.html');
    await tab.until('it is ready', () => document.documentElement.matches('[data-opened][data-state="ready"]'));
    for (const [place, names] of [
      ['cat', 'dog'],
      ['ship', 'airplane'],
    ].entries()) {
      await tab.click('#class-add');
      await tab.until('there is a class', (count) => document.querySelectorAll('.class-card').length === count, place + 1);
      await tab.evaluate(
        (place) => document.querySelectorAll('.class-card')[place]?.querySelector('input[type="file"]')?.setAttribute('id', `photos-${place}`),
        place,
      );
      await tab.choose(`#photos-${place}`, ...names.map((name) => sample(name).path));
      await tab.until('its photos are there', (count) => document.querySelectorAll('.class-card .tile').length === count, 2 * (place + 1));
    }
    await tab.until('it says how good it is', () => document.querySelector('#accuracy[data-accuracy]'));
    await tab.choose('#file', sample('horse').path);
    await tab.until('it answers', () => document.querySelector('#verdict')?.textContent && document.querySelectorAll('#ranked li').length >= 2);
    const name = await tab.evaluate(() => /model="([^"]+)"/.exec(document.querySelector('#snippet')?.textContent ?? '')?.[1] ?? '');
    const head = await tab.download('#export-head', name);
    assert.ok(head.length > 10_000 && head.length < 200_000, `${head.length} bytes`);
  });

  step('folder.html makes a table of photos, and a file of the table', async ({ tab, open, file }) => {
    await open('/folder.html');
    await tab.visible('#choose-files');
    await tab.choose('#files', sample('cat').path, sample('ship').path, file('torn.jpg', 'no photo'));
    await tab.until(
      'the table is whole',
      () => document.querySelectorAll('.answers tbody tr').length === 2 && /torn\.jpg/.test(document.querySelector('#refused')?.textContent ?? ''),
    );
    const csv = String(await tab.download('#export-csv', 'answers.csv'));
    assert.match(csv, /^picture,sure,class_1,probability_1,/);
    assert.match(csv, /\nship\.jpg,(true|false),ship,/);
  });

  step(
    'without a network it works after one visit',
    async ({ tab, server, open }) => {
      await open();
      await ready(tab);
      await tab.until('all is kept', () => document.querySelector('#offline[data-state="stored"]'));
      await tab.reload();
      await ready(tab);
      await tab.until('the worker is there', () => !!navigator.serviceWorker.controller);
      const { length } = server.served;
      server.meddle(() => ({ status: 503 }));
      await open(); // Marionette’s Refresh goes past the worker; location.reload() does not
      await ready(tab);
      await tab.choose('#file', sample('ship').path);
      assert.match(await verdict(tab, 'ship.jpg'), /ship/);
      assert.deepEqual(
        server.served.slice(length).filter((path) => path !== '/sw.js'),
        [],
        'nothing was fetched but the worker itself',
      );
    },
    { watched: false }, // the service worker keeps nothing that was changed on its way
  );
}

/** In the page: whether there are orange or blue places over a picture. */
function mapped() {
  const root = document.querySelector('glimpse-classifier')?.shadowRoot ?? document;
  const overlay = /** @type {HTMLCanvasElement | null} */ (root.querySelector('canvas.overlay:not([hidden])'));
  if (!overlay || overlay.getBoundingClientRect().width < 100) return false;
  const { data } = /** @type {CanvasRenderingContext2D} */ (overlay.getContext('2d')).getImageData(0, 0, overlay.width, overlay.height);
  return data.some((red, at) => at % 4 === 0 && Math.abs(red - Number(data[at + 2])) > 50 && Number(data[at + 3]) > 50);
}

/**
 * @param {Tab} tab
 * @param {string} [model]
 * @param {string} [backend]
 */
export async function ready(tab, model = 'photo', backend = '') {
  await tab.until(
    `${model} is ready ${backend}`,
    (model, backend) => {
      const { dataset } = document.documentElement;
      return dataset.state === 'ready' && dataset.model === model && (!backend || dataset.backend === backend);
    },
    model,
    backend,
  );
}

/**
 * @param {Tab} tab
 * @param {string} photo whose answer it must be
 */
export function verdict(tab, photo) {
  return tab.until(
    `${photo} is answered`,
    (photo) =>
      document.querySelector('#photo-name')?.textContent === photo &&
      document.documentElement.dataset.state === 'ready' &&
      document.querySelector('#verdict')?.textContent,
    photo,
  );
}
