// That step lint-js finds what the oldest browsers lack which `browserslist` in package.json names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESLint } from 'eslint';

const eslint = new ESLint();

/** @param {string} code */
async function found(code) {
  const [result] = await eslint.lintText(code, { filePath: 'www/core/planted.js' });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

test('an API that the oldest browsers lack is found', async () => {
  const [said = '', ...others] = await found('structuredClone({});');
  assert.match(said, /^compat\/compat: structuredClone is not supported in .*Chrome 91/);
  assert.deepEqual(others, []);
});

test('what the signals of old browsers lack is found', async () => {
  for (const code of ['signal.throwIfAborted();', 'let why = turn.signal.reason;', 'let why = signal.reason;', 'controller.abort(new Error());']) {
    assert.equal((await found(code)).length, 1, code);
  }
  assert.deepEqual(await found('controller.abort(); let why = event.reason;'), []);
});

test('one that they have, or that is asked for before it is used, is not', async () => {
  assert.deepEqual(await found('new IntersectionObserver(() => {}); queueMicrotask(() => {});'), []);
  assert.deepEqual(await found("if (typeof OffscreenCanvas === 'function') new OffscreenCanvas(1, 1);"), []);
});
