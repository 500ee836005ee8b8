/** @import { TestContext } from 'node:test' */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { pkg, root, workersEnd } from '../browser/chromium.js';
import { serve } from '../browser/server.js';
import { visit } from '../browser/visit.js';
import { cardOf } from '../browser/widget.js';
import { book, documentation, routed, shots } from './sites.js';

/*
 * The element in sites that are made with real tools and that fetch it from another origin.
 */

/** Times that somebody comes and goes. */
const VISITS = 10;

/**
 * Serves a site here and the element there.
 *
 * @param {TestContext} t
 * @param {(origin: string) => Promise<string>} make
 */
async function open(t, make) {
  await mkdir(shots, { recursive: true });
  const element = await serve(pkg);
  t.after(() => element.close());
  const site = await serve(await make(element.origin));
  t.after(() => site.close());
  site.police(''); // such sites have inline scripts
  const { page, troubles } = await visit(t, [site.origin, element.origin]);
  return { page, troubles, site, element };
}

for (const [tool, make] of /** @type {const} */ ([
  ['mdBook', book],
  ['Sphinx', documentation],
])) {
  test(`in a site of ${tool}, the element of another origin answers in a worker`, async (t) => {
    const { page, troubles, site, element } = await open(t, make);
    await page.goto(`${site.origin}/index.html`);
    const found = await cardOf(page);
    assert.deepEqual([found.error, found.verdict, found.labels[0]], ['', 'It looks like a cat.', 'cat']);
    assert.equal(page.workers().length, 1);
    await page.screenshot({ path: `${shots}/${tool}.png`, fullPage: true });
    assert.deepEqual(await looks(page), await looksAlone(t, element.origin));
    assert.deepEqual(troubles, []);
  });
}

test('in a site with a router, the element comes and goes, under a policy that names its origin', async (t) => {
  const { page, troubles, site, element } = await open(t, routed);
  site.police((await policy()).replaceAll('https://example.org', element.origin));
  await page.clock.install();
  await page.goto(site.origin);
  for (let turn = 0; turn < VISITS; turn += 1) {
    assert.deepEqual((await cardOf(page)).labels[0], 'cat');
    assert.equal(page.workers().length, 1);
    if (turn % 2) await page.getByRole('link', { name: 'Something else' }).click();
    else await page.evaluate(() => document.querySelectorAll('a')[1]?.click());
    await page.getByRole('heading', { name: 'Something else' }).waitFor();
    assert.equal(await page.locator('glimpse-classifier').count(), 0);
    if (turn % 2) await page.getByRole('link', { name: 'Pictures' }).click();
    else await page.goBack();
  }
  assert.equal((await cardOf(page)).labels[0], 'cat');
  const fetched = element.served.filter((path) => path.endsWith('.wasm') || path.endsWith('.safetensors'));
  assert.equal(fetched.length, new Set(fetched).size, 'nothing is fetched twice');
  await page.screenshot({ path: `${shots}/routed.png` });

  await page.getByRole('link', { name: 'Something else' }).click();
  await page.clock.fastForward('00:11'); // nobody needs it any longer
  await workersEnd(page);
  await page.getByRole('link', { name: 'Pictures' }).click();
  assert.equal((await cardOf(page)).labels[0], 'cat');
  assert.equal(page.workers().length, 1);
  assert.deepEqual(troubles, []);
});

test('the sites have the lines that the README tells people to write', async () => {
  const readme = String(await readFile(`${root}npm/README.md`));
  const [script] = /<script type="module" src="https:\/\/example\.org\/.+<\/script>/.exec(readme) ?? [];
  assert.ok(script, 'the README has a script tag');
  for (const file of ['mdbook/src/index.md', 'sphinx/index.rst', 'routed/index.html']) {
    assert.ok(String(await readFile(`${root}tests/embed/fixtures/${file}`)).includes(script), file);
  }
});

/** The Content-Security-Policy that the README names. */
async function policy() {
  const readme = String(await readFile(`${root}npm/README.md`));
  const [, found] = /^Content-Security-Policy: (.+)$/m.exec(readme) ?? [];
  assert.ok(found, 'the README has a policy');
  return found;
}

/**
 * What a site's own style could spoil.
 * @param {import('playwright-core').Page} page
 */
function looks(page) {
  return page.locator('glimpse-classifier').evaluate((found) => {
    const styles = ['.card', '.verdict', '.bars li', '.bar', 'button.quiet', '.small'].map((part) => {
      const inside = found.shadowRoot?.querySelector(part);
      if (!inside) return `no ${part}`;
      const { fontFamily, fontSize, lineHeight, textAlign, color, backgroundColor, margin, padding, display, textTransform } = getComputedStyle(inside);
      return { part, fontFamily, fontSize, lineHeight, textAlign, color, backgroundColor, margin, padding, display, textTransform };
    });
    const { width } = found.getBoundingClientRect();
    return { styles, roomy: width > 320 };
  });
}

/**
 * The same in a page that has no style.
 *
 * @param {TestContext} t
 * @param {string} origin
 */
async function looksAlone(t, origin) {
  const { page } = await visit(t, [origin]);
  await page.goto(`${origin}/embed.html?src=www/samples/cat.jpg`);
  await cardOf(page);
  return looks(page);
}
