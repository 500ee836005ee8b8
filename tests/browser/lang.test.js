/** @import { Keeping } from '../../www/pwa/scope.js' */
/** @import { Info, Status } from '../../www/core/types.js' */
/** @import { Words } from '../../www/i18n/index.js' */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../www/core/errors.js';
import en from '../../www/i18n/en.js';
import { languageFor, languages, loadWords } from '../../www/i18n/index.js';
import { root } from './chromium.js';
import { clip } from './clip.js';
import { misfitsOf } from './fits.js';
import { checkerboard } from './pictures.js';
import { sample } from './samples.js';
import { atRest, backendIs, errorOf, noteOf, said, scene, upload } from './scene.js';

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });
const still = await clip(['dog'], 1);
const all = await Promise.all(languages.map(async (code) => ({ code, words: await loadWords(code) })));
const zh = /** @type {Words} */ (all.find(({ code }) => code === 'zh')?.words);

/* The files themselves. */

test('every language says of itself which it is, and has every key of the others', () => {
  for (const { code, words } of all) {
    assert.equal(words.code, code);
    assert.deepEqual(shapeOf(words), shapeOf(en), code);
  }
});

test('of several languages that somebody reads, the first that there is', () => {
  assert.equal(languageFor(['de-AT', 'zh-Hant-TW', 'en']), 'zh');
  assert.equal(languageFor(['en-GB', 'zh']), 'en');
  assert.equal(languageFor(['de', '']), 'en');
  assert.equal(languageFor([]), 'en');
});

test('whatever goes wrong has a sentence of its own in every language', async () => {
  const sources = await sourcesOf('www');
  const found = (/** @type {RegExp} */ pattern, where = sources) => where.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, code]) => code ?? ''));
  // The codes of the camera and of the reasons are put together in functions, so they are looked for by their looks.
  const failures = new Set([...found(/new Failure\(\s*'([\w-]+)'/g), ...found(/'(camera-[\w-]+)'/g)]);
  const reasons = new Set(
    found(
      /\bcode: '([\w-]+)'/g,
      sources.filter(({ path }) => path.startsWith('www/engine/')),
    ),
  );
  assert.ok(failures.size > 25 && reasons.size > 12, `${failures.size} and ${reasons.size} codes found`);
  for (const code of found(/case '(webgpu-[\w-]+)':/g)) reasons.add(code); // those stay what they are
  // The sentence for what nobody foresaw; nothing to say; what is another reason before anybody reads it.
  const exempt = ['unexpected', 'none', 'silent'];

  for (const { code: language, words } of all) {
    const failure = (/** @type {string} */ code) => words.widget.failure(new Failure(code, FACTS), 'x.jpg') ?? words.failure(new Failure(code, FACTS), 'x.jpg');
    const reason = (/** @type {string} */ code) => words.modelNote(status(code)) || words.backendCase(status(code));
    for (const code of failures) {
      if (exempt.includes(code) || reasons.has(code)) continue;
      assert.notEqual(failure(code), failure('no such failure'), `${language}: the failure ${code}`);
    }
    for (const code of reasons) {
      if (!exempt.includes(code)) assert.notEqual(reason(code), reason('no such reason'), `${language}: the reason ${code}`);
    }
  }
});

test('every function answers in every case, with a sentence', () => {
  for (const { code, words } of all) {
    for (const [what, sentence] of sentencesOf(words)) {
      assert.ok(sentence.trim() && !/undefined|null|NaN|\[object/.test(sentence), `${code}: ${what}: “${sentence}”`);
    }
    for (const share of [0, 1e-5, 0.5, 0.99999, 1]) assert.match(words.percent(share), /^[<>]?\d+(\.\d)?%$/, code);
  }
});

test('Chinese is written as Chinese is', () => {
  for (const [what, sentence] of sentencesOf(zh)) {
    if (!UNTRANSLATED.some((pattern) => pattern.test(sentence))) assert.match(sentence, /\p{Script=Han}/u, what);
    assert.doesNotMatch(sentence, /\p{Script=Han} ?[,;:?!()]|[,;:?!()] ?\p{Script=Han}|\p{Script=Han}\.(?!\w)|"/u, `${what}: punctuation of half width`);
    assert.doesNotMatch(sentence, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u, `${what}: no space beside Latin letters or digits`);
    assert.doesNotMatch(sentence, /[，。：；？！（）“”] | [，。：；？！（）]/u, `${what}: a space beside punctuation of full width`);
  }
});

/* The page. */

scene(
  'without WebGPU',
  'in Chinese, from the first word to the last',
  async ({ page, server, open }) => {
    await open();
    await backendIs(page, 'cpu');
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh');
    assert.equal(await page.title(), zh.page.title);
    assert.equal(await page.locator('meta[name="description"]').getAttribute('content'), zh.page.description);
    await noEnglish('empty');

    const found = await upload(page, sample('cat').path);
    assert.match(found.verdict, /^(看起来是|不太确定，也许是)猫（cat）[。？]$/);
    assert.match((await page.textContent('#confidence')) ?? '', /^模型有 [\d.>]+% 的把握。$/);
    assert.equal(await page.getByRole('region', { name: zh.page.answer }).count(), 1);
    assert.match((await page.textContent('#announcement')) ?? '', /看起来是猫/);
    await page.selectOption('#ask-class', 'cat');
    assert.equal(await page.textContent('#ask-answer'), zh.yes);
    await noEnglish('answer');

    const none = await upload(page, { name: 'nothing.png', mimeType: 'image/png', buffer: checkerboard() });
    assert.match(none.verdict, /它认识的 10 类中的任何一类。$/);
    await upload(page, { name: '照片.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') });
    assert.equal(await errorOf(page), zh.failure(new Failure('file-unreadable'), '照片.jpg'));
    assert.match(await noteOf(page), /^CPU：/);
    assert.deepEqual(
      server.served.filter((path) => path.endsWith('/en.js')),
      [],
      'nobody needs English here',
    );

    async function noEnglish(/** @type {string} */ face) {
      const text = await page.locator('body').innerText();
      assert.deepEqual(
        Object.values(en.page).filter((word) => word.length > 6 && !Object.values(zh.page).includes(word) && text.includes(word)),
        [],
        face,
      );
    }
  },
  { context: { locale: 'zh-CN' } },
);

scene(
  'without WebGPU',
  'the address comes before what was chosen, and that before the browser',
  async ({ page, server, open }) => {
    const is = async (/** @type {string} */ code, /** @type {string} */ why) => {
      // In place, the language changes when its words have come.
      await page.locator(`html[lang="${code}"] #languages [aria-current]`).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), code, why);
      assert.equal(await page.textContent('h1'), all.find((language) => language.code === code)?.words.page.heading, why);
    };
    const { origin } = server;
    await open();
    await is('en', 'the browser’s');
    assert.deepEqual(
      server.served.filter((path) => /zh\.js$|\.tsv$/.test(path)),
      [],
      'nothing of other languages is fetched',
    );
    await page.goto(`${origin}/?lang=zh-CN`);
    await is('zh', 'the address’s');
    await open();
    await is('en', 'an address isn’t a choice');

    await page.goto(`${origin}/?a=b`);
    await page.getByRole('navigation', { name: 'Language' }).getByRole('link', { name: '中文' }).click();
    await page.waitForURL(`${origin}/?a=b&lang=zh`);
    await is('zh', 'chosen');
    assert.equal(await page.getByRole('navigation', { name: '语言' }).getByRole('link', { name: '中文' }).getAttribute('aria-current'), 'true');
    await open();
    await is('zh', 'remembered');
    await page.goto(`${origin}/?lang=xx`);
    await is('zh', 'an address that asks for what there isn’t');
    await page.goto(`${origin}/?lang=en`);
    await is('en', 'the address’s, whatever was chosen');
    await page.locator('#languages').getByRole('link', { name: 'English' }).click();
    await open();
    await is('en', 'chosen once more');
  },
  { allow: [/net::ERR_ABORTED$/] }, // of what a page that is left was still fetching
);

scene(
  'without WebGPU',
  'where the Chinese can’t be fetched, the page is English and works',
  async ({ page, server, open }) => {
    server.meddle((path) => (path.endsWith('/zh.js') ? { status: 404 } : undefined));
    await open();
    await backendIs(page, 'cpu');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    const found = await upload(page, sample('cat').path);
    assert.equal(found.verdict, 'It looks like a cat.');
  },
  { context: { locale: 'zh-CN' }, allow: [/zh\.js/] },
);

scene(
  'without WebGPU',
  'in Chinese nothing sticks out, and screenshots are taken',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await look('empty');
    await upload(page, sample('bird').path);
    await look('answer');
    await upload(page, { name: 'nothing.png', mimeType: 'image/png', buffer: checkerboard() });
    await look('none');
    await upload(page, { name: `${'很长的照片名称'.repeat(12)}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from('no photo') });
    await look('error');
    await page.click('#live-start');
    await page.locator('#live-rate:not(:empty)').waitFor();
    await look('live');
    await page.click('#freeze');
    await said(page);
    await look('frozen');

    async function look(/** @type {string} */ face) {
      await atRest(page);
      for (const [width, height] of /** @type {const} */ ([
        [320, 640],
        [360, 740],
        [820, 1100],
        [1280, 900],
      ])) {
        await page.setViewportSize({ width, height });
        assert.deepEqual(await misfitsOf(page), [], `${face}, ${width} pixels wide`);
        if (width !== 320) await page.screenshot({ path: `${shots}zh-${width}-${face}.png`, fullPage: true });
      }
    }
  },
  { context: { locale: 'zh-CN' }, camera: { clip: still.path } },
);

/** What is the same in every language. */
const UNTRANSLATED = [/^(WebGPU|CPU)$/, /^[<>\d./\s]+(%|MB)$/, /^(own。?|convnet|test pictures|abc1234|tabby)$/];

/** Facts that every failure finds its own among. */
const FACTS = {
  detail: 'It broke',
  width: 30000,
  height: 20000,
  maxPixels: 5e7,
  file: 'x.wasm',
  status: 404,
  seconds: 3,
  address: 'x',
  kind: 'HEIC',
  megabytes: 256,
  host: 'example.org',
};

/** @type {Info} */
const INFO = {
  backend: 'cpu',
  architecture: 'convnet',
  classes: ['cat', 'none'],
  none: 'none',
  vocabulary: null,
  parameters: 2e6,
  preprocessing: {
    input_size: 32,
    framing: 'stretch',
    filter: 'catmull_rom',
    enhance: { denoise: false, contrast: false, colour_balance: false },
    normalisation: { mean: [0, 0, 0], std: [1, 1, 1] },
  },
  temperature: 1,
  not_sure_below: 0.5,
  provenance: { data: 'test pictures', epochs: 10, seed: 1, commit: 'abc1234', trained: '2026-11-22', test_accuracy: 0.9, validation_accuracy: 0.9 },
};

/**
 * A status in which everything has that reason.
 * @param {string} code
 * @returns {Status}
 */
function status(code) {
  return {
    state: 'ready',
    preference: 'auto',
    backend: 'cpu',
    reason: { code, detail: 'It broke.', facts: { cpu: 50, webgpu: 20, difference: 0.5 }, again: true },
    speeds: {},
    choice: 'photo',
    model: 'cifar10',
    modelReason: { code, detail: 'It broke.' },
    loading: { task: 'load', backend: 'webgpu', model: 'photo' },
    progress: { loaded: 0.5e6, total: 1.5e6 },
    info: INFO,
    size: 1.5e6,
  };
}

/** @type {readonly Keeping['code'][]} */
const keepings = ['unsupported', 'saving', 'removed', 'storing', 'stored', 'changed', 'no-room', 'refused'];

/** The cases that `en.js` knows. */
const cases = [...(await readFile(`${root}www/i18n/en.js`, 'utf8')).matchAll(/case '([\w-]+)':/g)].map(([, code]) => code ?? '');

/**
 * Everything that a language can say, each with where it stands.
 *
 * @param {Words} words
 * @returns {[string, string][]}
 */
function sentencesOf(words) {
  const progress = { loaded: 0.5e6, total: 1.5e6 };
  const bare = /** @type {Info} */ ({ ...INFO, provenance: { ...INFO.provenance, test_accuracy: null, validation_accuracy: null } });
  /** @type {Record<string, (string | null)[]>} */
  const answers = {
    modelName: ['cifar10', 'photo', 'own'].map(words.modelName),
    usual: [words.usual('x')],
    named: [words.named('tabby'), words.named('cat', '猫')],
    thing: [words.thing('tabby'), words.thing('cat', '猫')],
    percent: [words.percent(0.5), words.percent(0.0001), words.percent(0.9999)],
    verdict: [true, false].flatMap((sure) => ['猫（cat）', 'tabby'].map((thing) => words.verdict(thing, sure))),
    verdictNone: [words.verdictNone(10, true), words.verdictNone(1000, false)],
    confidence: [words.confidence(0.9, true, true), words.confidence(0.3, false, true), words.confidence(0.3, false, false)],
    noneOf: [words.noneOf(10)],
    specific: ['猫（cat）', words.noneOf(10)].map((kind) => words.specific(0.7, kind, 0.999)),
    instead: [words.instead('tabby', 0.4, 1000)],
    counts: [words.wider(1000), words.showAll(11), words.showTop(5), words.seenSize(32), words.seenAlt(224)],
    timing: [words.timing('photo', 'cpu', 5.5, 1200), words.timing('own', 'webgpu', 5.5, 12), words.milliseconds(3)],
    remark: cases.map((code) => words.remark(status(code))),
    photos: [words.photos.nth(2, 'x.jpg'), words.photos.answer(words.none, true), words.photos.answer(words.none, false)],
    photosNote: [0, 1].flatMap((failed) => [0, 15].map((leftOut) => words.photos.note({ count: 30, answered: 20, failed, leftOut }))),
    meaning: [words.where.meaning(true), words.where.meaning(false)],
    unseen: [1, 11].map((sources) => words.unseen({ right: 3595, pictures: 3852, sources, interval: { low: 0.925, high: 0.941 } })),
    where: [words.where.about('tabby', words.signed(-0.0123)), words.where.about('猫（cat）', words.signed(4))],
    question: [words.question('猫（cat）')],
    answer: [words.answer('tabby', 0.6, 0.5), words.answer('tabby', 0.4, 0.5)],
    live: [words.smoothed(400), words.rate(5.2, 60), words.rate(30, 6), words.frozen(new Date())],
    camera: [words.camera('', null, 1), words.camera('', 'user', 2), words.camera('x', 'environment', 2)],
    photoAlt: [words.photoAlt('x.jpg'), words.disturbed('x.jpg')],
    keeping: [0, 8e6].flatMap((bytes) => keepings.map((code) => words.keeping({ code, detail: 'It broke.', bytes }))),
    bytes: [words.megabytes(1.5e6), words.bytes(progress), words.bytes({ loaded: 1.5e6, total: null }), words.loading(progress), words.loading(null)],
    modelNote: cases.map((code) => words.modelNote(status(code))),
    ownModelNote: ['chosen', 'coming', 'failed'].map((code) => words.modelNote({ ...status(code), choice: 'own', size: null, progress: null })),
    backendNote: ['no such reason', ...cases].map((code) => words.backendNote(status(code), 'page')),
    failure: ['no such failure', ...cases].flatMap((code) => ['x.jpg', ''].map((name) => words.failure(new Failure(code, FACTS), name))),
    bareFailure: cases.map((code) => words.failure(new Failure(code, { ...FACTS, detail: '', seconds: 0 }), '')),
    widget: [words.widget.asks('tabby'), words.widget.asks('猫（cat）'), words.widget.because('97%', '50%'), words.widget.unknownClasses(['猫', '狗'])],
    widgetFailure: cases.flatMap((code) => ['x.jpg', ''].map((name) => words.widget.failure(new Failure(code, FACTS), name))),
    about: [words.about(words.modelName('photo')), words.knows(10), words.knows(1000)],
    beyond: [true, false].flatMap((none) => [0, 1000].map((names) => words.beyond(none, names))),
    facts: [INFO, bare].flatMap((info) => [1.5e6, null].flatMap((size) => words.facts(info, size).flat())),
  };
  const fixed = [words.page, words.samples, words.take, words.where, words.photos, words.live, words.widget, { none: words.none, yes: words.yes, no: words.no }]
    .flatMap((group) => Object.entries(group))
    .filter(/** @returns {entry is [string, string]} */ (entry) => typeof entry[1] === 'string');
  // Where there is nothing to say, '' and null say so.
  return [...fixed, ...Object.entries(answers).flatMap(([what, told]) => told.flatMap((one) => (one ? [/** @type {[string, string]} */ ([what, one])] : [])))];
}

/**
 * The names of everything in it, and what kind of thing each is.
 * @param {object} words
 * @returns {unknown}
 */
function shapeOf(words) {
  return Object.entries(words)
    .filter(([key]) => key !== 'names') // which English has none of
    .map(([key, value]) => [key, typeof value === 'object' ? shapeOf(value) : typeof value])
    .sort();
}

/**
 * The modules of a folder and those below it.
 * @param {string} folder
 */
async function sourcesOf(folder) {
  const paths = (await readdir(`${root}${folder}`, { recursive: true })).filter((path) => path.endsWith('.js') && !path.startsWith('i18n/'));
  return Promise.all(paths.map(async (path) => ({ path: `${folder}/${path}`, text: await readFile(`${root}${folder}/${path}`, 'utf8') })));
}
