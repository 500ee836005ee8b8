/** @import { Options } from '../../www/core/types.js' */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { root } from './chromium.js';
import { backendIs, places, scene, usual } from './scene.js';

/**
 * Fixture pixels and the tensor that the native build made of them.
 * @typedef {object} Golden
 * @property {string} name
 * @property {string} model the network whose preprocessing it is
 * @property {number} width
 * @property {number} height
 * @property {string} rgba in base64
 * @property {Options} options
 * @property {number} every of the tensor, every so many-th value is recorded
 * @property {number[]} tensor
 */

const file = `${root}tests/fixtures/golden.json`;

for (const place of places) {
  scene(
    place,
    'the browser makes the same tensors as the native build',
    async ({ page, open }) => {
      /** @type {Golden[]} */
      const goldens = JSON.parse(
        await readFile(file, 'utf8').catch((error) => {
          throw new Error(`${file} is missing: the native tests write it`, { cause: error });
        }),
      );
      assert.ok(goldens.length > 0, 'the file holds no fixtures');
      await open();
      await backendIs(page, 'cpu');
      for (const { name, model, width, height, rgba, options, every, tensor } of goldens) {
        const made = await page.evaluate(
          async ({ backend, model, picture, asked, every }) => {
            const [{ instantiate }, { models }] = await Promise.all([import(String('/www/engine/wasm-modules.js')), import(String('/www/core/models.js'))]);
            const { weights: url } = models.find((/** @type {{ id: string }} */ each) => each.id === model);
            const weights = new Uint8Array(await (await fetch(url)).arrayBuffer());
            const classifier = await (await instantiate(backend)).Classifier.load(weights);
            const pixels = Uint8ClampedArray.from(atob(picture.rgba), (byte) => byte.charCodeAt(0));
            const image = new ImageData(pixels, picture.width, picture.height);
            return [...classifier.tensor(image, asked)].filter((_, at) => at % every === 0);
          },
          { backend: usual(place), model, picture: { rgba, width, height }, asked: options, every },
        );
        assert.equal(made.length, tensor.length, `${name}: as many numbers`);
        const worst = made.reduce((most, value, at) => Math.max(most, Math.abs(value - (tensor[at] ?? Number.NaN))), 0);
        assert.ok(worst <= 1e-5, `${name}: the largest difference is ${worst}`);
      }
    },
    { backend: 'cpu' },
  );
}
