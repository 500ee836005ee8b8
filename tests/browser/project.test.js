/** @import { Change } from '../../www/teach/project.js' */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Project } from '../../www/teach/project.js';

/* What is taught, without a page: `www/teach/project.js`. */

const picture = { name: 'a.jpg', thumbnail: new Blob(['x']), embedding: Float32Array.of(1, 2), guess: 'mug' };

/** @param {Project} project */
function changesOf(project) {
  /** @type {Change[]} */
  const changes = [];
  project.addEventListener('change', (event) => changes.push(/** @type {CustomEvent<Change>} */ (event).detail));
  return changes;
}

test('classes have names that differ, and keep them when they can’t be called otherwise', () => {
  const project = new Project();
  const cups = project.addClass('  Cups\n and  mugs ');
  assert.equal(cups.name, 'Cups and mugs');
  const again = project.addClass('Cups and mugs');
  assert.equal(again.name, 'Cups and mugs 2');
  assert.equal(project.renameClass(again.id, 'Cups and mugs'), 'taken');
  assert.equal(project.renameClass(again.id, '  '), 'empty');
  assert.equal(project.class(again.id)?.name, 'Cups and mugs 2');
  assert.equal(project.renameClass(again.id, 'Keys'), null);
  assert.equal(project.renameClass(again.id, 'Keys'), null, 'its own name is free');
  assert.equal(project.classNamed('Cafe\u0301'), null);
  const cafe = project.addClass('Café');
  assert.equal(project.classNamed('Cafe\u0301'), cafe, 'however its letters are put together');
});

test('every change tells what it was about', () => {
  const project = new Project();
  const changes = changesOf(project);
  const one = project.addClass('one');
  const two = project.addClass('two');
  const first = project.addPicture({ ...picture, place: one.id });
  const second = project.addPicture({ ...picture, place: null });
  assert.ok(first && second);
  project.movePictures([first.id, second.id], one.id);
  project.describePicture(second.id, Float32Array.of(3), null);
  project.enableClass(two.id, false);
  project.enableClass(two.id, false);
  project.removePictures([second.id, 999]);
  project.removeClass(one.id);
  assert.deepEqual(
    changes.map(({ classes, pictures, removed }) => [classes, ...pictures, 'gone', ...removed]),
    [
      [true, 'gone'],
      [true, 'gone'],
      [false, first.id, 'gone'],
      [false, second.id, 'gone'],
      [false, second.id, 'gone'], // the other one was there already
      [false, second.id, 'gone'],
      [true, 'gone'],
      [false, 'gone', second.id],
      [true, 'gone', first.id],
    ],
  );
  assert.deepEqual(project.pictures, []);
});

test('a picture for a class that has gone meanwhile is left out', () => {
  const project = new Project();
  const { id } = project.addClass('gone');
  project.removeClass(id);
  assert.equal(project.addPicture({ ...picture, place: id }), null);
  const kept = project.addPicture({ ...picture, place: null });
  assert.ok(kept);
  project.movePictures([kept.id], id);
  assert.equal(project.picture(kept.id)?.place, null);
});

test('what is loaded takes the place of everything, and new ids come after its own', () => {
  const project = new Project();
  project.addClass('before');
  const old = project.addPicture({ ...picture, place: null });
  const changes = changesOf(project);
  project.load({ name: 'trip', classes: [{ id: 40, name: 'sea', enabled: false }], pictures: [{ ...picture, id: 41, place: 40 }] });
  assert.deepEqual([project.name, project.classes, project.picturesOf(40).map(({ id }) => id)], ['trip', [{ id: 40, name: 'sea', enabled: false }], [41]]);
  assert.deepEqual(changes, [{ classes: true, pictures: [41], removed: [old?.id] }]);
  assert.equal(project.addClass('after').id, 42);
  project.forgetEmbeddings();
  assert.equal(project.picture(41)?.embedding, null);
  project.clear();
  assert.deepEqual([project.name, project.classes, project.pictures], ['', [], []]);
});
