/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { root, workersEnd } from './chromium.js';
import { demanding } from './network.js';
import { checkerboard, png } from './pictures.js';
import { sample } from './samples.js';
import { atRest, gate, scene } from './scene.js';
import { serve } from './server.js';
import { faultsOf } from './axe.js';
import { withoutHeldOut } from './weights-file.js';
import { LISTEN, cardOf, heard, host, saysOf } from './widget.js';

/*
 * `<glimpse-classifier>` in other people's pages. They all have the strict policy of server.js.
 */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

const TAG = 'glimpse-classifier';
const CAT = '/www/samples/cat.jpg';
const SHIP = '/www/samples/ship.jpg';
/** The network that is small enough to be asked often. */
const SMALL = 'model="/www/model/cifar10.safetensors"';
const SMALL_ID = 'cifar10.safetensors';

/** What may be fetched before the element is seen. */
const SHELL = [
  'element.js',
  'element/glimpse-classifier.js',
  'core/addresses.js',
  'core/errors.js',
  'core/source-to-blob.js',
  'core/threshold.js',
  'element/style-sheet.js',
  'element/when-language-changes.js',
  'element/when-visible.js',
  'ui/styles.js',
  'core/frame-to-png.js',
  'core/pixels-blob.js',
  'core/probe-canvas.js',
];

test('the module can be imported where there is no document', async () => {
  const { GlimpseClassifier } = await import('../../www/element.js');
  assert.equal(typeof GlimpseClassifier, 'function');
});

scene('without WebGPU', 'nothing of the element but its shell is fetched until it is scrolled into view', async ({ page, server }) => {
  await page.goto(server.page('/host.html', host(`<p>${'<br>'.repeat(200)}</p><${TAG} src="${CAT}"></${TAG}>`)));
  await page.waitForFunction(() => customElements.get('glimpse-classifier'));
  await page.waitForTimeout(500);
  const fetched = server.served.filter((path) => !['/host.html', '/www/icon.svg'].includes(path));
  assert.deepEqual(fetched.sort(), SHELL.map((path) => `/www/${path}`).sort());
  assert.equal(page.workers().length, 0);
  await page.locator(TAG).scrollIntoViewIfNeeded();
  const found = await cardOf(page);
  assert.deepEqual([found.error, found.verdict, found.labels[0]], ['', 'It looks like a cat.', 'cat']);
  assert.equal(page.workers().length, 1);
});

scene('without WebGPU', 'the events tell what happens, in order, and bubble', async ({ page, server }) => {
  await page.addInitScript(LISTEN);
  // On a quick machine both networks would be there before the photo is, and the second before anyone is told of its progress.
  const photo = gate();
  server.meddle((path) => (path.endsWith('/model/photo.safetensors') ? { until: photo.until, pause: 50 } : undefined));
  await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}"></${TAG}>`)));
  await page.waitForFunction(() => /** @type {any} */ (globalThis).heard.some((/** @type {any} */ { type }) => type === 'result'));
  photo.open();
  await cardOf(page);
  const events = await heard(page);
  assert.ok(events.every((/** @type {any} */ { bubbles, composed }) => bubbles && composed));
  const kinds = events.map((/** @type {any} */ { type }) => type).filter((/** @type {string} */ type) => type !== 'progress');
  assert.deepEqual(kinds, ['ready', 'result', 'result']);
  const progress = events.filter((/** @type {any} */ { type }) => type === 'progress');
  assert.ok(progress.length > 0);
  for (const { detail } of progress) assert.deepEqual(Object.keys(detail).sort(), ['backend', 'loaded', 'model', 'total']);
  const [ready] = events.filter((/** @type {any} */ { type }) => type === 'ready');
  assert.deepEqual([ready.detail.model, ready.detail.backend, ready.detail.classes.length], ['cifar10', 'cpu', 10]);
  const [first, last] = events.filter((/** @type {any} */ { type }) => type === 'result');
  assert.deepEqual(first.detail, { reply: null, name: 'cat.jpg', final: false, live: false });
  assert.deepEqual(last.detail, { reply: null, name: 'cat.jpg', final: true, live: false });
  assert.deepEqual([first.model, last.model, last.best], ['cifar10', 'photo', 'cat']);
  assert.deepEqual(last.keys, ['backend', 'info', 'milliseconds', 'model', 'none', 'ranked', 'seen', 'specific', 'sure', 'threads', 'vocabulary']);
});

scene('without WebGPU', 'attributes and properties say the same, and each has its effect', async ({ page, server }) => {
  await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" alt="A tabby" ${SMALL} backend="cpu" top-k="4"></${TAG}>`)));
  const first = await cardOf(page, TAG, SMALL_ID);
  assert.equal(first.labels.length, 4);
  assert.equal(first.photo, 'A tabby');
  assert.match(first.timing, /^cifar10\.safetensors on CPU: /);
  assert.equal(first.labels[0], 'cat');

  const element = page.locator(TAG);
  const set = (/** @type {Record<string, any>} */ values) => element.evaluate((found, given) => Object.assign(found, given) && undefined, values);
  assert.deepEqual(
    await element.evaluate((/** @type {any} */ { src, alt, model, backend, topK, webcam, samples, theme, lang }) => ({
      src,
      alt,
      model,
      backend,
      topK,
      webcam,
      samples,
      theme,
      lang,
    })),
    { src: CAT, alt: 'A tabby', model: '/www/model/cifar10.safetensors', backend: 'cpu', topK: 4, webcam: false, samples: [], theme: 'auto', lang: '' },
  );
  await set({ topK: 2, webcam: true, samples: [CAT, SHIP], theme: 'dark', alt: 'A ship' });
  assert.deepEqual(await element.evaluate((found) => ['top-k', 'webcam', 'samples', 'theme', 'alt'].map((name) => found.getAttribute(name))), [
    '2',
    '',
    `${CAT} ${SHIP}`,
    'dark',
    'A ship',
  ]);
  assert.equal((await saysOf(element)).labels.length, 2);
  assert.equal(await page.locator(`${TAG} .samples button`).count(), 2);
  assert.ok(await page.getByRole('button', { name: 'Use the camera' }).isVisible());
  assert.equal(await page.locator(`${TAG} .card`).evaluate((card) => getComputedStyle(card).backgroundColor), 'rgb(22, 29, 32)');
  await set({ theme: 'light' });
  assert.equal(await page.locator(`${TAG} .card`).evaluate((card) => getComputedStyle(card).backgroundColor), 'rgb(253, 251, 247)');

  await set({ src: SHIP });
  await page.locator(`${TAG} .verdict`).getByText('It looks like a ship.').waitFor();
  assert.equal((await saysOf(element)).photo, 'A ship');
  // Another network answers what is shown, and so does another backend's engine.
  await set({ model: '' });
  assert.equal((await cardOf(page)).labels[0], 'ship');
  await set({ backend: 'webgpu' });
  await page.waitForTimeout(100);
  assert.equal((await cardOf(page)).labels[0], 'ship', 'there is no WebGPU here, so the CPU goes on');
  await set({ backend: 'nonsense', topK: -3, theme: 'loud' });
  assert.deepEqual(await element.evaluate((/** @type {any} */ { backend, topK, theme }) => [backend, topK, theme]), ['auto', 3, 'auto']);
  await element.evaluate((found) => found.removeAttribute('src'));
  assert.equal((await saysOf(element)).stage, 'empty');
});

scene('without WebGPU', 'pictures of every kind and of other windows, and what changes around the element', async ({ page, server }) => {
  await page.addInitScript(LISTEN);
  const body = `<div id="around"><${TAG} src="${CAT}" alt="A tabby" ${SMALL} samples="${CAT} /broken.png"></${TAG}></div>`;
  server.page('/broken.png', 'no picture');
  await page.goto(server.page('/host.html', host(body)));
  await cardOf(page, TAG, SMALL_ID);
  const element = page.locator(TAG);
  const asked = (/** @type {string} */ what) =>
    element.evaluate(
      async (/** @type {any} */ found, { what, cat }) => {
        const other = document.body.appendChild(document.createElement('iframe'));
        const theirs = /** @type {any} */ (other.contentWindow);
        const blob = await (await fetch(cat)).blob();
        const give = /** @type {Record<string, () => any>} */ ({
          // In no document, so that nothing but the element makes the browser fetch it.
          lazy: () => Object.assign(new Image(), { loading: 'lazy', src: `${cat}?lazy` }),
          url: () => new theirs.URL(cat, location.href),
          string: () => new String(cat),
          blob: () => new theirs.Blob([blob]),
          file: () => new theirs.File([blob], 'theirs.jpg'),
        });
        try {
          if (what === 'closed') {
            const bitmap = await createImageBitmap(blob);
            const answer = found.classify(bitmap);
            bitmap.close();
            return (await answer).ranked[0].label;
          }
          return (await found.classify(give[what]?.())).ranked[0].label;
        } catch (/** @type {any} */ error) {
          return `${error.code ?? error.name}`;
        } finally {
          other.remove();
        }
      },
      { what, cat: CAT },
    );
  for (const what of ['lazy', 'url', 'string', 'blob', 'file', 'closed']) assert.equal(await asked(what), 'cat', what);
  const cleared = element.evaluate(async (/** @type {any} */ found, cat) => {
    const answer = found.classify(cat).catch((/** @type {any} */ { name }) => name);
    const fresh = document.createElement('glimpse-classifier'); // which hasn't fetched its session yet
    const early = /** @type {any} */ (fresh).classify(cat).catch((/** @type {any} */ { name }) => name);
    found.clear();
    /** @type {any} */ (fresh).clear();
    return Promise.all([answer, early]);
  }, CAT);
  assert.deepEqual(await cleared, ['AbortError', 'AbortError']);

  await element.evaluate((/** @type {any} */ found, ship) => Object.assign(found, { src: ship, alt: 'A ferry' }) && undefined, SHIP);
  await cardOf(page, TAG, SMALL_ID);
  await element.evaluate((found) => found.setAttribute('alt', 'A liner'));
  assert.equal((await saysOf(element)).photo, 'A liner');
  const verdict = page.locator(`${TAG} .verdict`);
  await page.locator('#around').evaluate((around) => around.setAttribute('lang', 'zh'));
  await verdict.getByText('船').waitFor();
  await page.evaluate(() => document.getElementById('around')?.removeAttribute('lang'));
  await verdict.getByText('It looks like a ship.').waitFor();

  assert.equal(await page.locator(`${TAG} .samples button:visible`).count(), 1, 'the broken sample isn’t shown');
  const refused = await element.evaluate((/** @type {any} */ found) => {
    try {
      found.samples = [{ src: 'cat.jpg' }];
      return '';
    } catch (error) {
      return String(error);
    }
  });
  assert.match(refused, /^TypeError: samples are addresses/);

  // A click on a text is no click on a button.
  await page.locator(`${TAG} .verdict`).click();
  assert.equal(await element.evaluate((found) => found.shadowRoot?.activeElement ?? null), null);
  await verdict.dblclick();
  assert.notEqual(await page.evaluate(() => String(getSelection())), '');

  // What watches the window for scripts that fail hears nothing of a picture that can't be had.
  await page.evaluate(() => addEventListener('error', () => Object.assign(globalThis, { alarmed: true })));
  await element.evaluate((/** @type {any} */ found) => void (found.src = '/broken.png'));
  await page.locator(`${TAG} .error p:not(:empty)`).waitFor();
  assert.equal((await heard(page)).at(-1).type, 'error');
  assert.equal(await page.evaluate(() => 'alarmed' in globalThis), false);
});

scene('without WebGPU', 'properties that were set before the element was known count', async ({ page, server }) => {
  const body = `<${TAG}></${TAG}><script type="module" src="/before.js"></script>`;
  server.page(
    '/before.js',
    `Object.assign(document.querySelector('${TAG}'), { src: '${CAT}', topK: 1, model: '/www/model/cifar10.safetensors' }); import('/www/element.js');`,
  );
  const page1 = host(body).replace(/<script type="module" src="\/www\/element.js"><\/script>/, '');
  await page.goto(server.page('/host.html', page1));
  assert.deepEqual((await cardOf(page, TAG, SMALL_ID)).labels, ['cat']);
});

scene('without WebGPU', 'classify() takes whatever shows a picture, seen or not', async ({ page, server }) => {
  const body = `<img src="${CAT}" alt="" id="img"><p>${'<br>'.repeat(200)}</p><${TAG} ${SMALL}></${TAG}>`;
  await page.goto(server.page('/host.html', host(body)));
  const found = await page.evaluate(async (address) => {
    await customElements.whenDefined('glimpse-classifier');
    const element = /** @type {any} */ (document.querySelector('glimpse-classifier'));
    const blob = await (await fetch(address)).blob();
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.drawImage(bitmap, 0, 0);
    const offscreen = new OffscreenCanvas(width, height);
    offscreen.getContext('2d')?.drawImage(bitmap, 0, 0);
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = canvas.captureStream(30);
    document.body.append(video); // a video that isn't in a document gets no pictures
    const drawing = setInterval(() => context.drawImage(bitmap, 0, 0), 30);
    await video.play();
    const img = /** @type {HTMLImageElement} */ (document.getElementById('img'));
    const fresh = new Image();
    fresh.src = `${address}?fresh`;
    /** @type {Record<string, any>} */
    const sources = {
      string: address,
      URL: new URL(address, location.href),
      Blob: blob,
      File: new File([blob], 'a cat.jpg'),
      ImageData: context.getImageData(0, 0, width, height),
      canvas,
      offscreen,
      bitmap,
      video,
      img,
      'an image that is still loading': fresh,
    };
    /** @type {Record<string, string>} */
    const labels = {};
    for (const [kind, source] of Object.entries(sources)) {
      const outcome = await element.classify(source);
      labels[kind] = `${outcome.ranked[0].label} ${outcome.ranked[0].probability > 0.6} ${outcome.seen.width}`;
    }
    clearInterval(drawing);
    const detached = document.createElement('glimpse-classifier');
    detached.setAttribute('model', '/www/model/cifar10.safetensors');
    labels.detached = (await detached.classify(canvas)).model;
    // It is the picture of the moment of the call that counts.
    const asked = element.classify(canvas);
    context.fillRect(0, 0, width, height);
    labels.moment = (await asked).ranked[0].label;
    return { labels, still: bitmap.width > 0 };
  }, CAT);
  const { detached, moment, ...labels } = found.labels;
  for (const [kind, label] of Object.entries(labels)) assert.equal(label, 'cat true 32', kind);
  assert.deepEqual([detached, moment, found.still], [SMALL_ID, 'cat', true]);
  assert.equal(page.workers().length, 1);
});

scene(
  'without WebGPU',
  'the newest classify() wins, and clear() and removal end it',
  async ({ page, server }) => {
    await page.goto(server.page('/host.html', host(`<${TAG} ${SMALL}></${TAG}>`)));
    const found = await page.evaluate(
      async ([cat, ship]) => {
        await customElements.whenDefined('glimpse-classifier');
        const element = /** @type {any} */ (document.querySelector('glimpse-classifier'));
        const ends = (/** @type {Promise<any>} */ asked) =>
          asked.then(
            ({ ranked }) => ranked[0].label,
            ({ name }) => name,
          );
        const two = [element.classify(cat), element.classify(ship)].map(ends);
        const answers = await Promise.all(two);
        const cleared = ends(element.classify(cat));
        element.clear();
        const removed = ends(element.classify(cat));
        // Only what is awake can be interrupted; a moment passes until the call has got there.
        await Promise.resolve();
        element.remove();
        return [...answers, await cleared, await removed];
      },
      [CAT, SHIP],
    );
    assert.deepEqual(found.slice(0, 2), ['AbortError', 'ship']);
    assert.equal(found[3], 'AbortError');
  },
  { allow: [/ERR_ABORTED/] },
);

scene('without WebGPU', 'elements of the same model and backend share one worker', async ({ page, server }) => {
  const body = `<${TAG} id="a" src="${CAT}" ${SMALL}></${TAG}><${TAG} id="b" src="${SHIP}" ${SMALL}></${TAG}><${TAG} id="c" src="${SHIP}" backend="cpu" ${SMALL}></${TAG}>`;
  await page.setViewportSize({ width: 800, height: 3000 });
  await page.goto(server.page('/host.html', host(body)));
  const labels = await Promise.all(['#a', '#b', '#c'].map(async (id) => (await cardOf(page, id, SMALL_ID)).labels[0]));
  assert.deepEqual(labels, ['cat', 'ship', 'ship']);
  assert.equal(page.workers().length, 2, 'one for auto and one for cpu');
  assert.equal(server.served.filter((path) => path.endsWith('cifar10.safetensors')).length, 2);
});

scene('without WebGPU', 'it can be removed, put back and moved as often as one likes, and leaves nothing behind', async ({ page, server }) => {
  await page.clock.install();
  await page.goto(server.page('/host.html', host(`<main></main><aside></aside><${TAG} src="${CAT}" ${SMALL} webcam></${TAG}>`)));
  await cardOf(page, TAG, SMALL_ID);
  assert.equal(page.workers().length, 1);
  const again = () =>
    page.evaluate(async () => {
      const element = /** @type {any} */ (document.querySelector('glimpse-classifier'));
      const [main, aside] = ['main', 'aside'].map((name) => /** @type {Element} */ (document.querySelector(name)));
      for (let turn = 0; turn < 20; turn += 1) {
        (turn % 2 ? main : aside)?.append(element); // moved
        element.remove();
        await Promise.resolve(); // removed for good, as far as anybody can tell
        document.body.append(element);
        const fresh = document.createElement('glimpse-classifier');
        fresh.setAttribute('model', '/www/model/cifar10.safetensors');
        main?.append(fresh);
        await fresh.classify('/www/samples/ship.jpg');
        fresh.remove();
      }
      return (await element.classify('/www/samples/ship.jpg')).ranked[0].label;
    });
  assert.equal(await again(), 'ship');
  assert.equal(page.workers().length, 1);
  const before = await metrics(page);
  assert.equal(await again(), 'ship');
  const after = await metrics(page);
  assert.ok(after.JSEventListeners <= before.JSEventListeners + 3, `${before.JSEventListeners} listeners became ${after.JSEventListeners}`);
  assert.ok(after.Nodes <= before.Nodes + 10, `${before.Nodes} nodes became ${after.Nodes}`);
  assert.equal(page.workers().length, 1);

  await page.evaluate(() => {
    const element = document.querySelector('glimpse-classifier');
    Object.assign(globalThis, { kept: element });
    element?.remove();
  });
  await page.clock.fastForward('00:09');
  assert.equal(page.workers().length, 1, 'somebody may put it back');
  await page.clock.fastForward('00:02');
  await workersEnd(page);
  await page.evaluate(() => document.body.append(/** @type {any} */ (globalThis).kept));
  assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'ship', 'what it showed stays');
  await page.locator(TAG).evaluate((found) => found.setAttribute('src', '/www/samples/dog.jpg'));
  await page.locator(`${TAG} .name`).getByText('dog.jpg').waitFor();
  assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'dog');
  assert.equal(page.workers().length, 1);
});

scene(
  'without WebGPU',
  'what was interrupted by a removal goes on when it is back',
  async ({ page, server }) => {
    let arrive = () => {};
    const until = new Promise((resolve) => (arrive = () => resolve(null)));
    server.meddle((path) => (path === CAT ? { until } : undefined));
    await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" ${SMALL}></${TAG}>`)));
    await page.locator(`${TAG} .card[aria-busy="true"]`).waitFor();
    await page.locator(TAG).evaluate(async (found) => {
      found.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      document.body.append(found);
    });
    arrive();
    server.meddle();
    assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'cat');
  },
  { allow: [/ERR_ABORTED/] },
);

const HOSTILE = `
  * { all: unset !important; font-size: 3px !important; color: red !important; letter-spacing: 1em !important; }
  html { font-size: 3px; }
  div, p, button, canvas, ol, li, span, progress, input { display: none !important; position: absolute !important; }
  button { background: red !important; transform: rotate(20deg); }
  :root { --card: red; --ink: red; --accent: red; --share: 1; --corner: 9em; --round: 9em; }
  body, html, glimpse-classifier { display: block !important; text-transform: uppercase; direction: rtl; cursor: wait; }
  glimpse-classifier { width: 480px !important; }
`;
const FRIENDLY = 'glimpse-classifier { width: 480px; }';

/**
 * Waits until the element changes no more: its pictures are there, its bars have grown, and nothing has come or gone for
 * most of a second.
 * @param {Page} page
 */
function settled(page) {
  return page.waitForFunction(() => {
    const shadow = document.querySelector('glimpse-classifier')?.shadowRoot;
    const memory = /** @type {{ shown?: string, since?: number }} */ (globalThis);
    const shown = shadow?.innerHTML ?? '';
    if (shown !== memory.shown) Object.assign(memory, { shown, since: performance.now() });
    const still = document.getAnimations().every(({ playState }) => playState !== 'running');
    const complete = [...(shadow?.querySelectorAll('img') ?? [])].every((image) => image.complete);
    return still && complete && performance.now() - (memory.since ?? 0) > 900;
  });
}

scene('without WebGPU', 'neither does the page’s style get in, nor does its own get out', async ({ page, server }) => {
  const looks = async (/** @type {string} */ css, /** @type {string} */ body) => {
    server.page('/host.css', css);
    await page.goto(server.page('/host.html', host(body, { head: '<link rel="stylesheet" href="/host.css">' })));
    if (body.includes(TAG)) await cardOf(page, TAG, SMALL_ID);
    await settled(page);
    return page.evaluate(() => {
      /** @type {Record<string, any>} */
      const found = {};
      for (const [at, inner] of [...(document.querySelector('glimpse-classifier')?.shadowRoot?.querySelectorAll('*') ?? [])].entries()) {
        const style = getComputedStyle(inner);
        const { x, y, width, height } = inner.getBoundingClientRect();
        const origin = document.querySelector('glimpse-classifier')?.getBoundingClientRect();
        const told = [...style].filter((name) => !name.startsWith('--')).map((name) => `${name}: ${style.getPropertyValue(name)}`);
        const box = [x - (origin?.x ?? 0), y - (origin?.y ?? 0), width, height].map(Math.round);
        found[`${at} ${inner.localName}.${inner.className}`] = [...told, ...(inner.checkVisibility() ? [`box: ${box}`] : [])];
      }
      const outside = [...document.querySelectorAll('button, p, progress')].map((outer) => {
        const style = getComputedStyle(outer);
        return [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`);
      });
      return { found, outside };
    });
  };
  const element = `<${TAG} src="${CAT}" ${SMALL} samples="${CAT}" webcam></${TAG}>`;
  const friendly = await looks(FRIENDLY, element);
  const hostile = await looks(HOSTILE, element);
  assert.ok(Object.keys(friendly.found).length > 40);
  assert.deepEqual(Object.keys(hostile.found), Object.keys(friendly.found));
  for (const [name, styles] of Object.entries(friendly.found)) {
    const differences = styles.filter(
      (/** @type {string} */ style) =>
        !hostile.found[name]?.includes(style) && !/^(box|.*(inline-size|block-size|width|height|origin|inset.*)):.*\d\.\d/.test(style),
    );
    assert.deepEqual(differences, [], name);
  }
  const outside = '<p>A page</p><button>One</button><progress></progress>';
  assert.deepEqual((await looks('', outside + element)).outside, (await looks('', outside)).outside);
});

for (const [what, body, code, sentence] of /** @type {[string, string, string, RegExp][]} */ ([
  ['a picture that is missing', 'src="/nowhere.jpg"', 'picture-status', /^“nowhere\.jpg” could not be fetched: the server answered 404\.$/],
  ['an address that is none', 'src="http://[bad"', 'picture-address', /^“http:\/\/\[bad” is no address of a picture\.$/],
  ['a damaged picture', 'src="/damaged.jpg"', 'file-unreadable', /^“damaged\.jpg” could not be opened as a picture\./],
  ['an empty picture', 'src="/empty.jpg"', 'file-empty', /^“empty\.jpg” is an empty file/],
  ['a network that is missing', 'model="/none.safetensors"', 'weights', /weights could not be fetched/],
  ['a network that is none', 'model="/damaged.jpg"', 'network-refused', /weights can’t be used/],
])) {
  scene(
    'without WebGPU',
    `${what} is an error event and a sentence`,
    async ({ page, server }) => {
      server.page('/damaged.jpg', 'no picture');
      server.page('/empty.jpg', '');
      await page.addInitScript(LISTEN);
      await page.goto(server.page('/host.html', host(`<${TAG} ${body} ${body.startsWith('model') ? '' : SMALL}></${TAG}>`)));
      const found = await cardOf(page, TAG, SMALL_ID);
      assert.match(found.error, sentence);
      const errors = (await heard(page)).filter((/** @type {any} */ { type }) => type === 'error');
      assert.equal(errors.length, 1);
      assert.deepEqual([errors[0].detail.code, errors[0].detail.message, errors[0].bubbles, errors[0].composed], [code, found.error, false, false]);
      if (body.startsWith('model')) return;
      assert.equal(found.stage, 'empty');
      await page.locator(TAG).evaluate((element, address) => element.setAttribute('src', address), CAT);
      await page.locator(`${TAG} .verdict`).getByText('It looks like a cat.').waitFor();
      assert.equal((await saysOf(page.locator(TAG))).error, '');
    },
    { allow: [/nowhere\.jpg/, /none\.safetensors/] },
  );
}

scene(
  'without WebGPU',
  'a picture whose server keeps it to itself is an error, given as an address or as an image',
  async ({ page, server }) => {
    const other = await serve(`${root}www/samples`);
    try {
      other.head({ 'access-control-allow-origin': null });
      server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src *; connect-src *");
      await page.addInitScript(LISTEN);
      await page.goto(
        server.page('/host.html', host(`<img id="img" src="${other.origin}/cat.jpg" alt=""><${TAG} ${SMALL} src="${other.origin}/cat.jpg"></${TAG}>`)),
      );
      assert.match(
        (await cardOf(page, TAG, SMALL_ID)).error,
        /“cat\.jpg” could not be fetched: it is missing, the connection is down, or its server doesn’t let other sites read it/,
      );
      const rejected = await page.evaluate(async () => {
        const element = /** @type {any} */ (document.querySelector('glimpse-classifier'));
        const code = (/** @type {any} */ source) => element.classify(source).then(String, (/** @type {any} */ error) => error.code);
        return [await code(document.getElementById('img')), await code(new Image()), await code({}), await code(7), await code(null)];
      });
      assert.deepEqual(rejected, ['picture-tainted', 'picture-missing', 'picture-unknown', 'picture-unknown', 'picture-unknown']);
      assert.deepEqual((await heard(page)).map((/** @type {any} */ { detail }) => detail.code).filter(Boolean), ['picture-fetch', ...rejected]);
    } finally {
      await other.close();
    }
  },
  { allow: [/foreign/, /CORS/, /ERR_FAILED/] },
);

scene(
  'without WebGPU',
  'after an engine that could not be had, another try is offered',
  async ({ page, server }) => {
    await page.addInitScript(LISTEN);
    server.meddle((path) => (path.endsWith('.safetensors') ? { status: 503 } : undefined));
    await page.goto(server.page('/host.html', host(`<${TAG} ${SMALL} src="${CAT}"></${TAG}>`)));
    assert.match((await cardOf(page, TAG, SMALL_ID)).error, /could not be fetched/);
    // Another one on the same engine is told once, too, and what helps one helps both.
    await page.evaluate((address) => {
      const second = document.createElement('glimpse-classifier');
      for (const [name, value] of Object.entries({ id: 'second', src: address, model: '/www/model/cifar10.safetensors' })) second.setAttribute(name, value);
      document.body.append(second);
      second.scrollIntoView();
    }, CAT);
    assert.match((await cardOf(page, '#second', SMALL_ID)).error, /could not be fetched/);
    await page.waitForTimeout(200);
    assert.equal((await heard(page)).filter((/** @type {any} */ { type }) => type === 'error').length, 2);
    server.meddle();
    await page.locator('#second').getByRole('button', { name: 'Try again' }).click();
    for (const which of [TAG, '#second']) await page.locator(`${which} .verdict`).first().getByText('It looks like a cat.').waitFor();
  },
  { allow: [/503/] },
);

scene('without WebGPU', 'a network may come from an address that is in the page: blob: and data:', async ({ page, server }) => {
  server.police(''); // a page’s own policy may forbid such addresses
  await page.goto(server.page('/host.html', host('')));
  for (const kind of ['blob', 'data']) {
    await page.evaluate(
      async ([kind, picture]) => {
        const weights = await (await fetch('/www/model/cifar10.safetensors')).blob();
        const asData = () =>
          new Promise((resolve) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result);
            reader.readAsDataURL(weights);
          });
        const element = document.createElement('glimpse-classifier');
        element.setAttribute('model', kind === 'blob' ? URL.createObjectURL(weights) : await asData());
        element.setAttribute('src', String(picture));
        document.body.replaceChildren(element);
      },
      [kind, SHIP],
    );
    const { error, labels } = await cardOf(page, TAG, 'own');
    assert.deepEqual([error, labels[0]], ['', 'ship'], kind);
  }
});

scene('without WebGPU', 'the page may say from when on an answer is sure', async ({ page, server }) => {
  await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" ${SMALL} threshold="1"></${TAG}>`)));
  const found = await cardOf(page, TAG, SMALL_ID);
  assert.match(found.verdict, /^Not sure\./);
  const element = page.locator(TAG);
  const sure = () => element.evaluate((one) => /** @type {any} */ (one).outcome.sure);
  assert.equal(await sure(), false);
  await element.evaluate((one) => Object.assign(one, { threshold: 0.2 }));
  await element.locator('.verdict').getByText('It looks like a cat.').waitFor();
  assert.equal(await sure(), true);
  await element.evaluate((one) => one.setAttribute('threshold', 'high')); // which is none: the weights file decides
  assert.equal(await element.evaluate((one) => /** @type {any} */ (one).threshold), null);
  assert.equal(await element.evaluate((one, address) => /** @type {any} */ (one).classify(address).then((/** @type {any} */ { sure }) => sure), CAT), true);
  await element.evaluate((one) => Object.assign(one, { threshold: 1 }));
  assert.equal(await element.evaluate((one, address) => /** @type {any} */ (one).classify(address).then((/** @type {any} */ { sure }) => sure), CAT), false);
});

scene('without WebGPU', 'asked yes or no, it answers, and says how good that answer is at the threshold', async ({ page, server }) => {
  await page.addInitScript(LISTEN);
  const photo = 'model="/www/model/photo.safetensors"';
  await page.goto(server.page('/host.html', host(`<main><h1>Pets</h1><${TAG} src="${CAT}" ${photo} ask="cat, dog" curve></${TAG}></main>`)));
  await cardOf(page, TAG, 'photo.safetensors');
  const element = page.locator(TAG);
  const reply = element.locator('#reply');
  const figures = element.locator('.answer-figures');
  assert.match((await reply.textContent()) ?? '', /^Is it a cat or a dog\? Yes The network gives it >?[\d.]+%; from 50% on the answer is yes\.$/);
  assert.match((await figures.textContent()) ?? '', /precision.*recall.*F1 is [\d.]+%\. Measured on [\d,]+ pictures/s);
  assert.ok(await figures.locator('svg').isVisible());
  assert.match((await element.locator('[role="status"]').allTextContents()).join(), /Is it a cat or a dog\? Yes/, 'it is read out');
  const last = async () => (await heard(page)).filter((/** @type {any} */ { type }) => type === 'result').pop().detail.reply;
  const first = await last();
  assert.deepEqual([first.classes, first.yes, first.threshold, first.figures.pictures], [['cat', 'dog'], true, 0.5, 3852]);
  assert.deepEqual(await faultsOf(page), []);

  // Thresholds by what was held out, as in the terminal.
  const set = (/** @type {Record<string, string>} */ attributes) =>
    element.evaluate((one, attributes) => {
      for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    }, attributes);
  await set({ ask: 'animal', threshold: 'precision=0.95' });
  await reply.getByText('Is it an animal?').waitFor();
  const [, precision = ''] = /From here on ([\d.]+)%/.exec((await figures.textContent()) ?? '') ?? [];
  assert.ok(Number(precision) >= 95, precision);
  assert.equal(await element.evaluate((one) => /** @type {any} */ (one).threshold), 'precision=0.95');
  const shipAt = async (/** @type {string} */ threshold) => {
    await set({ threshold });
    await element.evaluate((one, address) => /** @type {any} */ (one).classify(address), SHIP);
    return last();
  };
  const atHalf = await shipAt('0.5');
  const ship = await shipAt('best-f1');
  assert.deepEqual([ship.group, ship.yes], ['animal', false]);
  assert.ok(ship.figures.f1 >= atHalf.figures.f1 && ship.threshold === ship.figures.threshold && ship.threshold !== 0.5);
  await set({ ask: 'zebra' });
  await reply.getByText('no class of this name: “zebra”').waitFor();
  await element.evaluate((one) => one.removeAttribute('ask'));
  await reply.waitFor({ state: 'hidden' });
  assert.equal(await element.evaluate((one) => /** @type {any} */ (one).outcome.sure), true, 'best-f1 is for questions alone');

  // A file that knows no pictures held out has answers, but no figures and no such threshold.
  server.meddle((path) => (path.endsWith('cifar10.safetensors') ? { change: withoutHeldOut } : undefined));
  await set({ ask: 'ship', model: '/www/model/cifar10.safetensors', threshold: '0.4' });
  await reply.getByText('from 40% on the answer is yes').waitFor();
  assert.equal(await figures.isVisible(), false);
  await set({ threshold: 'best-f1' });
  await reply.getByText('There is no such threshold').waitFor();
});

scene('without WebGPU', 'a picture between the tags is for browsers without scripts, and is classified', async ({ page, server }) => {
  const picture = `<img src="${CAT}" alt="A tabby" width="128" />`;
  await page.goto(server.page('/host.html', host(`${'<p>…</p>'.repeat(100)}<${TAG} ${SMALL}>${picture}</${TAG}>`)));
  await page.waitForFunction((tag) => customElements.get(tag), TAG);
  assert.ok(await page.locator(`${TAG} > img`).isVisible(), 'until the element is seen, it shows the picture');
  await page.locator(TAG).scrollIntoViewIfNeeded();
  assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'cat');
  assert.equal(await page.locator(`${TAG} canvas.photo`).getAttribute('aria-label'), 'A tabby');
  await page.locator(TAG).evaluate((element, address) => element.setAttribute('src', address), SHIP);
  await page.locator(`${TAG} .verdict`).getByText('It looks like a ship.').waitFor();
});

scene(
  'without WebGPU',
  'the page may say which camera',
  async ({ page, server }) => {
    await page.goto(server.page('/host.html', host(`<${TAG} ${SMALL}></${TAG}>`)));
    const id = () =>
      page.locator(TAG).evaluate((element) => {
        const stream = /** @type {MediaStream | null | undefined} */ (element.shadowRoot?.querySelector('video')?.srcObject);
        return stream?.getVideoTracks()[0]?.getSettings().deviceId ?? '';
      });
    await page.locator(TAG).evaluate((element) => /** @type {any} */ (element).startCamera());
    const first = await id();
    const other = await page.evaluate(
      async (known) =>
        (await navigator.mediaDevices.enumerateDevices()).find(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== known)?.deviceId ?? '',
      first,
    );
    assert.ok(first && other, 'there are two');
    await page.locator(TAG).evaluate((element, wanted) => Object.assign(element, { camera: wanted }), other);
    for (const end = Date.now() + 10_000; (await id()) !== other; ) assert.ok(Date.now() < end, 'the other camera is not taken');
    await page.locator(TAG).evaluate((element) => /** @type {any} */ (element).stopCamera());
    await page.locator(TAG).evaluate((element, wanted) => /** @type {any} */ (Object.assign(element, { camera: wanted })).startCamera(), first);
    assert.equal(await id(), first);
  },
  { camera: { flags: ['--use-fake-device-for-media-stream=device-count=2'] } },
);

scene('without WebGPU', 'the keyboard alone gets to an answer, and the focus isn’t lost', async ({ page, server }) => {
  // Long before it is needed: from then on the browser hands the dialog over, and it must have heard so.
  const chosen = page.waitForEvent('filechooser');
  chosen.catch(() => {}); // where an earlier assertion fails
  await page.goto(server.page('/host.html', host(`<button>before</button><${TAG} ${SMALL} samples="${CAT} ${SHIP}" webcam></${TAG}><button>after</button>`)));
  await page.locator(`${TAG} .card`).waitFor();
  const focus = () =>
    page.evaluate(() => {
      const inside = document.activeElement?.shadowRoot?.activeElement;
      return (inside ?? document.activeElement)?.textContent || inside?.querySelector('img')?.alt;
    });
  const reached = [];
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    reached.push(await focus());
  }
  assert.deepEqual(reached, ['before', 'Choose a file', 'Use the camera', 'A cat', 'A ship', 'after']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  const found = await cardOf(page, TAG, SMALL_ID);
  assert.equal(found.labels[0], 'ship');
  assert.equal(await focus(), 'A ship');
  assert.match(found.announced, /^It looks like a ship\. The network is .+ sure\.$/);

  // A file chosen with the keyboard: the button that did it is gone afterwards.
  await page.locator(TAG).evaluate((element) => /** @type {any} */ (element).clear());
  const choose = page.locator(`${TAG} .invite .button`).first();
  await choose.waitFor();
  await choose.focus();
  assert.equal(await focus(), 'Choose a file');
  await page.keyboard.press('Enter');
  await (await chosen).setFiles(sample('dog').path);
  assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'dog');
  assert.equal(await focus(), 'Choose another photo');
  await page.locator(TAG).evaluate((element) => element.focus());
  assert.equal(await focus(), 'Choose another photo', 'the element passes the focus on');
});

scene('without WebGPU', 'files can be dropped, and pasted while the card has the focus', async ({ page, server }) => {
  await page.goto(server.page('/host.html', host(`<button>outside</button><${TAG} ${SMALL}></${TAG}>`)));
  await page.locator(`${TAG} .card`).waitFor();
  const give = (/** @type {string} */ type, /** @type {string} */ address, /** @type {string | null} */ inner) =>
    page.evaluate(
      async ([kind, url, within]) => {
        const file = new File([await (await fetch(String(url))).blob()], 'given.jpg', { type: 'image/jpeg' });
        const data = new DataTransfer();
        data.items.add(file);
        const target = within ? document.querySelector('glimpse-classifier')?.shadowRoot?.querySelector(within) : document.body;
        const common = { bubbles: true, composed: true, cancelable: true };
        const event =
          kind === 'drop' ? new DragEvent('drop', { ...common, dataTransfer: data }) : new ClipboardEvent('paste', { ...common, clipboardData: data });
        return target?.dispatchEvent(event);
      },
      [type, address, inner],
    );
  assert.equal(await give('drop', CAT, '.stage'), false);
  assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'cat');
  assert.equal(await give('paste', SHIP, 'button'), false);
  await page.locator(`${TAG} .verdict`).getByText('It looks like a ship.').waitFor();
  assert.equal(await give('paste', CAT, null), true, 'what is pasted elsewhere is the page’s business');
  assert.equal(await give('drop', CAT, null), true);
  assert.equal((await saysOf(page.locator(TAG))).labels[0], 'ship');
});

scene('without WebGPU', 'it has a role and a name, the page’s own where there is one, and tells only the last answer', async ({ page, server }) => {
  await page.addInitScript(() => {
    const told = Object.assign(globalThis, { told: /** @type {string[]} */ ([]) }).told;
    addEventListener('result', ({ target }) => {
      const region = /** @type {Element} */ (target).shadowRoot?.querySelector('[role="status"]');
      if (!region || 'watched' in region) return;
      Object.assign(region, { watched: true });
      new MutationObserver(() => told.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
    });
  });
  await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}"></${TAG}><${TAG} aria-label="Which bird?"></${TAG}>`)));
  await cardOf(page, `${TAG}[src]`);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const named = nodes.map(({ role, name }) => `${role?.value}: ${name?.value}`);
  for (const each of ['group: Image classifier', 'group: Which bird?', 'image: Your photo: cat.jpg'])
    assert.ok(named.includes(each), `${each} is not in ${named.join(', ')}`);
  const told = () => page.evaluate(() => /** @type {any} */ (globalThis).told.filter(Boolean));
  await page.waitForTimeout(300);
  assert.equal((await told()).length, 1, (await told()).join(' | '));
  // However fast a page asks, nobody is read to faster than can be listened to.
  await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('glimpse-classifier'));
    for (const name of ['ship', 'dog', 'bird', 'cat', 'ship']) await element.classify(`/www/samples/${name}.jpg`);
  });
  await page.waitForTimeout(1700);
  const all = await told();
  assert.ok(all.length <= 4, all.join(' | '));
  assert.match(all.at(-1), /ship/);
});

scene('without WebGPU', 'a picture of none of the classes is said to be that', async ({ page, server }) => {
  server.meddle(demanding({ ofName: 1 }));
  await page.goto(server.page('/host.html', host(`<${TAG}></${TAG}>`)));
  await page.locator(`${TAG} .card`).waitFor();
  await page.setInputFiles(`${TAG} input[type="file"]`, { name: 'board.png', mimeType: 'image/png', buffer: checkerboard() });
  const found = await cardOf(page);
  assert.match(found.verdict, /none of its 10 classes\.$/i);
  assert.match(found.confidence, /^Among 1,000 names: perhaps “.+” \(.+%\)\.$/);
  await page.setInputFiles(`${TAG} input[type="file"]`, { name: 'nothing.png', mimeType: 'image/png', buffer: png(300, 300) });
  await page.locator(`${TAG} .name`).getByText('nothing.png').waitFor();
});

scene('without WebGPU', 'the language is that of the element, of the text around it, or of the browser', async ({ page, server }) => {
  const body = `<div lang="zh-CN"><${TAG} id="a" src="${CAT}" ${SMALL}></${TAG}><${TAG} id="b" lang="en-GB" src="${CAT}" ${SMALL}></${TAG}></div>`;
  await page.setViewportSize({ width: 800, height: 2000 });
  await page.goto(server.page('/host.html', host(body)));
  const [chinese, english] = await Promise.all([cardOf(page, '#a', SMALL_ID), cardOf(page, '#b', SMALL_ID)]);
  assert.equal(chinese.names[0], '猫 cat');
  assert.equal(english.names[0], 'cat');
  await page.locator('#b').evaluate((element) => element.setAttribute('lang', 'zh'));
  await page.locator('#b .label').first().getByText('猫 cat').waitFor();
});

scene('without WebGPU', 'the camera is offered where that is wanted, and let go with the element', async ({ page, server }) => {
  await page.addInitScript(LISTEN);
  await page.addInitScript(fakeCamera, CAT);
  const body = `<${TAG} id="a" webcam ${SMALL}></${TAG}><${TAG} id="b" webcam ${SMALL}></${TAG}><${TAG} id="c" ${SMALL}></${TAG}>`;
  await page.setViewportSize({ width: 800, height: 2500 });
  await page.goto(server.page('/host.html', host(body)));
  await page.locator('#c .card').waitFor();
  assert.equal(await page.locator('#c').getByRole('button', { name: 'Use the camera' }).count(), 0);
  assert.ok(!server.served.includes('/www/camera/live-session.js'), 'nothing of the camera is fetched before');
  await page.locator('#a').getByRole('button', { name: 'Use the camera' }).click();
  await page.locator('#a .verdict').getByText('It looks like a cat.').waitFor();
  assert.ok((await heard(page)).some((/** @type {any} */ { type, detail }) => type === 'result' && detail.live && !detail.final));
  assert.equal(await tracks(page), 'live');

  // One camera for the page: whoever switches it on takes it.
  await page.locator('#b').getByRole('button', { name: 'Use the camera' }).click();
  await page.locator('#b .verdict').getByText('It looks like a cat.').waitFor();
  assert.equal((await saysOf(page.locator('#a'))).stage, 'empty');
  assert.equal(await tracks(page), 'ended,live');

  await page.locator('#b').getByRole('button', { name: 'Freeze' }).click();
  await page.locator('#b .card[aria-busy="false"]:has(.stage[data-state="photo"])').waitFor();
  assert.equal((await cardOf(page, '#b', SMALL_ID)).labels[0], 'cat');
  assert.equal(await tracks(page), 'ended,ended');
  assert.ok((await heard(page)).some((/** @type {any} */ { type, detail }) => type === 'result' && !detail.live && detail.final));

  await page.locator('#b').getByRole('button', { name: 'Use the camera' }).click();
  await page.locator('#b .verdict').getByText('It looks like a cat.').waitFor();
  await page.locator('#b').evaluate((element) => element.remove());
  await page.waitForTimeout(50);
  assert.equal(await tracks(page), 'ended,ended,ended');

  await page.locator('#a').getByRole('button', { name: 'Use the camera' }).click();
  await page.locator('#a .verdict').getByText('It looks like a cat.').waitFor();
  await page.locator('#a').getByRole('button', { name: 'Stop' }).click();
  assert.equal((await saysOf(page.locator('#a'))).stage, 'empty');
  assert.equal(await tracks(page), 'ended,ended,ended,ended');
});

scene('without WebGPU', 'attributes say how a picture is prepared, and what is shown is answered again', async ({ page, server }) => {
  await page.addInitScript(fakeCamera, CAT);
  await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" ${SMALL} contrast framing="stretch" denoise="off"></${TAG}>`)));
  await cardOf(page, TAG, SMALL_ID);
  const element = page.locator(TAG);
  const values = await element.evaluate((/** @type {any} */ { contrast, colour, denoise, framing }) => [contrast, colour, denoise, framing]);
  assert.deepEqual(values, [true, null, false, 'stretch']);
  /** What the network saw, after a change and the answer that it leads to. */
  const seen = (/** @type {Record<string, unknown>} */ change) =>
    element.evaluate(async (/** @type {any} */ found, given) => {
      const before = found.outcome;
      Object.assign(found, given);
      while (!found.outcome || (found.outcome === before && Object.keys(given).length > 0)) await new Promise(requestAnimationFrame);
      return [...found.outcome.seen.data].join();
    }, change);
  const first = await seen({});
  const plain = await seen({ contrast: null });
  const square = await seen({ framing: 'crop' });
  const tinted = await seen({ colour: true });
  const smooth = await seen({ denoise: true, colour: null });
  assert.equal(new Set([first, plain, square, tinted, smooth]).size, 5, 'each has its effect');
  assert.equal(await seen({ denoise: false }), square);

  // The live picture, which shows the same cat, is prepared in the same way: what is seen is nearer to the whole than to the square.
  const whole = await seen({ framing: 'stretch' });
  await element.evaluate((/** @type {any} */ found) => found.startCamera());
  await page.waitForFunction(
    ([near, far]) => {
      const { outcome } = /** @type {any} */ (document.querySelector('glimpse-classifier'));
      const distance = (/** @type {string | undefined} */ other) =>
        (other ?? '').split(',').reduce((sum, value, at) => sum + Math.abs(Number(value) - outcome.seen.data[at]), 0);
      return outcome && distance(near) < distance(far) / 2;
    },
    [whole, square],
  );
});

scene('without WebGPU', 'code switches the camera, reads the answer, and waits until the element is ready, unseen too', async ({ page, server }) => {
  await page.addInitScript(fakeCamera, CAT);
  await page.goto(server.page('/host.html', host(`<p>${'<br>'.repeat(200)}</p><${TAG} ${SMALL} loading="eager"></${TAG}>`)));
  const element = page.locator(TAG);
  const run = (/** @type {(element: any) => unknown} */ what) => element.evaluate(what);
  assert.deepEqual(await run(async (found) => [(await found.ready).model, found.outcome, found.loading]), [SMALL_ID, null, 'eager']);
  assert.equal(await page.evaluate(() => scrollY), 0);

  await run((found) => found.startCamera());
  assert.equal(await tracks(page), 'live');
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('glimpse-classifier')).outcome?.ranked[0].label === 'cat');
  await run((found) => (found.topK = 2));
  assert.equal(await tracks(page), 'live', 'what the element doesn’t offer goes on all the same');
  const ended = await run(async (found) => {
    const ends = (/** @type {Promise<void>} */ call) =>
      call.then(
        () => 'resolved',
        ({ name }) => name,
      );
    found.stopCamera();
    const first = ends(found.startCamera());
    found.stopCamera();
    const detached = /** @type {any} */ (document.createElement('glimpse-classifier'));
    return [await first, await ends(detached.startCamera()), found.outcome];
  });
  assert.deepEqual(ended, ['AbortError', 'InvalidStateError', null]);
  await page.waitForFunction(() => !document.querySelector('glimpse-classifier')?.shadowRoot?.querySelector('video'));
  assert.match(await tracks(page), /^(ended,?)+$/);

  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
  });
  assert.equal(await run((found) => found.startCamera().catch((/** @type {any} */ { code }) => code)), 'camera-missing');
});

scene('without WebGPU', 'a camera that is refused is an error with another try', async ({ page, server }) => {
  await page.addInitScript(LISTEN);
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.goto(server.page('/host.html', host(`<${TAG} webcam ${SMALL}></${TAG}>`)));
  await page.locator(TAG).getByRole('button', { name: 'Use the camera' }).click();
  await page.locator(`${TAG} .error`).waitFor();
  assert.ok(await page.locator(TAG).getByRole('button', { name: 'Try again' }).isVisible());
  const errors = (await heard(page)).filter((/** @type {any} */ { type }) => type === 'error');
  assert.equal(errors.length, 1);
  assert.match(errors[0].detail.code, /^camera-/);
  assert.equal(await page.locator(`${TAG} .error p`).textContent(), errors[0].detail.message);
  await page.locator(TAG).getByRole('button', { name: 'Try again' }).click();
  await page.waitForFunction(() => /** @type {any} */ (globalThis).heard.filter((/** @type {any} */ { type }) => type === 'error').length === 2);
});

/** What a page of the element's own origin, and one of another, must allow. */
const POLICIES = {
  same: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  other: (/** @type {string} */ site) =>
    `default-src 'none'; script-src ${site} 'wasm-unsafe-eval'; connect-src 'self' ${site}; worker-src blob: ${site}; img-src 'self'`,
};
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

for (const isolated of [false, true]) {
  const where = isolated ? 'a cross-origin isolated page' : 'a page';
  scene('without WebGPU', `in ${where} of its own origin it needs no more than a strict policy`, async ({ page, server }) => {
    if (isolated) server.head(ISOLATED);
    server.police(POLICIES.same);
    await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" samples="${SHIP}"></${TAG}>`)));
    assert.equal((await cardOf(page)).labels[0], 'cat');
    assert.equal(await page.evaluate(() => crossOriginIsolated), isolated);
    // The engine's, and those of its threads.
    const threads = isolated ? await page.evaluate(() => Math.min(navigator.hardwareConcurrency, 4)) : 1;
    assert.equal(page.workers().length, threads);
    await page.waitForFunction(() => document.querySelector('glimpse-classifier')?.shadowRoot?.querySelector('img')?.naturalWidth);
  });

  scene(
    'without WebGPU',
    `in ${where} of another origin it answers in a worker, and asks nobody for anything but its own files`,
    async ({ page, server }) => {
      const other = await serve(`${root}www/samples`);
      try {
        if (isolated) {
          other.head(ISOLATED);
          server.head({ 'cross-origin-resource-policy': 'cross-origin', ...ISOLATED });
        }
        other.police(POLICIES.other(server.origin));
        /** @type {string[]} */
        const asked = [];
        page.on('request', (request) => {
          const url = new URL(request.url());
          const known = [server.origin, other.origin].includes(url.origin) || url.protocol === 'blob:';
          if (request.method() !== 'GET' || url.search || !known || request.postData()) asked.push(`${request.method()} ${url}`);
        });
        page.on('request', async (request) => {
          const { cookie } = await request.allHeaders().catch(() => ({ cookie: '' }));
          if (cookie) asked.push(`a cookie to ${request.url()}`);
        });
        await page.context().addCookies([{ name: 'secret', value: '1', url: server.origin, sameSite: 'Lax' }]);
        await page.goto(other.page('/host.html', host(`<${TAG} src="/cat.jpg" samples="/ship.jpg"></${TAG}>`, { site: server.origin })));
        assert.equal((await cardOf(page)).labels[0], 'cat');
        assert.equal(await page.evaluate(() => crossOriginIsolated), isolated);
        assert.equal(page.workers().length, 1);
        await page.waitForFunction(() => document.querySelector('glimpse-classifier')?.shadowRoot?.querySelector('img')?.naturalWidth);
        assert.deepEqual(
          asked.filter((line) => !line.includes(other.origin)),
          [],
        );
      } finally {
        await other.close();
      }
    },
    { allow: [/foreign: http:\/\/127\.0\.0\.1:\d+\/(host\.html|cat\.jpg|ship\.jpg|www\/icon\.svg)$/, /icon\.svg/] },
  );
}

scene(
  'without WebGPU',
  'where no worker is allowed, the page’s own thread answers, and is used again',
  async ({ page, server }) => {
    await page.clock.install();
    server.police(POLICIES.same.replace("worker-src 'self'", "worker-src 'none'"));
    await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" ${SMALL}></${TAG}>`)));
    assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'cat');
    assert.equal(page.workers().length, 0);
    await page.locator(TAG).evaluate((element) => element.remove());
    await page.clock.fastForward('00:30');
    await page.evaluate((address) => {
      const element = document.createElement('glimpse-classifier');
      for (const [name, value] of Object.entries({ src: address, model: '/www/model/cifar10.safetensors' })) element.setAttribute(name, value);
      document.body.append(element);
    }, SHIP);
    assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'ship');
    assert.equal(server.served.filter((path) => path.endsWith('cifar10.safetensors')).length, 1, 'what can’t be freed is used');
  },
  { allow: [/worker-src/] },
);

scene('without WebGPU', 'it works where all storage is forbidden, and leaves it alone where it isn’t', async ({ page, server }) => {
  await page.addInitScript(() => {
    const touched = Object.assign(globalThis, { touched: /** @type {string[]} */ ([]) }).touched;
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore']) {
      Object.defineProperty(globalThis, name, {
        get() {
          touched.push(name);
          throw new DOMException('forbidden', 'SecurityError');
        },
      });
    }
    Object.defineProperty(Document.prototype, 'cookie', {
      get() {
        touched.push('cookie');
        throw new DOMException('forbidden', 'SecurityError');
      },
      set() {
        touched.push('cookie');
        throw new DOMException('forbidden', 'SecurityError');
      },
    });
  });
  await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}"></${TAG}>`)));
  assert.equal((await cardOf(page)).labels[0], 'cat');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).touched), []);
});

scene(
  'with WebGPU',
  'it takes WebGPU where that is asked for',
  async ({ page, server }) => {
    await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" backend="webgpu" ${SMALL}></${TAG}>`)));
    await cardOf(page, TAG, SMALL_ID);
    const answer = () => page.locator(TAG).evaluate((element, address) => /** @type {any} */ (element).classify(address), CAT);
    let found = await answer();
    // As long as WebGPU is on trial, the CPU answers.
    for (const end = Date.now() + 60_000; found.backend !== 'webgpu' && Date.now() < end; found = await answer()) await page.waitForTimeout(250);
    assert.deepEqual([found.model, found.backend, found.ranked[0].label], [SMALL_ID, 'webgpu', 'cat']);
  },
  { backend: null },
);

for (const [name, width, colorScheme, css] of /** @type {const} */ ([
  ['light', 480, 'light', ''],
  ['dark', 480, 'dark', 'html { color-scheme: light dark; background: #0f1416 }'],
  ['narrow', 240, 'light', ''],
  ['narrow-dark', 240, 'dark', 'html { color-scheme: dark; background: #0f1416 }'],
  ['wide', 900, 'light', 'glimpse-classifier { --glimpse-max-width: none }'],
])) {
  scene(
    'without WebGPU',
    `${name}: nothing sticks out, and screenshots are taken`,
    async ({ page, server }) => {
      server.page('/host.css', `body { margin: 0; width: ${width}px; padding: 10px } ${css}`);
      const head = '<link rel="stylesheet" href="/host.css">';
      await page.goto(
        server.page(
          '/host.html',
          host(`<${TAG} samples="${['cat', 'ship', 'horse', 'bird', 'airplane', 'dog'].map((id) => `/www/samples/${id}.jpg`).join(' ')}" webcam></${TAG}>`, {
            head,
          }),
        ),
      );
      await page.locator(`${TAG} .card`).waitFor();
      const shoot = async (/** @type {string} */ what) => {
        await atRest(page);
        const out = await page.locator(TAG).evaluate((element) => {
          const card = element.shadowRoot?.querySelector('.card');
          const right = card?.getBoundingClientRect().right ?? 0;
          const parts = [...(card?.querySelectorAll('*') ?? [])].filter(
            (part) => part.checkVisibility() && !part.matches('.unseen') && part.getBoundingClientRect().right > right + 1,
          );
          return [...parts.map((part) => part.className || part.localName), ...(card && card.scrollWidth > card.clientWidth ? ['card'] : [])];
        });
        assert.deepEqual(out, [], what);
        await page.screenshot({ path: `${shots}widget-${name}-${what}.png`, clip: { x: 0, y: 0, width: width + 20, height: 900 } });
      };
      await page.waitForFunction(() =>
        [...(document.querySelector('glimpse-classifier')?.shadowRoot?.querySelectorAll('img') ?? [])].every(({ complete }) => complete),
      );
      await shoot('empty');
      await page.setInputFiles(`${TAG} input[type="file"]`, sample('bird').path);
      await cardOf(page);
      await shoot('answer');
      await page.setInputFiles(`${TAG} input[type="file"]`, { name: 'board.png', mimeType: 'image/png', buffer: checkerboard() });
      await page.locator(`${TAG} .name`).getByText('board.png').waitFor();
      await cardOf(page);
      await shoot('none');
      await page.setInputFiles(`${TAG} input[type="file"]`, {
        name: `${'a-very-long-file-name-'.repeat(6)}.jpg`,
        mimeType: 'image/jpeg',
        buffer: Buffer.from('no photo'),
      });
      await page.locator(`${TAG} .error`).waitFor();
      await shoot('error');
    },
    { context: { viewport: { width: 940, height: 900 }, colorScheme } },
  );
}

scene(
  'without WebGPU',
  'whoever wants no motion gets none, at twice the size, too',
  async ({ page, server }) => {
    // Twice the size is half the room.
    await page.goto(server.page('/host.html', host(`<${TAG} src="${CAT}" ${SMALL}></${TAG}>`)));
    await cardOf(page, TAG, SMALL_ID);
    const found = await page.locator(TAG).evaluate((element) => {
      const moving = [...(element.shadowRoot?.querySelectorAll('*') ?? [])].filter((part) =>
        ['', '::before'].some((pseudo) => {
          const { transitionDuration, animationName, transitionProperty } = getComputedStyle(part, pseudo || null);
          return animationName !== 'none' || (transitionDuration !== '0s' && transitionProperty !== 'none');
        }),
      );
      return { moving: moving.map((part) => part.className), overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth };
    });
    assert.deepEqual(found, { moving: [], overflow: 0 });
  },
  { context: { viewport: { width: 320, height: 512 }, deviceScaleFactor: 2, reducedMotion: 'reduce' } },
);

/**
 * How much of the page is alive, after tidying up.
 * @param {Page} page
 */
async function metrics(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  for (let turn = 0; turn < 3; turn += 1) await session.send('HeapProfiler.collectGarbage');
  const { metrics: list } = await session.send('Performance.getMetrics');
  await session.detach();
  const find = (/** @type {string} */ name) => list.find((metric) => metric.name === name)?.value ?? 0;
  return { JSEventListeners: find('JSEventListeners'), Nodes: find('Nodes') };
}

/**
 * A camera that looks at a picture.
 * @param {string} address
 */
function fakeCamera(address) {
  /** @type {MediaStreamTrack[]} */
  const tracks = [];
  Object.assign(globalThis, { tracks });
  navigator.mediaDevices.getUserMedia = async () => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext('2d');
    const stream = canvas.captureStream(10);
    const [track] = stream.getVideoTracks();
    if (track) tracks.push(track);
    setInterval(() => context?.drawImage(bitmap, 0, 0), 100);
    return stream;
  };
}

/** @param {Page} page */
function tracks(page) {
  return page.evaluate(() => /** @type {any} */ (globalThis).tracks.map((/** @type {any} */ { readyState }) => readyState).join());
}
