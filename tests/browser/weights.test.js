import assert from 'node:assert/strict';
import { sample } from './samples.js';
import { backendIs, errorOf, said, scene } from './scene.js';

/** @type {{ what: string, meddling: import('./server.js').Meddling, error: RegExp }[]} */
const cases = [
  { what: 'missing', meddling: { status: 404 }, error: /weights could not be fetched \(photo\.safetensors: 404\)/ },
  { what: 'truncated', meddling: { change: (body) => body.subarray(0, body.length - 1000) }, error: /weights can’t be used: .{10}/ },
  { what: 'empty', meddling: { change: () => Buffer.alloc(0) }, error: /weights can’t be used: .{10}/ },
  { what: 'a web page', meddling: { change: () => Buffer.from('<!doctype html><p>Not here.</p>') }, error: /weights can’t be used: .{10}/ },
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
    error: /weights can’t be used: .{10}/,
  },
];

for (const place of /** @type {const} */ (['with WebGPU', 'without WebGPU'])) {
  for (const { what, meddling, error } of cases) {
    scene(
      place,
      `weights that are ${what} get a sentence, and trying again works`,
      async ({ page, server, open }) => {
        server.meddle((path) => (path.endsWith('.safetensors') ? meddling : undefined));
        await open();
        await page.locator('html[data-state="failed"]').waitFor({ state: 'attached' });
        assert.match(await errorOf(page), error);
        await page.setInputFiles('#file', sample('ship').path);
        await page.locator('#error').waitFor();
        assert.match(await errorOf(page), error, 'a photo gets the same sentence');

        server.meddle();
        await page.click('#retry');
        const found = await said(page);
        assert.equal(found.error, '');
        assert.equal(found.photo, 'ship.jpg', 'the photo that was waiting is answered');
        await backendIs(page, place === 'with WebGPU' ? 'webgpu' : 'cpu');
      },
      { allow: [/\.safetensors/] },
    );
  }
}
