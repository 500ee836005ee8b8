import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readHeader } from '../../www/engine/picture-header.js';
import { gif, png, turned } from './pictures.js';
import { sample } from './samples.js';

/*
 * What a file says of itself before it is decoded.
 */

const jpeg = await readFile(sample('dog').path);
const bytes = (/** @type {string} */ text) => Buffer.from(text, 'latin1');
const read = (/** @type {Buffer} */ file) => readHeader(new Blob([new Uint8Array(file)]));

test('the size is that of the picture as it is seen', async () => {
  const { size } = await read(jpeg);
  assert.ok(size && size.width > 100 && size.height > 100);
  assert.deepEqual((await read(turned(jpeg, 1))).size, size);
  assert.deepEqual((await read(turned(jpeg, 6))).size, { width: size.height, height: size.width });
  assert.deepEqual((await read(png(30_000, 2))).size, { width: 30_000, height: 2 });
  assert.deepEqual((await read(gif(40, [[1, 2, 3]]))).size, { width: 40, height: 40 });
  const bitmap = Buffer.alloc(54);
  bitmap.write('BM');
  bitmap.writeInt32LE(20, 18);
  bitmap.writeInt32LE(-10, 22); // rows from the top
  assert.deepEqual((await read(bitmap)).size, { width: 20, height: 10 });
  const webp = (/** @type {string} */ rest) => read(bytes(`RIFF\0\0\0\0WEBP${rest}\0\0`));
  assert.deepEqual((await webp('VP8X\x0a\0\0\0\0\0\0\0\x1f\x4e\0\x0f\x27\0')).size, { width: 20_000, height: 10_000 });
  assert.deepEqual((await webp('VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\0')).size, { width: 320, height: 240 });
  assert.deepEqual((await webp('VP8L\0\0\0\0\x2f\x3f\xc1\x3b\0')).size, { width: 320, height: 240 });
});

test('formats that browsers may not read have a name', async () => {
  const kind = async (/** @type {string} */ text) => (await read(bytes(`${text}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0`))).kind;
  assert.equal(await kind('\0\0\0\x18ftypheic'), 'HEIC');
  assert.equal(await kind('\0\0\0\x18ftypavif'), 'AVIF');
  assert.equal(await kind('\xff\x0a'), 'JPEG XL');
  assert.equal(await kind('II*\0'), 'TIFF');
  assert.equal(await kind('%PDF-1.7'), 'PDF');
  assert.equal(await kind('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'SVG');
  assert.equal(await kind('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<svg>'), 'SVG');
  assert.equal(await kind('<!doctype html><svg></svg>'), null);
  assert.equal(await kind('Dear reader'), null);
});

test('what is cut off or damaged says nothing, and nothing is thrown', async () => {
  for (const length of [0, 1, 3, 11, 25, 150]) assert.equal((await read(jpeg.subarray(0, length))).size, null, `${length} bytes`);
  for (let seed = 1; seed <= 200; seed += 1) {
    const damaged = Buffer.from(turned(jpeg, 6).subarray(0, 2000));
    for (let at = 2; at < 60; at += 1) if ((at * seed * 2_654_435_761) % 7 === 0) damaged[at] = (seed * at) & 255;
    await read(damaged);
  }
});
