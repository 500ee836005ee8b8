import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { loadBenchWords } from '../../www/i18n/bench/index.js';
import { loadInsideWords } from '../../www/i18n/inside/index.js';
import { languages } from '../../www/i18n/index.js';
import { loadTeachWords } from '../../www/i18n/teach/index.js';
import { root } from './chromium.js';

/* What teach.html and bench.html say, and the panel that looks inside, in every language. */

const all = await Promise.all(
  languages.map(async (code) => {
    const [{ teach }, { inside }, { bench }] = await Promise.all([loadTeachWords(code), loadInsideWords(code), loadBenchWords(code)]);
    return { code, words: { teach, inside, bench } };
  }),
);
const en = /** @type {(typeof all)[number]} */ (all[0]).words;

/** What each function is asked with, by its place; where nothing is said here, with a number of photos. */
const GIVEN = /** @type {Record<string, unknown[][]>} */ ({
  'teach.quoted': [['x']],
  'teach.classes.card': [['x']],
  'teach.classes.confirmRemoval': [['x', 3]],
  'teach.classes.of': [['Add', 'x']],
  'teach.classes.nameTaken': [['x']],
  'teach.progress.looking': [[3, 2000]],
  'teach.progress.refused': [
    [['“a.jpg”'], 0],
    [['“a.jpg”', '“b.jpg”'], 1200],
  ],
  'teach.picture.guess': [['mug']],
  'teach.answer.lacksOne': [['x']],
  'teach.answer.verdict': [
    ['x', true],
    ['x', false],
  ],
  'teach.answer.confidence': [['97.1%']],
  'teach.report.accuracy': [[47, 50, 0.94, 0.838, 0.979]],
  'teach.report.helps': [['x', 0.5]],
  'teach.report.helpsFew': [['x']],
  'teach.report.alike': [['x', 'y']],
  'teach.report.share': [[0.5]],
  'teach.report.cell': [['x', 'y', 3]],
  'teach.report.suspect': [['x', 'y']],
  'teach.report.moveTo': [['x']],
  'teach.group.chosen': [
    [5, 5],
    [4, 5],
  ],
  'teach.group.row': [[1, 12]],
  'teach.keep.kept': [[true], [false]],
  'teach.keep.replace': [['x.zip']],
  'inside.progress': [[3, 11]],
  'inside.said': [['x', '97.1%']],
  'inside.stages.look': [[1, 2]],
  'inside.stages.part': [
    [
      [30, 30],
      [40, 30],
    ],
  ],
  'inside.stages.tensor': [
    [32, 0, 1, true],
    [32, -2.1, 2.6, false],
  ],
  'inside.stages.histogram': [['x', ['0.10', '0.20', '0.30', '0.40']]],
  'inside.stages.picture': [['x']],
  'inside.layers.title': [
    [3, '卷积', 2, 1],
    [3, '卷积', 0, 0],
  ],
  'inside.layers.shape': [[[1, 1, 10]]],
  'inside.layers.kernel': [
    [3, 1],
    [3, 2],
  ],
  'inside.layers.strongest': [
    [24, 32],
    [16, 16],
  ],
  'inside.layers.largest': [
    [24, 32],
    [10, 10],
  ],
  'inside.layers.range': [[-0.5, 3]],
  'inside.layers.cursor': [['x']],
  'inside.layers.pixel': [['x', 1, 2, -0.5]],
  'inside.layers.single': [['通道 3', 3]],
  'inside.layers.adds': [[[1, 2], 3]],
  'inside.layers.means': [[[1, 3], 2]],
  'inside.layers.centred': [[0.5, 0.1, 2, 0.2]],
  'inside.layers.many': [[9, -1, 1]],
  'inside.layers.curve': [['x', -1, 0]],
  'inside.table.share': [['x']],
  'inside.table.usual': [['x']],
  'inside.disturb.amount': [
    ['rotation', 18],
    ['blur', 2.5],
    ['dark', 9],
    ['cast', 50],
    ['noise', 15],
    ['jpeg', 0],
    ['jpeg', 99],
  ],
  'inside.disturb.another': [['x', '3', 'y']],
  'inside.disturb.unsure': [['x', '3']],
  'inside.disturb.holds': [['x']],
  'inside.disturb.alt': [
    ['x', ['a']],
    ['x', ['a', 'b']],
  ],
  'inside.compare.working': [['x']],
  'bench.progress': [[1, 4]],
  'bench.measuring': [['x', 'CPU']],
  'bench.threads': [['CPU', 2]],
  'bench.emulated': [['x']],
  'bench.resolution': [[true], [false]],
  'bench.milliseconds': [[1.23], [45.6]],
  'bench.measured': [['2026-11-27', 30, 'x', '8', 'y']],
  'inside.compare.size': [
    [32, 1],
    [224, 2],
  ],
});

test('every language has every key of the others, of the same kind', () => {
  for (const { code, words } of all) assert.deepEqual(kindsOf(words), kindsOf(en), code);
});

test('every sentence is one, whatever it is asked with', () => {
  for (const { code, words } of all) {
    for (const [what, sentence] of sentencesOf(words)) {
      assert.ok(sentence.trim() && !/undefined|null|NaN|\[object/.test(sentence), `${code}: ${what}: “${sentence}”`);
    }
  }
});

test('Chinese is written as Chinese is', () => {
  const zh = all.find(({ code }) => code === 'zh');
  assert.ok(zh);
  for (const [what, sentence] of sentencesOf(zh.words)) {
    if (
      /^(teach\.(quoted|classes\.of|report\.(f1|share))|inside\.(said|stages\.mean|disturb\.amount|compare\.count|layers\.(names\.(relu6?|gelu|softmax)|number|adds|means|centred|divided))|bench\.(answers|measuring))$/.test(
        what,
      )
    )
      continue; // the same everywhere
    assert.match(sentence, /\p{Script=Han}/u, what);
    assert.doesNotMatch(sentence, /\p{Script=Han} ?[,;:?!()]|[,;:?!()] ?\p{Script=Han}|\p{Script=Han}\.(?!\w)|"/u, `${what}: punctuation of half width`);
    assert.doesNotMatch(sentence, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u, `${what}: no space beside Latin letters or digits`);
    assert.doesNotMatch(sentence, /[，。：；？！（）“”] | [，。：；？！（）]/u, `${what}: a space beside punctuation of full width`);
  }
});

for (const page of /** @type {const} */ (['teach', 'bench'])) {
  test(`${page}.html says in English what the table says, and names no word that isn’t there`, async () => {
    const html = await readFile(`${root}${page}.html`, 'utf8');
    const common = (await loadTeachWords('en')).page;
    const known = /** @type {Record<string, string>} */ ({ ...common, ...en[page].page });
    const named = [...html.matchAll(/data-word(?:-label|-content)?="(\w+)"/g)].map(([, word]) => word ?? '');
    assert.ok(named.length > 9);
    for (const word of named) assert.ok(known[word], word);
    for (const [, word = '', text = ''] of html.matchAll(/<(?:h1|h2|title|p|span|strong)\b[^>]*data-word="(\w+)"[^>]*>([^<]+)</g))
      assert.equal(text.trim(), known[word], word);
  });
}

/**
 * @param {object} words
 * @returns {unknown}
 */
function kindsOf(words) {
  return Object.entries(words)
    .map(([key, value]) => [key, typeof value === 'object' ? kindsOf(value) : typeof value])
    .sort();
}

/**
 * Everything that is said, each with where it stands.
 *
 * @param {object} words
 * @param {string} [before]
 * @returns {[string, string][]}
 */
function sentencesOf(words, before = '') {
  return Object.entries(words).flatMap(([key, value]) => {
    const what = `${before}${key}`;
    if (typeof value === 'string') return [/** @type {[string, string]} */ ([what, value])];
    if (typeof value === 'object') return sentencesOf(value, `${what}.`);
    return (GIVEN[what] ?? [[3]]).map((given) => /** @type {[string, string]} */ ([what, value.apply(words, given)]));
  });
}
