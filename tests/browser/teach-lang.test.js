/** @import { TeachWords } from '../../www/i18n/teach/index.js' */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { languages } from '../../www/i18n/index.js';
import { loadTeachWords } from '../../www/i18n/teach/index.js';
import { root } from './chromium.js';

/* What teach.html says, in every language. */

const all = await Promise.all(languages.map(async (code) => ({ code, words: (await loadTeachWords(code)).teach })));
const [{ words: en } = { words: /** @type {TeachWords} */ ({}) }] = all;

/** What each function is asked with, by its place; where nothing is said here, with a number of photos. */
const GIVEN = /** @type {Record<string, unknown[][]>} */ ({
  quoted: [['x']],
  'classes.card': [['x']],
  'classes.confirmRemoval': [['x', 3]],
  'classes.of': [['Add', 'x']],
  'classes.nameTaken': [['x']],
  'progress.looking': [[3, 2000]],
  'progress.refused': [
    [['“a.jpg”'], 0],
    [['“a.jpg”', '“b.jpg”'], 1200],
  ],
  'picture.guess': [['mug']],
  'answer.lacksOne': [['x']],
  'answer.verdict': [
    ['x', true],
    ['x', false],
  ],
  'answer.confidence': [['97.1%']],
  'report.accuracy': [[47, 50, 0.94, 0.838, 0.979]],
  'report.helps': [['x', 0.5]],
  'report.helpsFew': [['x']],
  'report.alike': [['x', 'y']],
  'report.share': [[0.5]],
  'report.cell': [['x', 'y', 3]],
  'report.suspect': [['x', 'y']],
  'report.moveTo': [['x']],
  'group.chosen': [
    [5, 5],
    [4, 5],
  ],
  'group.row': [[1, 12]],
  'keep.kept': [[true], [false]],
  'keep.replace': [['x.zip']],
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
    if (/^(quoted|classes\.of|report\.(f1|share))$/.test(what)) continue; // the same everywhere
    assert.match(sentence, /\p{Script=Han}/u, what);
    assert.doesNotMatch(sentence, /\p{Script=Han} ?[,;:?!()]|[,;:?!()] ?\p{Script=Han}|\p{Script=Han}\.(?!\w)|"/u, `${what}: punctuation of half width`);
    assert.doesNotMatch(sentence, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u, `${what}: no space beside Latin letters or digits`);
    assert.doesNotMatch(sentence, /[，。：；？！（）“”] | [，。：；？！（）]/u, `${what}: a space beside punctuation of full width`);
  }
});

test('teach.html says in English what the table says, and names no word that isn’t there', async () => {
  const html = await readFile(`${root}teach.html`, 'utf8');
  const common = (await loadTeachWords('en')).page;
  const known = /** @type {Record<string, string>} */ ({ ...common, ...en.page });
  const named = [...html.matchAll(/data-word(?:-label|-content)?="(\w+)"/g)].map(([, word]) => word ?? '');
  assert.ok(named.length > 12);
  for (const word of named) assert.ok(known[word], word);
  for (const [, word = '', text = ''] of html.matchAll(/<(?:h1|h2|title|p|span|strong)\b[^>]*data-word="(\w+)"[^>]*>([^<]+)</g))
    assert.equal(text.trim(), known[word], word);
});

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
