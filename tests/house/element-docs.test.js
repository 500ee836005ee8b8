// What `scripts/lib/element-docs.mjs` makes of the comments on the element, and that the documents are up to date.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { declarationIn, documents, manifest } from '../../scripts/lib/element-docs.mjs';
import { GlimpseClassifier } from '../../www/element.js';

/** @param {string} file */
const read = (file) => String(readFileSync(new URL(`../../${file}`, import.meta.url)));

/** @param {{ name: string }[]} list */
const names = (list) => list.map(({ name }) => name).sort();

test('the tables of the documents are those of the element’s comments', () => {
  for (const [file, text] of documents()) assert.equal(read(file), text, `${file} is out of date: run scripts/lib/element-docs.mjs`);
});

test('a comment that has changed changes each table, and its text is escaped', () => {
  const source = (/** @type {string} */ file) => read(file).replace('How many classes are shown,', 'How many <classes>, `a & b`, aren’t hidden,');
  const [page, readme] = [...documents(source).values()];
  assert.match(page ?? '', /<code>topK<\/code><\/td><td>How many &lt;classes&gt;, <code>a &amp; b<\/code>, aren’t hidden, at most 100; 3 by default\./);
  assert.match(readme ?? '', /\| `topK` \| How many <classes>, `a & b`, aren’t hidden, at most 100; 3 by default\. \|/);
});

test('the manifest has what the class has, and nothing private', () => {
  const made = manifest();
  const element = declarationIn(made);
  const prototype = Object.getOwnPropertyDescriptors(GlimpseClassifier.prototype);
  const own = Object.keys(prototype).filter((name) => !/Callback$|^constructor$/.test(name));
  assert.deepEqual(names(element.members), own.sort());
  assert.deepEqual(names(element.attributes), [...GlimpseClassifier.observedAttributes, 'aria-label', 'theme'].sort());
  assert.deepEqual(names(element.events), ['error', 'map', 'progress', 'ready', 'result']);
  assert.deepEqual(element.superclass, { name: 'HTMLElement' });
  const definitions = made.modules.flatMap(({ exports }) => exports).filter(({ kind }) => kind === 'custom-element-definition');
  assert.deepEqual(definitions, [
    {
      kind: 'custom-element-definition',
      name: 'glimpse-classifier',
      declaration: { name: 'GlimpseClassifier', module: 'www/element/glimpse-classifier.js' },
    },
  ]);
});
