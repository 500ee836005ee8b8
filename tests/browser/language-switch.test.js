/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { Failure } from '../../www/core/errors.js';
import en from '../../www/i18n/en.js';
import zh from '../../www/i18n/zh.js';
import { clip } from './clip.js';
import { backendIs, errorOf, noteOf, said, scene, upload } from './scene.js';
import { cardOf, host, saysOf } from './widget.js';

/*
 * Language and theme change while the page goes on: nothing is loaded anew, and everything that stands there changes.
 */

const still = await clip(['cat'], 1);
const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };

/** @param {Page} page */
const markPage = (page) => page.evaluate(() => Object.assign(globalThis, { sameDocument: true }) && undefined);

/** @param {Page} page */
const isSamePage = (page) => page.evaluate(() => 'sameDocument' in globalThis);

/**
 * @param {Page} page
 * @param {'English' | '中文'} name
 */
async function switchTo(page, name) {
  await page.locator('#languages').getByRole('link', { name }).click();
  await page.locator(`#languages [aria-current]`, { hasText: name }).waitFor();
}

/**
 * Texts of a language that are seen where another one is in use.
 * @param {Page} page
 * @param {typeof en} absent
 * @param {typeof en} present
 */
async function leftovers(page, absent, present) {
  const text = await page.locator('body').innerText();
  const kept = Object.values(present.page);
  return Object.values(absent.page).filter((word) => word.length > 3 && !kept.some((other) => other.includes(word)) && text.includes(word));
}

scene(
  'without WebGPU',
  'an answer and everything around it changes its language where it stands',
  async ({ page, server, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await page.click('[data-sample="cat"]');
    const before = await said(page);
    await page.selectOption('#ask-class', 'cat');
    assert.equal(before.photo, en.samples.cat);
    await markPage(page);

    await switchTo(page, '中文');
    await page.locator('#ranked li[data-label="cat"] .label', { hasText: '猫 cat' }).waitFor(); // names come when their table has
    const after = await said(page);
    assert.match(after.verdict, /猫（cat）[。？]$/);
    assert.deepEqual(
      after.ranked.map(({ label, probability }) => [label, probability]),
      before.ranked.map(({ label, probability }) => [label, probability]),
    );
    assert.equal(after.photo, zh.samples.cat);
    assert.equal(await page.locator('#photo').getAttribute('aria-label'), zh.photoAlt(zh.samples.cat));
    assert.equal(await page.locator('[data-sample="ship"] img').getAttribute('alt'), zh.samples.ship);
    assert.equal(await page.textContent('#ask-answer'), zh.yes);
    assert.equal(await page.locator('#ask-class option:checked').textContent(), '猫（cat）？');
    assert.match((await page.textContent('#classes li:first-child')) ?? '', /^\p{Script=Han}/u);
    assert.match(await noteOf(page), /^CPU：/);
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh');
    assert.equal(await page.title(), zh.page.title);
    assert.equal(await page.getByRole('region', { name: zh.page.answer }).count(), 1);
    assert.deepEqual(await leftovers(page, en, zh), []);
    assert.equal(new URL(page.url()).searchParams.get('lang'), 'zh');

    await switchTo(page, 'English');
    const back = await said(page);
    assert.deepEqual([back.verdict, back.confidence, back.photo, back.ranked], [before.verdict, before.confidence, before.photo, before.ranked]);
    assert.deepEqual(await leftovers(page, zh, en), []);
    assert.equal(new URL(page.url()).searchParams.get('lang'), 'en');
    assert.ok(await isSamePage(page));
    assert.equal(server.served.filter((path) => path === '/index.html').length, 1);
    assert.equal(page.workers().length, 1);

    // What was chosen is what the next visit begins with.
    await switchTo(page, '中文');
    await page.goto(`${server.origin}/`);
    await page.locator('html[lang="zh"]').waitFor({ state: 'attached' });
  },
  { allow: [/ERR_ABORTED/] },
);

scene('without WebGPU', 'an error that stands there changes its language', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  await upload(page, broken);
  assert.equal(await errorOf(page), en.failure(new Failure('file-unreadable'), 'broken.jpg'));
  await switchTo(page, '中文');
  assert.equal(await errorOf(page), zh.failure(new Failure('file-unreadable'), 'broken.jpg'));
  assert.deepEqual(await leftovers(page, en, zh), []);
});

scene(
  'without WebGPU',
  'the live picture goes on while its texts change, and so does what it is frozen to',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await page.click('#live-start');
    await page.locator('#live-rate', { hasText: 'frames' }).waitFor();
    await switchTo(page, '中文');
    assert.equal(await page.locator('html').getAttribute('data-live'), 'running');
    assert.equal(await page.textContent('#live-note'), zh.live.running);
    assert.equal(await page.textContent('#freeze'), zh.page.freeze);
    assert.equal(await page.locator('#live-video').getAttribute('aria-label'), zh.livePicture);
    assert.doesNotMatch((await page.textContent('#live-rate')) ?? '', /frames/);
    await page.locator('#ranked .label', { hasText: '猫 cat' }).waitFor();
    await page.click('#freeze');
    await said(page);
    assert.equal(await page.textContent('#live-back'), zh.page.liveAgain);
    await switchTo(page, 'English');
    assert.match((await said(page)).photo, /^Camera, \d\d:\d\d:\d\d$/);
    assert.equal(await page.textContent('#live-back'), en.page.liveAgain);
  },
  { camera: { clip: still.path } },
);

scene('without WebGPU', 'of languages that are chosen one right after the other, the last one counts', async ({ page, server, open }) => {
  let arrive = () => {};
  const until = new Promise((resolve) => (arrive = () => resolve(null)));
  server.meddle((path) => (path.endsWith('/zh.js') ? { until } : undefined));
  await open();
  await backendIs(page, 'cpu');
  const links = page.locator('#languages');
  await links.getByRole('link', { name: '中文' }).click();
  await links.getByRole('link', { name: 'English' }).click();
  arrive();
  await page.waitForFunction(() => new URL(location.href).searchParams.has('lang'));
  await page.waitForTimeout(300);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await page.textContent('h1'), en.page.heading);
  assert.equal(new URL(page.url()).searchParams.get('lang'), 'en');
});

scene('without WebGPU', 'the page follows the browser’s colour scheme where it stands', async ({ page, open }) => {
  const background = () => page.locator('.viewer').evaluate((card) => getComputedStyle(card).backgroundColor);
  await open();
  await page.locator('#choose').waitFor();
  await page.emulateMedia({ colorScheme: 'light' });
  assert.equal(await background(), 'rgb(253, 251, 247)');
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await background(), 'rgb(22, 29, 32)');
});

scene('without WebGPU', 'what an element shows changes with its language, an error, too', async ({ page, server }) => {
  const small = 'model="/www/model/cifar10.safetensors"';
  await page.goto(
    server.page('/host.html', host(`<glimpse-classifier src="/www/samples/cat.jpg" samples="/www/samples/ship.jpg" ${small}></glimpse-classifier>`)),
  );
  const element = page.locator('glimpse-classifier');
  assert.equal((await cardOf(page, 'glimpse-classifier', 'cifar10.safetensors')).verdict, 'It looks like a cat.');
  await element.evaluate((found) => found.setAttribute('lang', 'zh'));
  await element.locator('.label').first().getByText('猫 cat').waitFor();
  const chinese = await saysOf(element);
  assert.equal(chinese.verdict, '看起来是猫（cat）。');
  assert.equal(chinese.photo, zh.photoAlt('cat.jpg'));
  assert.equal(await element.locator('.samples img').getAttribute('alt'), zh.samples.ship);
  await element.evaluate((found) => found.setAttribute('src', '/www/samples/CREDITS.md'));
  await element.locator('.error').waitFor();
  assert.equal((await saysOf(element)).error, zh.failure(new Failure('file-unreadable'), 'CREDITS.md'));
  await element.evaluate((found) => found.setAttribute('lang', 'en'));
  await element.locator('.error').getByText('CREDITS.md” could not be opened').waitFor();
});
