import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fflate from 'fflate';
import { Failure } from '../../www/core/errors.js';
import { packProject, unpackProject } from '../../www/teach/archive.js';

/* A project as one file: `www/teach/archive.js`. */

/** @param {string} text */
const jpeg = (text) => new Blob([text], { type: 'image/jpeg' });

const content = {
  name: 'Trip',
  classes: [
    { id: 3, name: 'Cups / mugs', enabled: true },
    { id: 8, name: 'cups _ mugs', enabled: false },
    { id: 9, name: '..', enabled: true },
  ],
  pictures: [
    { id: 10, name: 'a.jpg', thumbnail: jpeg('A'), embedding: Float32Array.of(1, 2, 3), guess: 'mug', place: 3 },
    { id: 11, name: 'b.png', thumbnail: jpeg('B'), embedding: null, guess: null, place: 3 },
    { id: 12, name: 'c.jpg', thumbnail: jpeg('C'), embedding: Float32Array.of(4, 5, 6), guess: 'cup', place: 8 },
    { id: 14, name: 'd.jpg', thumbnail: jpeg('D'), embedding: Float32Array.of(7, 8, 9), guess: null, place: null },
  ],
};

test('a project comes back as it was, embeddings included', async () => {
  const found = await unpackProject(fflate, await packProject(fflate, content, 'net 1'));
  assert.ok('content' in found);
  const { name, classes, pictures } = found.content;
  assert.deepEqual([found.network, name], ['net 1', 'Trip']);
  assert.deepEqual(
    classes.map((each) => [each.name, each.enabled]),
    content.classes.map((each) => [each.name, each.enabled]),
  );
  const shape = async (/** @type {typeof content} */ { classes, pictures }) =>
    Promise.all(
      pictures.map(async ({ name, thumbnail, embedding, guess, place }) => [
        name,
        await thumbnail.text(),
        embedding && [...embedding],
        guess,
        classes.findIndex(({ id }) => id === place),
      ]),
    );
  assert.deepEqual(await shape(/** @type {any} */ ({ classes, pictures })), await shape(/** @type {any} */ (content)));
  assert.equal(new Set([...classes, ...pictures].map(({ id }) => id)).size, 7, 'ids differ');
});

test('its pictures lie in folders as the trainer reads them, with names that every system takes', async () => {
  const files = fflate.unzipSync(new Uint8Array(await (await packProject(fflate, content, '')).arrayBuffer()));
  assert.deepEqual(
    Object.keys(files).filter((path) => path.endsWith('.jpg')),
    ['train/Cups _ mugs/0001.jpg', 'train/Cups _ mugs/0002.jpg', 'train/cups _ mugs 2/0001.jpg', 'unsorted/0001.jpg'],
  );
  assert.equal(fflate.strFromU8(files['train/Cups _ mugs/0002.jpg'] ?? new Uint8Array()), 'B');
});

test('any other zip gives the pictures in its folders', async () => {
  const zip = fflate.zipSync({
    'set/cat/1.jpg': fflate.strToU8('cat'),
    'set/dog/1.PNG': fflate.strToU8('dog'),
    'set/dog/notes.txt': fflate.strToU8('no picture'),
    '__MACOSX/set/cat/1.jpg': fflate.strToU8('beside'),
    'stray.jpg': fflate.strToU8('in no folder'),
  });
  const found = await unpackProject(fflate, new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (zip)]));
  assert.ok('files' in found);
  assert.deepEqual(
    found.files.map(({ file, folder }) => [folder, file.name]),
    [
      ['cat', '1.jpg'],
      ['dog', '1.PNG'],
    ],
  );
});

test('what is no project is refused with a reason', async () => {
  const refuse = async (/** @type {Blob} */ blob) => {
    const error = await unpackProject(fflate, blob).then(
      () => null,
      (failure) => failure,
    );
    assert.ok(error instanceof Failure);
    return error.code;
  };
  const zipped = (/** @type {Record<string, string>} */ files) =>
    new Blob([
      /** @type {Uint8Array<ArrayBuffer>} */ (fflate.zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, fflate.strToU8(text)])))),
    ]);
  assert.equal(await refuse(new Blob(['no zip'])), 'archive-unreadable');
  assert.equal(await refuse(zipped({ 'a.txt': 'x' })), 'archive-empty');
  assert.equal(await refuse(zipped({ 'glimpse-project.json': '{' })), 'archive-unreadable');
  assert.equal(await refuse(zipped({ 'glimpse-project.json': '{"format":2}' })), 'archive-unreadable');
  const missing = {
    format: 1,
    name: '',
    network: '',
    width: 0,
    classes: [],
    pictures: [{ path: 'train/x/0001.jpg', name: 'x', place: null, embedded: false }],
  };
  assert.equal(await refuse(zipped({ 'glimpse-project.json': JSON.stringify(missing) })), 'archive-unreadable');
  const whole = new Uint8Array(await (await packProject(fflate, content, '')).arrayBuffer());
  assert.equal(await refuse(new Blob([whole.subarray(0, whole.length - 40)])), 'archive-unreadable');
});
