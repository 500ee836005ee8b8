import assert from 'node:assert/strict';
import { sample } from './samples.js';
import { backendIs, errorOf, places, quickModel, said, scene, usual } from './scene.js';

const unusable = () => /weights can’t be used: .{10}/;

/** @type {{ what: string, meddling: import('./server.js').Meddling, error: (model: string) => RegExp }[]} */
const cases = [
  { what: 'missing', meddling: { status: 404 }, error: (model) => new RegExp(`weights could not be fetched \\(${model}\\.safetensors: 404\\)`) },
  { what: 'truncated', meddling: { change: (body) => body.subarray(0, body.length - 1000) }, error: unusable },
  { what: 'empty', meddling: { change: () => Buffer.alloc(0) }, error: unusable },
  { what: 'a web page', meddling: { change: () => Buffer.from('<!doctype html><p>Not here.</p>') }, error: unusable },
  {
    what: 'changed in one bit of their numbers',
    meddling: {
      change(body) {
        const copy = Buffer.from(body);
        const middle = Math.floor(copy.length / 2);
        copy[middle] = (copy[middle] ?? 0) ^ 1;
        return copy;
      },
    },
    error: unusable,
  },
];

for (const place of places) {
  const model = quickModel(place);
  for (const { what, meddling, error } of cases) {
    scene(
      place,
      `weights that are ${what} get a sentence, and trying again works`,
      async ({ page, server, open }) => {
        server.meddle((path) => (path.endsWith('.safetensors') ? meddling : undefined));
        await open();
        await page.locator('html[data-state="failed"]').waitFor({ state: 'attached' });
        assert.match(await errorOf(page), error(model));
        await page.setInputFiles('#file', sample('ship').path);
        await page.locator('#error').waitFor();
        assert.match(await errorOf(page), error(model), 'a photo gets the same sentence');

        server.meddle();
        await page.click('#retry');
        const found = await said(page);
        assert.equal(found.error, '');
        assert.equal(found.photo, 'ship.jpg', 'the photo that was waiting is answered');
        await backendIs(page, usual(place), model);
      },
      { allow: [/\.safetensors/], model },
    );
  }
}
