import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pkg } from '../browser/chromium.js';
import { json, pack, workshop } from './workshop.js';

/*
 * What the checkers say that others measure packages with.
 */

/**
 * The package is ES modules with `exports`, which is what browsers and bundlers take: who calls `require` or resolves as
 * Node 10 did can't use it, and attw's own profile `esm-only` leaves these two out.
 */
const LEFT_OUT = ['node10', 'node16-cjs'];

test('publint finds nothing in the package', async () => {
  const { messages } = await publint({ pkgDir: pkg, strict: true });
  const manifest = await json(`${pkg}/package.json`);
  assert.deepEqual(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  );
});

test('every way to resolve modules finds the types of what it runs', async () => {
  const { filename } = await pack();
  const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(`${workshop}/${filename}`))));
  assert.ok(checked.types, 'there are types');
  const entries = Object.keys(checked.entrypoints);
  for (const entry of ['.', './element', './engine', './embed-host']) assert.ok(entries.includes(entry), `${entry} of ${entries}`);
  const counting = checked.problems.filter((problem) => !('resolutionKind' in problem && LEFT_OUT.includes(problem.resolutionKind)));
  const found = counting.map((problem) => JSON.stringify(problem));
  assert.deepEqual(found, []);
});
