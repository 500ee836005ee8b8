import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PhotoQueue } from '../../www/page/photo-queue.js';

/* Who answers which of several photos: in Node, with an engine that answers nothing. */

test('a photo that is shown while the queue asks about it is left to whoever shows it', async () => {
  /** @type {{ file: Blob, signal: AbortSignal }[]} */
  const asked = [];
  const engine = /** @type {ConstructorParameters<typeof PhotoQueue>[0]} */ (
    /** @type {unknown} */ ({
      open(/** @type {Blob} */ file, /** @type {AbortSignal} */ signal) {
        asked.push({ file, signal });
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    })
  );
  const queue = new PhotoQueue(engine);
  const files = { a: new Blob(['a']), b: new Blob(['b']) };
  queue.add(Object.values(files).map((file) => ({ name: () => '', get: () => file })));
  const [a, b] = queue.photos;
  assert.ok(a && b);
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  queue.show(a);
  queue.show(b);
  void queue.work();
  await turn();
  assert.deepEqual(
    asked.map(({ file, signal }) => [file === files.a, signal.aborted]),
    [[true, false]],
    'the one that isn’t shown',
  );
  queue.show(a);
  await turn();
  assert.equal(asked[0]?.signal.aborted, true, 'it isn’t answered twice');
  assert.deepEqual([asked.length, asked[1]?.file === files.b, asked[1]?.signal.aborted], [2, true, false], 'and the other is asked about');
  assert.deepEqual([a.due, a.failed], [true, false]);
});
