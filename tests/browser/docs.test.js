/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { root } from './chromium.js';
import { GlimpseClassifier } from '../../www/element.js';
import { scene } from './scene.js';
import { serve } from './server.js';
import { cardOf } from './widget.js';

/*
 * The documentation of the element: its examples are live, what it prints works on anybody's page, and what it lists is
 * what there is.
 */

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });

const DOCS = '/www/docs/index.html';
/** What each example must answer; null where somebody has to do something first. */
const ANSWERS = {
  picture: 'cat',
  trying: null,
  webcam: null,
  model: 'airplane',
  question: 'dog',
  explain: 'dog',
  dark: 'ship',
  chinese: 'horse',
  code: 'dog',
  iframe: 'bird',
};

/**
 * The snippets, as they are printed.
 * @param {Page} page
 */
function snippets(page) {
  return page.locator('.example').evaluateAll((examples) => examples.map((example) => [example.id, example.querySelector('pre')?.textContent ?? '']));
}

scene('without WebGPU', 'every example is live', async ({ page, server }) => {
  await page.goto(`${server.origin}${DOCS}`);
  const ids = (await snippets(page)).map(([id]) => id);
  assert.deepEqual(ids, Object.keys(ANSWERS));
  assert.ok(page.workers().length <= 1, 'what isn’t seen doesn’t run');
  for (const [id, answer] of Object.entries(ANSWERS)) {
    await page.locator(`#${id}.example .demo`).scrollIntoViewIfNeeded();
    if (id === 'iframe') {
      await page.frameLocator('#iframe iframe').locator('.verdict').getByText('bird').waitFor();
      continue;
    }
    const selector = `#${id}.example glimpse-classifier`;
    await page.locator(`${selector} .card`).waitFor();
    if (!answer) continue;
    assert.equal((await cardOf(page, selector, id === 'model' ? 'cifar10.safetensors' : 'photo')).labels[0], answer, id);
  }
  assert.match((await page.locator('#told').textContent()) ?? '', /^dog \(\d+%\)$/);
  assert.equal(await page.locator('#trying.example .samples button').count(), 3);
  assert.equal(await page.locator('#question #reply strong').textContent(), 'Yes');
  await page.locator('#explain canvas.overlay:not([hidden])').waitFor();
  assert.equal(await page.locator('#chinese .label').first().textContent(), '马 horse');
  assert.equal(await page.locator('#dark .verdict').evaluate((verdict) => getComputedStyle(verdict).fontStyle), 'italic');
  assert.equal(await page.locator('#dark .card').evaluate((card) => getComputedStyle(card).borderRadius), '0px');
  assert.equal(page.workers().length, 3, 'the site’s networks, the own one, and the iframe’s');
});

scene(
  'without WebGPU',
  'the button copies what is printed',
  async ({ page, server }) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${server.origin}${DOCS}`);
    for (const [id, text] of await snippets(page)) {
      const button = page.locator(`#${id}.example .copy`);
      await button.click();
      await button.getByText('Copied').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text, id);
      assert.ok(text?.includes(`${server.origin}/`) && !text.includes('example.org'), 'the address is that of the site');
    }
  },
  { allow: [/ERR_ABORTED/] },
);

const printed = String(await readFile(`${root}www/docs/index.html`));
for (const [id, answer] of Object.entries(ANSWERS)) {
  const own = { code: "script-src 'unsafe-inline' ", dark: "style-src 'unsafe-inline'; script-src " }[id] ?? 'script-src ';
  scene(
    'without WebGPU',
    `the lines of “${id}” work as they are printed, on a page of another origin`,
    async ({ page, server }) => {
      const other = await serve(`${root}www/samples`);
      try {
        // Without JavaScript, the documentation prints an address that stands for any.
        const [, block = ''] = new RegExp(`id="${id}">[^]*?<pre tabindex="0"><code>([^]*?)</code>`).exec(printed) ?? [];
        const lines = decode(block).replaceAll('https://example.org/glimpse/', `${server.origin}/`);
        assert.ok(lines.includes(server.origin));
        other.police(
          `default-src 'self'; ${own}${server.origin} 'wasm-unsafe-eval'; connect-src ${server.origin}; worker-src blob: ${server.origin}; img-src ${server.origin}; frame-src ${server.origin}`,
        );
        /** @type {string[]} */
        const logged = [];
        page.on('console', (message) => logged.push(message.text()));
        await page.goto(other.page('/fresh.html', `<!doctype html><html lang="en"><title>fresh</title>\n${lines}`));
        if (id === 'iframe') {
          await page.frameLocator('iframe').locator('.verdict').getByText('bird').waitFor();
          await page.waitForTimeout(300);
          assert.notEqual(await page.locator('iframe').evaluate((frame) => frame.clientHeight), 600, 'it gets the height that it asks for');
          return;
        }
        await page.locator('glimpse-classifier .card').waitFor();
        if (id === 'trying') await page.locator('glimpse-classifier .samples button').first().click();
        if (id === 'webcam') {
          assert.ok(await page.getByRole('button', { name: 'Use the camera' }).isVisible());
          return;
        }
        const found = await cardOf(page, 'glimpse-classifier', id === 'model' ? 'cifar10.safetensors' : 'photo');
        assert.deepEqual([found.error, found.labels[0]], ['', answer ?? 'ship']);
        if (id === 'trying') assert.equal(found.labels.length, 5);
        if (id === 'code') {
          assert.match((await page.locator('#told').textContent()) ?? '', /^dog \(\d+%\)$/);
          assert.ok(logged.includes('dog true'), logged.join());
        }
        if (id === 'explain') await page.locator('glimpse-classifier canvas.overlay:not([hidden])').waitFor();
        if (id === 'dark') assert.equal(await page.locator('glimpse-classifier .card').evaluate((card) => getComputedStyle(card).borderRadius), '0px');
        assert.equal(page.workers().length, 1);
      } finally {
        await other.close();
      }
    },
    { allow: [/foreign: http:\/\/127\.0\.0\.1:\d+\/(fresh\.html|favicon\.ico)$/, /favicon/, /ERR_ABORTED/] },
  );
}

scene(
  'without WebGPU',
  'what the documentation lists is what there is',
  async ({ page, server }) => {
    await page.goto(`${server.origin}${DOCS}`);
    const column = (/** @type {string} */ table, at = 1) => page.locator(`#${table} tbody td:nth-child(${at}) code:first-child`).allTextContents();
    const attributes = await column('attributes');
    assert.deepEqual(attributes.sort(), [...GlimpseClassifier.observedAttributes, 'theme', 'aria-label'].sort());
    const prototype = Object.getOwnPropertyDescriptors(GlimpseClassifier.prototype);
    const properties = Object.entries(prototype).flatMap(([name, { get }]) => (get ? [name] : []));
    assert.deepEqual([...(await column('attributes', 2)), ...(await column('fields'))].sort(), [...properties, 'lang', 'ariaLabel'].sort());
    const methods = Object.entries(prototype).flatMap(([name, { value }]) =>
      typeof value === 'function' && !/Callback$|^constructor$/.test(name) ? [name] : [],
    );
    assert.deepEqual((await column('methods')).map((text) => text.replace(/\(.*/, '')).sort(), methods.sort());

    const types = String(await readFile(`${root}www/element/types.d.ts`));
    const [, details = ''] = /interface Details \{([^}]*)\}/.exec(types) ?? [];
    assert.deepEqual((await column('events')).sort(), [...details.matchAll(/(\w+):/g)].map(([, name]) => name).sort());
    const style = String(await readFile(`${root}www/ui/styles.css`));
    const named = [...style.matchAll(/var\(\s*(--glimpse-[a-z-]*[a-z])/g)].map(([, name]) => name);
    assert.deepEqual((await column('properties')).sort(), [...new Set(named)].sort());

    await page.locator('#picture .demo').scrollIntoViewIfNeeded();
    await cardOf(page, '#picture glimpse-classifier');
    const parts = await page
      .locator('#webcam glimpse-classifier, #picture glimpse-classifier')
      .evaluateAll((elements) =>
        elements.flatMap((element) => [...(element.shadowRoot?.querySelectorAll('[part]') ?? [])].map((part) => part.getAttribute('part') ?? '')),
      );
    assert.deepEqual((await page.locator('#parts code').allTextContents()).sort(), [...new Set([...parts, 'video', 'sample', 'map'])].sort());
    const keys = await page
      .locator('#picture glimpse-classifier')
      .evaluate(async (element) => Object.keys(await /** @type {any} */ (element).classify('/www/samples/cat.jpg')));
    assert.deepEqual((await column('outcome')).sort(), keys.sort());
  },
  { allow: [/ERR_ABORTED/] },
);

for (const [name, width, colorScheme] of /** @type {const} */ ([
  ['desktop', 1280, 'light'],
  ['phone', 360, 'dark'],
])) {
  scene(
    'without WebGPU',
    `${name}, ${colorScheme}: nothing of the documentation sticks out`,
    async ({ page, server }) => {
      await page.goto(`${server.origin}${DOCS}`);
      for (const id of Object.keys(ANSWERS)) await page.locator(`#${id}.example .demo`).scrollIntoViewIfNeeded();
      await cardOf(page, '#code glimpse-classifier');
      await page.waitForTimeout(1500);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await page.screenshot({ path: `${shots}docs-${name}.png`, fullPage: true });
    },
    { context: { viewport: { width, height: 900 }, colorScheme } },
  );
}

/** @param {string} html what stands in a page for the lines that people read */
function decode(html) {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
