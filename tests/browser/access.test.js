/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { faultsOf } from './axe.js';
import { clip } from './clip.js';
import { misfitsOf } from './fits.js';
import { checkerboard } from './pictures.js';
import { sample } from './samples.js';
import { atRest, backendIs, said, scene, upload } from './scene.js';

/*
 * Whether everyone can use the page: by keyboard alone, by ear, magnified, without motion, in one's own colours.
 */

const still = await clip(['dog'], 1);
const nothing = { name: 'nothing.png', mimeType: 'image/png', buffer: checkerboard() };
const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };
const languages = /** @type {const} */ (['en', 'zh']);

/**
 * Every face of the page, one after the other.
 * @param {Page} page open
 * @param {(face: string) => Promise<void>} look
 */
async function tour(page, look) {
  await backendIs(page, 'cpu');
  await look('empty');
  await upload(page, sample('cat').path);
  await page.click('#more');
  await look('answer');
  await page.click('#more');
  assert.equal((await upload(page, nothing)).ranked[0]?.label, 'none');
  await look('none of these');
  await upload(page, broken);
  await look('error');
  await page.setInputFiles('#file', [sample('dog').path, sample('ship').path, sample('bird').path]);
  await page.locator('#photos [data-state="answered"]').nth(2).waitFor();
  await said(page);
  await look('several');
  await startLive(page);
  await look('live');
  await page.click('#freeze');
  await said(page);
  await look('frozen');
}

/** @param {Page} page */
async function startLive(page) {
  await page.locator('#live-start, #live-back').filter({ visible: true }).click();
  await page.locator('#live-rate:not(:empty)').waitFor();
}

for (const locale of languages) {
  scene(
    'without WebGPU',
    `${locale}: axe-core finds nothing`,
    async ({ page, open }) => {
      await open();
      await tour(page, async (face) => {
        for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
          for (const width of [360, 1280]) {
            await page.setViewportSize({ width, height: 800 });
            await page.emulateMedia({ colorScheme });
            assert.deepEqual(await faultsOf(page), [], `${face}, ${colorScheme}, ${width} pixels wide`);
          }
        }
      });
    },
    { context: { locale }, camera: { clip: still.path } },
  );

  /* 640 × 450 is what a window of 1280 × 900 has at 200 %, and 320 pixels are what WCAG 1.4.10 asks for. */
  scene(
    'without WebGPU',
    `${locale}: magnified, and with wide letters, nothing sticks out, is cut off or lies over something else`,
    async ({ page, open }) => {
      await open();
      await tour(page, async (face) => {
        await page.mouse.move(0, 0); // a sample that is pointed at grows over its frame
        await atRest(page); // the bars grow
        for (const [width, height] of /** @type {const} */ ([
          [1280, 900],
          [640, 450],
          [320, 640],
        ])) {
          await page.setViewportSize({ width, height });
          assert.deepEqual(await misfitsOf(page), [], `${face}, ${width} pixels wide`);
          await spread(page, true);
          assert.deepEqual(await misfitsOf(page), [], `${face}, ${width} pixels wide, wide letters`);
          await spread(page, false);
        }
      });
    },
    { context: { locale }, camera: { clip: still.path } },
  );

  scene(
    'without WebGPU',
    `${locale}: every control has a name, and each a different one`,
    async ({ page, open }) => {
      await open();
      await tour(page, async (face) => {
        const controls = await controlsOf(page);
        assert.ok(controls.length > 15, `${face}: only ${controls.length} controls`);
        assert.deepEqual(
          controls.filter(({ name }) => !name),
          [],
          `${face}: without a name`,
        );
        const keys = controls.map(({ role, name }) => `${role} ${name}`);
        assert.deepEqual(
          keys.filter((key, at) => keys.indexOf(key) !== at),
          [],
          `${face}: of the same name`,
        );
      });
    },
    { context: { locale }, camera: { clip: still.path } },
  );
}

/**
 * The spacing that WCAG 1.4.12 asks pages to bear. A constructed style sheet is none of what the policy forbids.
 * @param {Page} page
 * @param {boolean} on
 */
async function spread(page, on) {
  await page.evaluate((on) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
    );
    document.adoptedStyleSheets = on ? [sheet] : [];
  }, on);
}

/**
 * What assistive technology gets to hear of.
 * @param {Page} page
 */
async function controlsOf(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const roles = ['button', 'combobox', 'slider', 'checkbox', 'radio', 'link', 'textbox'];
  return nodes
    .filter(({ ignored, role }) => !ignored && roles.includes(role?.value))
    .map(({ role, name }) => ({ role: String(role?.value), name: String(name?.value ?? '').trim() }));
}

/** In so many the page puts right what a live picture has moved. */
const LIVE_FRAMES = 10;

/**
 * Presses Tab until it leaves the page, and tells what had the focus. It must be seen each time.
 * @param {Page} page
 * @param {number} [frames] how many may pass until then
 */
async function tabThrough(page, frames = 1) {
  await page.evaluate(() => {
    // From the top: the next Tab goes on from what had the focus last.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  /** @type {string[]} */
  const reached = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    /** @type {{ name: string, trouble: string } | null} */
    const found = await page.evaluate(async (/** @type {number} */ frames) => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const name =
        element.id || element.dataset.sample || element.getAttribute('hreflang') || element.getAttribute('href')?.replace(/.*\//, '') || element.localName;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return { name, trouble: `its outline is ${outlineWidth} ${outlineStyle}` };
      let trouble = '';
      for (let frame = 0; frame < frames; frame += 1) {
        await new Promise(requestAnimationFrame); // in which what has the focus is scrolled to
        const { top, bottom } = element.getBoundingClientRect();
        if (top >= -1 && bottom <= innerHeight + 1) return { name, trouble: '' };
        trouble = `it is out of sight: ${top} to ${bottom} of ${innerHeight}`;
      }
      return { name, trouble };
    }, frames);
    if (!found) return reached;
    assert.equal(found.trouble, '', found.name);
    reached.push(found.name);
  }
  throw new Error(`Tab never leaves the page: ${reached.join(', ')}`);
}

const TOP = ['nav-ask', 'nav-teach', 'nav-folder', 'en', 'zh', 'model', 'backend'];
const SAMPLES = ['cat', 'ship', 'horse', 'bird', 'airplane', 'dog'];
const LOOK = ['crop', 'contrast', 'balance', 'denoise'];
const TAKE = ['copy-text', 'copy-json', 'save-json', 'save-card'];
const WHERE = ['where'];
const ASK = ['ask-class', 'threshold', 'ask-best-f1', 'ask-precise', 'summary'];
const END = ['inside-open', 'card-link', 'open-weights', 'index.html', 'bench.html', 'CREDITS.md', 'NOTICE.md', 'SOURCES.md'];

for (const { width, empty, answered } of [
  { width: 1280, empty: [SAMPLES, LOOK, ASK], answered: [SAMPLES, LOOK, ['more'], TAKE, WHERE, ASK] },
  { width: 360, empty: [SAMPLES, ASK, LOOK], answered: [['more'], TAKE, WHERE, ASK, SAMPLES, LOOK] },
]) {
  scene(
    'without WebGPU',
    `${width} pixels wide: Tab goes through the page in the order in which it is seen, and out of it`,
    async ({ page, open }) => {
      const live = answered.filter((part) => part !== TAKE); // what changes with every picture isn't taken along
      const order = (/** @type {string[]} */ stage, /** @type {string[][]} */ parts) => [TOP, stage, ...parts, END].flat();
      await open();
      await backendIs(page, 'cpu');
      assert.deepEqual(await tabThrough(page), order(['choose', 'live-start'], empty), 'empty');

      await page.focus('[data-sample="ship"]');
      await page.keyboard.press('Enter');
      assert.equal((await said(page)).ranked[0]?.label, 'ship');
      assert.deepEqual(await tabThrough(page), order(['another', 'live-back', 'turn', 'crop-photo'], answered), 'answer');

      await page.focus('#live-back');
      await page.keyboard.press('Enter');
      await page.locator('#live-rate:not(:empty)').waitFor();
      await page.locator('#camera').waitFor(); // the list of cameras comes when it comes
      assert.equal(await focusOf(page), 'live-stop', 'the button that was pressed is gone');
      assert.deepEqual(await tabThrough(page, LIVE_FRAMES), order(['freeze', 'live-stop', 'flip', 'camera', 'mirror', 'smooth'], live), 'live');

      await page.focus('#smooth');
      await page.keyboard.press('Space');
      assert.equal(await page.isChecked('#smooth'), false);
      await page.locator('#freeze:enabled').waitFor(); // while the picture can't be seen, it rests
      await page.focus('#freeze');
      await page.keyboard.press('Enter');
      await page.locator('html:not([data-live])').waitFor({ state: 'attached' });
      assert.equal((await said(page)).error, '');
      assert.equal(await focusOf(page), 'live-back');
      await page.keyboard.press('Shift+Tab');
      assert.equal(await focusOf(page), 'another');
    },
    { context: { viewport: { width, height: 800 } }, camera: { flags: ['--use-fake-device-for-media-stream=device-count=2'] } },
  );
}

scene(
  'without WebGPU',
  'what has the keyboard’s focus stays in sight where the page grows above it, and whoever scrolls away is left there',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await upload(page, sample('cat').path);
    const place = () => page.locator('[data-sample="cat"]').evaluate((button) => button.getBoundingClientRect().bottom - innerHeight);
    const grow = (/** @type {number} */ pixels) =>
      page.locator('#answer').evaluate(async (answer, more) => {
        answer.style.paddingBottom = `${more}px`;
        for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      }, pixels);
    await page.focus('#summary, .ask select');
    while ((await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.sample)) !== 'cat') await page.keyboard.press('Tab');
    await page.waitForFunction(() => {
      const { top, bottom } = /** @type {Element} */ (document.activeElement).getBoundingClientRect();
      return top >= -1 && bottom <= innerHeight + 1;
    });
    await grow(700);
    assert.ok((await place()) <= 1, `${await place()} pixels below the window`);
    await page.mouse.move(180, 400);
    await page.mouse.wheel(0, -9000);
    await page.waitForFunction(() => scrollY === 0);
    await grow(800);
    assert.equal(await page.evaluate(() => scrollY), 0);
    assert.ok((await place()) > 0);
  },
  { context: { viewport: { width: 360, height: 800 } } },
);

scene('without WebGPU', 'a slider that is pulled is not read out at every step, but where it comes to rest', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  await upload(page, sample('cat').path);
  await page.selectOption('#ask-class', 'cat');
  await page.waitForTimeout(2000);
  await page.evaluate(() => {
    /** @type {string[]} */
    const heard = [];
    Object.assign(globalThis, { heard });
    const region = /** @type {Element} */ (document.querySelector('#ask-announcement'));
    new MutationObserver(() => heard.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.focus('#threshold');
  for (let step = 0; step < 20; step += 1) await page.keyboard.press('ArrowLeft');
  assert.equal(await page.locator('#threshold').getAttribute('aria-valuetext'), '30%');
  await page.waitForFunction(() => /** @type {any} */ (globalThis).heard.at(-1)?.endsWith('your 30%.'));
  const heard = await page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (globalThis).heard));
  assert.ok(heard.length <= 3, heard.join('\n'));
});

scene(
  'without WebGPU',
  'whoever wants no motion gets none',
  async ({ page, open }) => {
    const moving = () =>
      page.evaluate(() =>
        document.getAnimations().map((animation) => animation.constructor.name + JSON.stringify(animation.effect?.getComputedTiming().duration)),
      );
    await page.addInitScript(() => {
      /** @type {string[]} */
      const seen = [];
      Object.assign(globalThis, { seen });
      const look = () => {
        for (const { effect } of document.getAnimations()) {
          const { target, pseudoElement } = /** @type {KeyframeEffect} */ (effect);
          seen.push(`${target?.localName}.${target?.className}${pseudoElement ?? ''}`);
        }
        requestAnimationFrame(look);
      };
      look();
    });
    const seen = () => page.evaluate(() => [.../** @type {Set<string>} */ (new Set(/** @type {any} */ (globalThis).seen))]);
    await open();
    await backendIs(page, 'cpu');
    await upload(page, sample('cat').path);
    await page.hover('[data-sample="ship"]');
    await page.waitForTimeout(400);
    assert.ok(
      (await seen()).some((what) => what.startsWith('span.bar')),
      'with motion, the bars grow',
    );

    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.reload();
    await backendIs(page, 'cpu');
    await upload(page, sample('bird').path);
    await page.hover('[data-sample="dog"]');
    await startLive(page);
    await page.waitForTimeout(600);
    assert.deepEqual(await seen(), []);
    assert.deepEqual(await moving(), []);
  },
  { camera: { clip: still.path } },
);

scene(
  'without WebGPU',
  'in somebody’s own colours, bars, corners and buttons can still be seen',
  async ({ page, open }) => {
    const style = (/** @type {string} */ selector, /** @type {string} */ property, pseudo = '') =>
      page
        .locator(selector)
        .first()
        .evaluate((element, [name = '', pseudo]) => getComputedStyle(element, pseudo).getPropertyValue(name), [property, pseudo]);
    await open();
    await backendIs(page, 'cpu');
    const [canvas, ink, highlight] = await page.evaluate(() =>
      ['Canvas', 'CanvasText', 'Highlight'].map((name) => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = name;
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      }),
    );
    assert.ok(canvas && ink && highlight);
    assert.match(await style('.stage', 'background-image', '::before'), new RegExp(`gradient\\(${escaped(ink)}`), 'the corners');
    for (const button of ['#choose', '#live-start']) {
      assert.notEqual(await style(button, 'border-top-style'), 'none', button);
      assert.notEqual(await style(button, 'border-top-color'), canvas, button);
    }
    await upload(page, sample('cat').path);
    assert.equal(await style('#ranked .bar', 'background-color', '::before'), highlight, 'the bars');
    assert.equal(await style('#ranked .bar', 'border-top-color'), ink, 'their frames');
    await page.focus('#more');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    assert.notEqual(await style('#more', 'outline-color'), canvas, 'the focus');
    await page.screenshot({ path: new URL('./shots/forced-colours-answer.png', import.meta.url).pathname, fullPage: true });
    await startLive(page);
    assert.match(
      await style('.stage[data-state="live"]', 'background-image', '::before'),
      new RegExp(`gradient\\(${escaped(ink)}`),
      'the corners of the live picture',
    );
    assert.ok(await page.isVisible('#smooth'));
    await page.screenshot({ path: new URL('./shots/forced-colours-live.png', import.meta.url).pathname, fullPage: true });
  },
  { context: { forcedColors: 'active', colorScheme: 'dark' }, camera: { clip: still.path } },
);

/** @param {string} text */
function escaped(text) {
  return text.replace(/[()]/g, '\\$&');
}

/** @param {Page} page */
function focusOf(page) {
  return page.evaluate(() => document.activeElement?.id);
}
