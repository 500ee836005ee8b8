import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useFakeModules } from './fake-modules.js';

/*
 * How large a file of somebody else's may be: in Node, with a server that says so.
 */

useFakeModules();
const { Weights } = await import('../../www/engine/weights.js');

const PLACE = new URL('https://example.org/large.safetensors');

/**
 * @param {number} length what the server says
 * @param {number} chunks of a megabyte that it sends
 */
function serve(length, chunks) {
  let sent = 0;
  globalThis.fetch = async (_, init) => {
    const body = new ReadableStream({
      pull(controller) {
        if (init?.signal?.aborted) controller.error(init.signal.reason);
        else if (sent++ < chunks) controller.enqueue(new Uint8Array(1e6));
        else controller.close();
      },
    });
    return new Response(body, { headers: length ? { 'content-length': String(length) } : {} });
  };
  return () => sent;
}

/** @param {URL | Blob} place */
const fetched = (place) =>
  new Weights([{ id: 'own', weights: place }])
    .fetch('own', () => {})
    .then(
      (bytes) => bytes.byteLength,
      ({ code, facts }) => [code, facts.megabytes],
    );

test('a file that is too large by what its server says is not read', async () => {
  const sent = serve(300e6, 300);
  assert.deepEqual(await fetched(PLACE), ['network-too-large', 256]);
  assert.ok(sent() < 20, `${sent()} MB`);
});

test('one whose server says nothing is read until it is too large', async () => {
  const sent = serve(0, 400);
  assert.deepEqual(await fetched(PLACE), ['network-too-large', 256]);
  assert.ok(sent() < 300, `${sent()} MB`);
});

test('one that a person opens has the same limit, and smaller ones none', async () => {
  assert.deepEqual(await fetched(/** @type {any} */ (Object.defineProperty(new Blob(), 'size', { value: 257e6 }))), ['network-too-large', 256]);
  serve(2e6, 2);
  assert.equal(await fetched(PLACE), 2e6);
});
