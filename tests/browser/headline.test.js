/** @import { Outcome, Ranked } from '../../www/core/types.js' */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import en from '../../www/i18n/en.js';
import { ClassNames } from '../../www/i18n/class-names.js';
import { headlineOf, inWords } from '../../www/core/headline.js';
import { clip } from './clip.js';
import { demanding } from './network.js';
import { checkerboard } from './pictures.js';
import { sample } from './samples.js';
import { backendIs, said, scene, upload } from './scene.js';
import { cardOf, heard, host, LISTEN } from './widget.js';

/*
 * The headline of an answer is the most specific thing that is sure.
 */

const still = await clip(['cat'], 1);
const board = { name: 'board.png', mimeType: 'image/png', buffer: checkerboard() };

/* The sentences. */

const NAMES = new ClassNames(en);

/**
 * @param {Partial<Outcome>} more
 * @param {string} [label] the best class
 */
function outcome(more, label = 'dog') {
  const info = { classes: ['dog', 'ship', 'none'], none: 'none', vocabulary: { classes: ['Chihuahua', 'holster'] } };
  const ranked = [entry(label, 0.954)];
  return /** @type {Outcome} */ ({ ranked, sure: true, none: label === 'none', vocabulary: null, specific: null, info, ...more });
}

/**
 * @param {string} label
 * @param {number} probability
 * @returns {Ranked}
 */
function entry(label, probability) {
  return { index: 0, label, probability };
}

test('the most specific answer that is sure is the headline, and every share says what it is of', () => {
  const said = (/** @type {Outcome} */ about) => Object.values(inWords(about, en, NAMES));
  const specific = entry('Chihuahua', 0.712);
  assert.deepEqual(said(outcome({ specific })), ['It looks like a Chihuahua.', 'The network is 71.2% sure, and 95.4% sure that it is a dog.']);
  assert.equal(headlineOf(outcome({ specific })), specific);
  const holster = outcome({ specific: entry('holster', 0.986) }, 'none');
  assert.deepEqual(said(holster), ['It looks like a holster.', 'The network is 98.6% sure, and 95.4% sure that it is none of its 2 classes.']);

  const vocabulary = [entry('holster', 0.3)];
  assert.deepEqual(said(outcome({ vocabulary })), ['It looks like a dog.', 'The network is 95.4% sure.']);
  assert.equal(headlineOf(outcome({ vocabulary }))?.label, 'dog');
  assert.deepEqual(said(outcome({ vocabulary }, 'none')), ['None of its 2 classes.', 'Among 2 names: perhaps “holster” (30%).']);
  assert.deepEqual(said(outcome({ sure: false })), ['Not sure. Perhaps a dog?', 'Its best guess gets only 95.4%.']);
});

test('English names get the article that is spoken, or none', () => {
  const spoken = {
    a: [
      'Chihuahua',
      'crane (bird)',
      'unicycle',
      'European fire salamander',
      'one-piece swimsuit',
      'honeycomb',
      'T-shirt',
      'chest of drawers',
      'Great Pyrenees',
      'compass',
    ],
    an: ['Airedale terrier', 'hourglass', 'iPod', 'ox', 'eft (newt)', 'umbrella', 'upright piano', 'espresso', 'uninvited guest'],
    '': ['swimming trunks', 'jeans', 'sunglasses', 'binoculars', 'hay', 'wool', 'red wine', 'mashed potato'],
  };
  for (const [article, names] of Object.entries(spoken)) {
    for (const name of names) assert.equal(en.thing(name), `${article} ${name}`.trim());
  }
  assert.equal(inWords(outcome({ specific: entry('jeans', 0.7) }, 'none'), en, NAMES).verdict, 'It looks like jeans.');
});

/* The page. */

const CONFIDENCE = /^The network is ([\d.<>]+%) sure, and ([\d.<>]+%) sure that it is (.+)\.$/;

scene('without WebGPU', 'a photo is named by its breed, with the class under it', async ({ page, server, open }) => {
  server.meddle(demanding({ ofName: 0 }));
  await open();
  await backendIs(page, 'cpu');
  for (const name of ['dog', 'cat', 'bird']) {
    const { verdict, confidence, ranked, vocabulary } = await upload(page, sample(name).path);
    const [best, wider] = [ranked[0], vocabulary[0]];
    assert.ok(best && wider);
    assert.equal(verdict, `It looks like ${en.thing(wider.label)}.`);
    assert.deepEqual(CONFIDENCE.exec(confidence)?.slice(1), [en.percent(wider.probability), en.percent(best.probability), `a ${name}`]);
    await page.locator('#announcement', { hasText: `${verdict} ${confidence}` }).waitFor();
    assert.equal(await page.locator('#answer').getAttribute('data-sure'), 'true');
  }
});

scene('without WebGPU', 'what is none of the classes is named, and that it is none of them stands under it', async ({ page, server, open }) => {
  server.meddle(demanding({ ofClass: 0, ofName: 0 }));
  await open();
  await backendIs(page, 'cpu');
  const { verdict, confidence, ranked, vocabulary } = await upload(page, board);
  assert.equal(ranked[0]?.label, 'none');
  assert.equal(verdict, `It looks like ${en.thing(vocabulary[0]?.label ?? '')}.`);
  assert.deepEqual(CONFIDENCE.exec(confidence)?.slice(2), [en.percent(ranked[0]?.probability), 'none of its 10 classes']);
});

scene('without WebGPU', 'a class or a name that is not sure leaves the headline as general as it is', async ({ page, server, open }) => {
  server.meddle(demanding({ ofName: 1 }));
  await open();
  await backendIs(page, 'cpu');
  const general = await upload(page, sample('cat').path);
  assert.equal(general.verdict, 'It looks like a cat.');
  assert.match(general.confidence, /^The network is [\d.>]+% sure\.$/);

  server.meddle(demanding({ ofClass: 1, ofName: 0 }));
  await page.reload();
  await backendIs(page, 'cpu');
  const { verdict, vocabulary } = await upload(page, sample('cat').path);
  assert.equal(vocabulary.length, 5);
  assert.equal(verdict, 'Not sure. Perhaps a cat?');
});

scene(
  'without WebGPU',
  'in Chinese, the headline is as specific, and fits a phone',
  async ({ page, server, open }) => {
    server.meddle(demanding({ ofClass: 0, ofName: 0 }));
    await open();
    await backendIs(page, 'cpu');
    const cat = await upload(page, sample('cat').path);
    const label = cat.vocabulary[0]?.label;
    assert.match(cat.verdict, new RegExp(`^看起来是\\p{Script=Han}.*[（，]${label}）。$`, 'u'));
    assert.match(cat.confidence, /^模型有 [\d.<>]+% 的把握；猫（cat）：[\d.>]+%。$/);
    const none = await upload(page, board);
    assert.match(none.verdict, /^看起来是\p{Script=Han}/u);
    assert.match(none.confidence, /^模型有 [\d.<>]+% 的把握；不是它认识的 10 类中的任何一类：[\d.>]+%。$/);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
  },
  { context: { locale: 'zh-CN', viewport: { width: 360, height: 740 } } },
);

scene(
  'without WebGPU',
  'the camera’s headline is that of the average, and does not change while the picture stands still',
  async ({ page, server, open }) => {
    server.meddle(demanding({ ofName: 0 }));
    await open();
    await backendIs(page, 'cpu');
    await page.click('#live-start');
    await page.locator('html[data-live="running"] #timing[data-model="photo"]').waitFor();
    const read = () => said(page);
    await page.waitForFunction(() => Number(/** @type {HTMLElement} */ (document.querySelector('#live-rate')).dataset.fps) > 0);
    const { vocabulary } = await read();
    const verdicts = new Set();
    for (let look = 0; look < 20; look += 1) {
      verdicts.add((await read()).verdict);
      await page.waitForTimeout(100);
    }
    assert.deepEqual([...verdicts], [`It looks like ${en.thing(vocabulary[0]?.label ?? '')}.`]);
    await page.locator('#announcement', { hasText: [...verdicts][0] }).waitFor();
    await page.uncheck('#smooth');
    assert.match((await read()).confidence, /that it is a cat\.$/);
  },
  { camera: { clip: still.path } },
);

/* The element. */

scene('without WebGPU', 'the element has the same headline, and its event tells it', async ({ page, server }) => {
  server.meddle(demanding({ ofName: 0 }));
  await page.addInitScript(LISTEN);
  await page.goto(server.page('/host.html', host('<glimpse-classifier src="/www/samples/dog.jpg"></glimpse-classifier>')));
  const found = await cardOf(page);
  const told = (await heard(page)).findLast((/** @type {any} */ { type, model }) => type === 'result' && model === 'photo');
  assert.equal(found.verdict, `It looks like ${en.thing(told.specific)}.`);
  assert.equal(CONFIDENCE.exec(found.confidence)?.[3], 'a dog');

  server.meddle(demanding({ ofName: 1 }));
  await page.reload();
  assert.equal((await cardOf(page)).verdict, 'It looks like a dog.');
});
