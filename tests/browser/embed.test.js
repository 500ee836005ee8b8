/** @import { Frame, Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { root } from './chromium.js';
import { scene } from './scene.js';
import { serve } from './server.js';

/*
 * embed.html in an iframe of another origin's page.
 */

const SMALL = 'model=www/model/cifar10.safetensors';
const CAT = 'src=www/samples/cat.jpg';

/**
 * @param {string} site
 * @param {string} query
 * @param {{ allow?: string, more?: string }} [options]
 */
function host(site, query, { allow = '', more = '' } = {}) {
  const frame = `<iframe src="${site}/embed.html?${query}" title="Image classifier" width="500" height="100" ${allow}></iframe>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>host</title><script type="module" src="${site}/www/embed-host.js"></script></head><body>${frame}${more}</body></html>`;
}

/**
 * @param {Page} page
 * @param {number} [at]
 */
async function answerIn(page, at = 0) {
  const frame = page.frameLocator('iframe').nth(at);
  await frame.locator('.card[aria-busy="false"]:has(.timing[data-model], .error:not([hidden]))').waitFor();
  const text = (/** @type {string} */ what) => frame.locator(what).textContent();
  return { verdict: await text('.verdict'), error: await text('.error p'), bars: await frame.locator('.bars li').count() };
}

/** @type {{ allow: RegExp[] }} */
const FOREIGN = {
  allow: [
    /foreign: http:\/\/127\.0\.0\.1:\d+\/(host\.html|embed\.html|favicon\.ico|cat\.jpg|ship\.jpg|cifar10\.safetensors|)$/,
    /favicon/,
    /violates the following Content Security Policy directive: "connect-src 'self'"/,
    /violates the document's Content Security Policy/,
    /ERR_ABORTED/,
  ],
};

/**
 * @param {string} name
 * @param {(setting: import('./scene.js').Setting & { other: Awaited<ReturnType<typeof serve>> }) => Promise<void>} play
 * @param {RegExp[]} [allow] more trouble that the browser may report
 */
function embedded(name, play, allow = []) {
  scene(
    'without WebGPU',
    name,
    async (setting) => {
      const other = await serve(`${root}www/samples`);
      other.police(`default-src 'self'; script-src ${setting.server.origin}; frame-src ${setting.server.origin}`);
      try {
        await play({ ...setting, other });
      } finally {
        await other.close();
      }
    },
    { allow: [...FOREIGN.allow, ...allow] },
  );
}

embedded('the address says what is classified, and the iframe gets the height that it needs', async ({ page, server, other }) => {
  await page.goto(other.page('/host.html', host(server.origin, `${CAT}&${SMALL}&top-k=5&theme=dark&alt=A+tabby`)));
  assert.deepEqual(await answerIn(page), { verdict: 'It looks like a cat.', error: '', bars: 5 });
  const frame = page.frameLocator('iframe');
  assert.equal(await frame.locator('canvas.photo').getAttribute('aria-label'), 'A tabby');
  assert.equal(await frame.locator('.card').evaluate((card) => getComputedStyle(card).backgroundColor), 'rgb(22, 29, 32)');
  await page.waitForTimeout(300);
  const { asked, given, scrolls } = await sizes(page);
  assert.ok(given >= asked && given < asked + 2, `${given} pixels for ${asked}`);
  assert.ok(given > 400 && !scrolls);
  assert.equal(page.workers().length, 1);

  await page.setViewportSize({ width: 400, height: 900 });
  await page.locator('iframe').evaluate((element) => element.setAttribute('width', '260'));
  await page.waitForTimeout(300);
  const narrow = await sizes(page);
  assert.ok(narrow.given >= narrow.asked && narrow.given < narrow.asked + 2 && !narrow.scrolls);
});

embedded('a picture of the page around it is fetched where its server lets others read it', async ({ page, server, other }) => {
  server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; img-src *");
  const query = `src=${encodeURIComponent(`${other.origin}/cat.jpg`)}&samples=${encodeURIComponent(`${other.origin}/ship.jpg`)}&${SMALL}`;
  await page.goto(other.page('/host.html', host(server.origin, query)));
  assert.equal((await answerIn(page)).verdict, 'It looks like a cat.');
  await page.frameLocator('iframe').locator('.samples button').click();
  await page.frameLocator('iframe').locator('.verdict').getByText('It looks like a ship.').waitFor();
});

embedded('an iframe speaks for its own height only, and no message makes it endless', async ({ page, server, other }) => {
  // One that is no embed.html, and one that is, in the place of which something else speaks.
  const more = `<p><iframe id="liar" src="${server.origin}/liar.html" width="100" height="50" title="other"></iframe></p>
    <p><iframe id="impostor" src="${other.origin}/embed.html" width="100" height="50" title="other"></iframe></p>`;
  other.police(`default-src 'self'; script-src ${server.origin}; frame-src ${server.origin} ${other.origin}`);
  other.page('/embed.html', `<!doctype html><title>impostor</title><script type="module" src="${server.origin}/impostor.js"></script>`);
  server.page('/impostor.js', `location.replace('${server.origin}/liar.html')`);
  server.page('/liar.html', '<!doctype html><title>liar</title><script type="module" src="liar.js"></script>');
  server.page(
    '/liar.js',
    "parent.postMessage({ type: 'glimpse-height', height: 1e9 }, '*'); parent.postMessage({ type: 'glimpse-height', height: 'x' }, '*'); parent.postMessage(null, '*');",
  );
  await page.goto(other.page('/host.html', host(server.origin, `${CAT}&${SMALL}`, { more })));
  await answerIn(page);
  await page.waitForTimeout(300);
  const { given } = await sizes(page);
  assert.ok(given < 1500, `${given} pixels`);
  for (const name of ['#liar', '#impostor']) {
    const height = await page.locator(name).evaluate((element) => element.getBoundingClientRect().height);
    assert.ok(height <= 60, `${name}: ${height} pixels`);
  }
});

embedded('a script that comes later than the first height asks for it', async ({ page, server, other }) => {
  const html = host(server.origin, `${CAT}&${SMALL}`).replace(/<script.+?<\/script>/, '');
  await page.goto(other.page('/host.html', html));
  await answerIn(page);
  await page.evaluate((address) => import(address), `${server.origin}/www/embed-host.js`);
  await page.waitForFunction(() => (document.querySelector('iframe')?.clientHeight ?? 0) > 400);
});

embedded('nothing is fetched from an origin that the address doesn’t name', async ({ page, server, other }) => {
  server.police('');
  const cat = `${other.origin}/cat.jpg`;
  const ask = async (/** @type {string} */ query) => {
    await page.goto(other.page('/host.html', host(server.origin, `${query}&${SMALL}`)));
    const frame = /** @type {Frame} */ (page.frames()[1]);
    await frame.waitForFunction(() => document.querySelector('glimpse-classifier')?.shadowRoot);
    return frame.evaluate(
      (address) =>
        fetch(address).then(
          () => 'fetched',
          () => 'refused',
        ),
      cat,
    );
  };
  assert.equal(await ask(CAT), 'refused');
  assert.equal(await ask(`src=${encodeURIComponent(cat)}`), 'fetched');
  assert.equal(await ask(`${CAT}&origins=${encodeURIComponent(other.origin)}`), 'fetched');
});

embedded('a network of another site has that in its name', async ({ page, server, other }) => {
  server.police('');
  const far = await serve(`${root}www/model`);
  try {
    const model = encodeURIComponent(`${far.origin}/cifar10.safetensors`);
    await page.goto(other.page('/host.html', host(server.origin, `${CAT}&model=${model}`)));
    assert.equal((await answerIn(page)).verdict, 'It looks like a cat.');
    const line = page.frameLocator('iframe').locator('.timing');
    assert.ok((await line.textContent())?.includes(`${new URL(far.origin).host}/cifar10.safetensors`));
  } finally {
    await far.close();
  }
});

embedded(
  'answers are told to the page around it only where the address names that, and without the picture',
  async ({ page, server, other }) => {
    await page.addInitScript(() => {
      /** @type {any[]} */
      const told = [];
      Object.assign(globalThis, { told });
      addEventListener('message', ({ data, origin }) => {
        if (data?.type === 'glimpse-result') told.push({ ...data, origin });
        if (data?.type === 'last') Object.assign(globalThis, { last: true });
      });
    });
    const told = () => page.evaluate(() => /** @type {any} */ (globalThis).told);
    const own = encodeURIComponent(other.origin);
    await page.goto(other.page('/host.html', host(server.origin, `${CAT}&${SMALL}&post=${own}`)));
    await answerIn(page);
    await page.waitForFunction(() => /** @type {any} */ (globalThis).told.length > 0);
    const [{ outcome, reply, origin, name, final, live }] = await told();
    assert.deepEqual([origin, name, final, live, outcome.ranked[0].label, reply], [server.origin, 'cat.jpg', true, false, 'cat', null]);
    assert.ok(outcome.info && !('seen' in outcome));

    for (const asked of [
      '',
      '&post',
      '&post=*',
      '&post=null',
      '&post=results',
      `&post=${encodeURIComponent(other.origin.replace('127.0.0.1', 'localhost'))}`,
    ]) {
      await page.goto(other.page('/host.html', host(server.origin, `${CAT}&${SMALL}${asked}`)));
      await answerIn(page);
      // Messages come in the order in which they are sent.
      await /** @type {Frame} */ (page.frames()[1]).evaluate(() => parent.postMessage({ type: 'last' }, '*'));
      await page.waitForFunction(() => /** @type {any} */ (globalThis).last);
      assert.deepEqual(await told(), [], asked);
    }
  },
  [/target origin provided .* does not match the recipient/],
);

embedded('the camera is there where the page around it allows it, and only there', async ({ page, server, other }) => {
  for (const [allow, allowed] of /** @type {const} */ ([
    ['', false],
    ['allow="camera"', true],
  ])) {
    await page.goto(other.page('/host.html', host(server.origin, `webcam&${SMALL}`, { allow })));
    const button = page.frameLocator('iframe').getByRole('button', { name: 'Use the camera' });
    await button.waitFor();
    const frame = /** @type {Frame} */ (page.frames()[1]);
    assert.equal(await frame.evaluate(() => /** @type {any} */ (document).featurePolicy.allowsFeature('camera')), allowed);
  }
});

embedded('in a cross-origin isolated page it answers, if the server says what it must', async ({ page, server, other }) => {
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  other.head(isolated);
  server.head({ 'cross-origin-resource-policy': 'cross-origin', 'cross-origin-embedder-policy': 'require-corp' });
  await page.goto(other.page('/host.html', host(server.origin, `${CAT}&${SMALL}`)));
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  assert.equal((await answerIn(page)).verdict, 'It looks like a cat.');
  assert.equal(page.workers().length, 1);
});

scene('without WebGPU', 'embed.html alone is a page, too, and its own policy is strict', async ({ page, server }) => {
  server.police("default-src * 'unsafe-inline' 'unsafe-eval'"); // what holds is the page's own
  await page.goto(`${server.origin}/embed.html?${CAT}&${SMALL}&lang=en`);
  await page.locator('.verdict').getByText('It looks like a cat.').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  const html = String(await readFile(`${root}embed.html`));
  const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
  assert.match(policy, /default-src 'self'; script-src 'self' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(policy, /unsafe-(inline|eval)(?<!wasm-unsafe-eval)/);
  assert.match(String(await readFile(`${root}index.html`)), /rel="copy-file" href="embed.html"/);
});

/** @param {Page} page */
async function sizes(page) {
  const frame = /** @type {Frame} */ (page.frames().find((each) => each.url().includes('embed.html')));
  const inside = await frame.evaluate(() => ({
    asked: document.querySelector('glimpse-classifier')?.getBoundingClientRect().height ?? 0,
    scrolls: document.documentElement.scrollHeight > document.documentElement.clientHeight,
  }));
  const given = await page
    .locator('iframe')
    .first()
    .evaluate((element) => element.clientHeight);
  return { ...inside, given };
}
