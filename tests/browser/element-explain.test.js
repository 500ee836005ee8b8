/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import en from '../../www/i18n/en.js';
import zh from '../../www/i18n/zh.js';
import { faultsOf } from './axe.js';
import { root } from './chromium.js';
import { clip } from './clip.js';
import { atRest, scene } from './scene.js';
import { serve } from './server.js';
import { cardOf, host } from './widget.js';

/*
 * `<glimpse-classifier explain>`: where the network looked, over the picture of the element.
 */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

const TAG = 'glimpse-classifier';
const DOG = '/www/samples/dog.jpg';
/** The network that is small enough to be asked often. */
const SMALL = 'model="/www/model/cifar10.safetensors"';
const SMALL_ID = 'cifar10.safetensors';

/** Before the page is opened: keeps what the element tells of its maps, in `globalThis.maps`. */
const KEEP = () => {
  /** @type {{ label: string, score: number, sum: number, live: boolean }[]} */
  const maps = [];
  Object.assign(globalThis, { maps });
  addEventListener('map', (event) => {
    const { map, live } = /** @type {CustomEvent} */ (event).detail;
    const sum = map.values.reduce((/** @type {number} */ all, /** @type {number} */ value) => all + value, map.constant ?? 0);
    maps.push({ label: map.label, score: map.score, sum, live });
  });
};

/** @param {Page} page */
const maps = (page) =>
  page.evaluate(() => /** @type {{ label: string, score: number, sum: number, live: boolean }[]} */ (/** @type {any} */ (globalThis).maps));

/**
 * Waits for the map of what is called that.
 * @param {Page} page
 * @param {string} name
 */
const saying = (page, name) => page.locator(`${TAG} .where-about`, { hasText: `“${name}”` }).waitFor();

/** @param {Page} page */
const pressed = (page) => page.locator(`${TAG} .bars button[aria-pressed="true"]`).allTextContents();

scene(
  'without WebGPU',
  'the element shows where the network looked, for any class of its list, and fetches nothing of that before',
  async ({ page, server }) => {
    await page.addInitScript(KEEP);
    await page.goto(server.page('/host.html', host(`<${TAG} src="${DOG}" ${SMALL}></${TAG}><button>after</button>`)));
    await cardOf(page, TAG, SMALL_ID);
    assert.deepEqual(
      server.served.filter((path) => path.includes('/explain/') && !path.endsWith('/where-switch.js')),
      [],
      'nothing is fetched for it',
    );
    assert.equal(await page.locator(`${TAG} .bars button`).count(), 0);
    const element = page.locator(TAG);
    assert.equal(await element.evaluate((/** @type {any} */ found) => found.explain), false);
    await element.evaluate((/** @type {any} */ found) => void (found.explain = true));
    const names = await page.locator(`${TAG} .bars .label`).allTextContents();
    const [first = '', second = '', third = ''] = names;
    await saying(page, first);
    const [over, photo] = [await page.locator(`${TAG} canvas.overlay`).boundingBox(), await page.locator(`${TAG} canvas.photo`).boundingBox()];
    assert.ok(over && photo && over.width > 100, 'it is seen');
    assert.ok(over.x >= photo.x - 1 && over.y >= photo.y - 1 && over.x + over.width <= photo.x + photo.width + 1, 'it lies on the photo');
    assert.deepEqual(await pressed(page), [first]);

    // Another one by pointer, the third by keyboard alone: the focus stays where it is.
    await page.getByRole('button', { name: second, exact: true }).click();
    await saying(page, second);
    assert.deepEqual(await pressed(page), [second]);
    await page.keyboard.press('Tab');
    await saying(page, third);
    assert.deepEqual(await pressed(page), [third]);
    assert.equal(await element.evaluate((found) => found.shadowRoot?.activeElement?.textContent), third);
    const told = await maps(page);
    assert.deepEqual(
      told.map(({ live }) => live),
      [false, false, false],
    );
    for (const { label, score, sum } of told) assert.ok(Math.abs(sum - score) < 1e-3, `${label}: the places add up to ${sum}, not ${score}`);

    // In both languages, light and dark, narrow and wide.
    for (const [lang, theme, width] of /** @type {const} */ ([
      ['en', 'light', 480],
      ['en', 'dark', 320],
      ['zh', 'light', 320],
      ['zh', 'dark', 900],
    ])) {
      await page.setViewportSize({ width, height: 900 });
      await element.evaluate(
        (found, now) => {
          for (const [name, value] of Object.entries(now)) found.setAttribute(name, value);
        },
        { lang, theme },
      );
      await page.locator(`${TAG} .where-panel`, { hasText: { en, zh }[lang].where.meaning(true) }).waitFor();
      await atRest(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${lang}, ${width}: ${overflow} pixels too wide`);
      const faults = (await faultsOf(page)).filter((fault) => !/page-has-heading-one|landmark|region/.test(fault));
      assert.deepEqual(faults, [], `${lang}, ${theme}, ${width}`);
      await writeFile(`${shots}element-explain-${lang}-${theme}-${width}.png`, await page.screenshot());
    }

    // Switched off, nothing is left of it.
    await element.evaluate((found) => found.removeAttribute('explain'));
    await page.locator(`${TAG} canvas.overlay`).waitFor({ state: 'detached' });
    assert.equal(await page.locator(`${TAG} .bars button`).count(), 0);
    assert.equal(await page.locator(`${TAG} .where-panel`).count(), 0);
  },
);

scene('without WebGPU', 'maps go on where the element is put back, its worker is lost, or another picture comes', async ({ page, server }) => {
  await page.addInitScript(KEEP);
  await page.goto(server.page('/host.html', host(`<main></main><${TAG} explain src="${DOG}" ${SMALL}></${TAG}>`)));
  await cardOf(page, TAG, SMALL_ID);
  const [first = '', second = '', third = ''] = await page.locator(`${TAG} .bars .label`).allTextContents();
  await saying(page, first);
  const pick = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true }).click();

  // Taken out and put back: what was shown is there, and the next class has its map, by another opening of the photo.
  await page.evaluate(async () => {
    const element = /** @type {Element} */ (document.querySelector('glimpse-classifier'));
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    document.querySelector('main')?.append(element);
  });
  await saying(page, first);
  assert.ok(await page.locator(`${TAG} canvas.overlay`).isVisible());
  await pick(second);
  await saying(page, second);

  // The browser ends the worker while a map is asked for.
  for (const worker of page.workers())
    await worker.evaluate(() => {
      Object.assign(globalThis, { onmessage: (/** @type {MessageEvent} */ { data }) => data.type === 'ask' && self.close() });
    });
  await pick(third);
  await page.locator(`${TAG} .where-about`, { hasText: 'has been started again' }).waitFor();
  assert.ok(await page.locator(`${TAG} canvas.overlay`).isHidden());
  await pick(third);
  await saying(page, third);
  assert.equal(page.workers().length, 1);

  // Another picture has its own map, and without an answer there is none.
  await page.locator(TAG).evaluate((found) => found.setAttribute('src', '/www/samples/ship.jpg'));
  await page.locator(`${TAG} .verdict`).getByText('ship').waitFor();
  await saying(page, 'ship');
  assert.deepEqual(await pressed(page), ['ship']);
  await page.locator(TAG).evaluate((found) => found.setAttribute('src', '/www/samples/CREDITS.md'));
  assert.ok((await cardOf(page, TAG, SMALL_ID)).error);
  assert.ok(await page.locator(`${TAG} canvas.overlay`).isHidden());
  assert.ok(await page.locator(`${TAG} .where-panel`).isHidden());
});

scene(
  'without WebGPU',
  'what shows maps could not be fetched: that is said, and the next picture tries again',
  async ({ page, server }) => {
    server.meddle((path) => (path.endsWith('/explain/where.js') ? { status: 503 } : undefined));
    await page.goto(server.page('/host.html', host(`<${TAG} explain src="${DOG}" ${SMALL}></${TAG}>`)));
    await page.locator(`${TAG} .answer [role="alert"]`, { hasText: 'where.js' }).waitFor();
    assert.equal((await cardOf(page, TAG, SMALL_ID)).labels[0], 'dog', 'the answer stands');
    server.meddle();
    await page.locator(TAG).evaluate((found) => found.setAttribute('src', '/www/samples/ship.jpg'));
    await saying(page, 'ship');
    assert.ok(await page.locator(`${TAG} .answer [role="alert"]`).isHidden());
  },
  { allow: [/where\.js/, /503/] },
);

scene(
  'without WebGPU',
  'over the element’s live picture, the map comes with each frame, on a page of another origin',
  async ({ page, server }) => {
    const other = await serve(`${root}www/samples`);
    try {
      const { origin } = server;
      other.police(`default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob: ${origin}; img-src 'self'`);
      await page.addInitScript(KEEP);
      await page.context().grantPermissions(['camera'], { origin: other.origin });
      const body = `<${TAG} explain webcam model="${origin}/www/model/cifar10.safetensors"></${TAG}>`;
      await page.goto(other.page('/host.html', host(body, { site: origin })));
      await page.getByRole('button', { name: 'Use the camera' }).click();
      await page.locator(`${TAG} .where-about`, { hasText: 'Where it saw' }).waitFor();
      const [over, video] = [await page.locator(`${TAG} canvas.overlay`).boundingBox(), await page.locator(`${TAG} video`).boundingBox()];
      assert.ok(over && video && over.width > 100 && over.x >= video.x - 1 && over.y >= video.y - 1, 'it lies on the picture');
      assert.equal(await page.locator(`${TAG} .where-about`).getAttribute('role'), null, 'one of many isn’t read out');
      await page.locator(`${TAG} .bars li:nth-child(2) button`).click();
      await page.waitForFunction(() => {
        const { maps } = /** @type {any} */ (globalThis);
        return maps.length > 2 && maps.at(-1).label !== maps[0].label && maps.at(-1).live;
      });
      await page.locator(`${TAG} .bars button[aria-pressed="true"]`).waitFor();
      await writeFile(`${shots}element-explain-live.png`, await page.screenshot());
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.locator(`${TAG} canvas.overlay`).waitFor({ state: 'hidden' });
      const { length } = await maps(page);
      await page.getByRole('button', { name: 'Use the camera' }).click();
      await page.waitForFunction((before) => /** @type {any} */ (globalThis).maps.length > before, length);
    } finally {
      await other.close();
    }
  },
  { camera: { clip: (await clip(['dog'], 1)).path }, allow: [/foreign: http:\/\/127\.0\.0\.1:\d+\/(host\.html|www\/icon\.svg)$/, /icon\.svg/] },
);
