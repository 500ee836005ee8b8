import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { gif, png, turned } from './pictures.js';
import { sample } from './samples.js';
import { backendIs, places, quickModel, said, scene, upload, usual } from './scene.js';

const jpeg = await readFile(sample('dog').path);

/** @type {{ what: string, file: { name: string, mimeType: string, buffer: Buffer }, error: RegExp | null }[]} `null` is for either */
const cases = [
  {
    what: 'an empty file',
    file: { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    error: /“empty\.jpg” is an empty file/,
  },
  {
    what: 'a text file renamed .jpg',
    file: { name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear reader, this is no photo.\n'.repeat(50)) },
    error: /“letter\.jpg” could not be opened as a picture/,
  },
  {
    what: 'a corrupt JPEG',
    file: { name: 'corrupt.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([jpeg.subarray(0, 40), Buffer.alloc(5000, 0x5a)]) },
    error: /“corrupt\.jpg” could not be opened as a picture/,
  },
  {
    what: 'a truncated JPEG',
    file: { name: 'half.jpg', mimeType: 'image/jpeg', buffer: jpeg.subarray(0, jpeg.length / 2) },
    error: null,
  },
  {
    what: 'a picture of 10,000 × 10,000',
    file: { name: 'huge.png', mimeType: 'image/png', buffer: png(10_000, 10_000) },
    error: /“huge\.png” is too large: 10,000 × 10,000 is 100 million pixels, and at most \d+ million fit/,
  },
  {
    what: 'a HEIC photo',
    file: { name: 'phone.heic', mimeType: 'image/heic', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1') },
    error: /“phone\.heic” is a HEIC file, which this browser can’t read\. Save it as JPEG/,
  },
];

for (const place of places) {
  const model = quickModel(place);
  scene(
    place,
    'each bad file gets a sentence, and the next photo works',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      const before = await upload(page, sample('dog').path);
      for (const { what, file, error } of cases) {
        const bad = await upload(page, file);
        if (error) {
          assert.match(bad.error, error, what);
          assert.equal(bad.verdict, '', what);
          assert.deepEqual(bad.ranked, [], `${what}: nothing of the last answer is left`);
          assert.equal(bad.photo, '', what);
          assert.equal(await page.locator('#error').getAttribute('role'), 'alert', what);
          assert.ok(await page.locator('#retry').isHidden(), `${what}: the same file again would be no better`);
        }
        const next = await upload(page, sample('dog').path);
        assert.deepEqual(next.ranked, before.ranked, what);
        assert.equal(next.backend, usual(place), what);
      }
    },
    { model },
  );

  scene(
    place,
    'a 1 × 1 picture, a long thin one and a see-through one are answered',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      for (const [width, height] of /** @type {const} */ ([
        [1, 1],
        [1, 3000],
        [3000, 2],
      ])) {
        const found = await upload(page, { name: `${width}x${height}.png`, mimeType: 'image/png', buffer: png(width, height) });
        assert.equal(found.error, '');
        assert.equal(found.ranked.length, 5);
        assert.ok(found.ranked.every(({ probability }) => Number.isFinite(probability)));
      }
    },
    { model },
  );

  scene(
    place,
    'of an animated GIF, the first frame is answered',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      const file = {
        name: 'moving.gif',
        mimeType: 'image/gif',
        buffer: gif(40, [
          [230, 20, 20],
          [20, 20, 230],
        ]),
      };
      const found = await upload(page, file);
      assert.equal(found.error, '');
      const [red, , blue] = found.seenMean;
      assert.ok(red > 200 && blue < 60, `the network saw ${found.seenMean}`);
    },
    { model },
  );
}

scene('without WebGPU', 'large photos are read in strips, larger ones scaled by the browser, and what fits nowhere isn’t decoded', async ({ page, open }) => {
  const base64 = (/** @type {Buffer} */ file) => file.toString('base64');
  const files = {
    strips: base64(png(4000, 3000, (byte, row) => (byte * row) & 255)),
    large: base64(png(6000, 4000)),
    bomb: base64(png(30_000, 30_000)),
  };
  await open();
  const found = await page.evaluate(async (given) => {
    const { decode } = await import(String('/www/engine/decode.js'));
    const blob = (/** @type {string} */ text) => new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
    const strips = blob(given.strips);
    const read = await decode(strips, 64e6);
    const context = new OffscreenCanvas(4000, 3000).getContext('2d');
    context?.drawImage(await createImageBitmap(strips), 0, 0);
    const whole = context?.getImageData(0, 0, 4000, 3000).data;
    const { width, height } = await decode(blob(given.large), 64e6);
    let decoded = 0;
    const real = createImageBitmap;
    const counted = (/** @type {any[]} */ ...all) => {
      decoded += 1;
      return Reflect.apply(real, globalThis, all);
    };
    Object.assign(globalThis, { createImageBitmap: counted });
    const refusal = await decode(blob(given.bomb), 64e6).catch((/** @type {any} */ { code, facts }) => ({ code, ...facts }));
    return { same: read.data.every((/** @type {number} */ value, /** @type {number} */ at) => value === whole?.[at]), width, height, refusal, decoded };
  }, files);
  const refusal = { code: 'picture-too-large', width: 30_000, height: 30_000, maxPixels: 64e6 };
  assert.deepEqual(found, { same: true, width: 4899, height: 3266, refusal, decoded: 0 });
});

for (const [what, sentence] of /** @type {const} */ ([
  ['nothing', /no room for “dog\.jpg”/],
  ['noise', /gives pages noise in place of pictures/],
])) {
  scene('without WebGPU', `where a canvas reads back as ${what}, that is said, and no answer made of it`, async ({ page, server, open }) => {
    server.inWorker(
      (kind) => {
        const { prototype } = OffscreenCanvasRenderingContext2D;
        const real = prototype.getImageData;
        prototype.getImageData = function (/** @type {any[]} */ ...asked) {
          const found = Reflect.apply(real, this, asked);
          const { data } = found;
          for (let at = 0; at < data.length; at += 1) data[at] = kind === 'noise' ? (at * 7919) % 251 : 0;
          return found;
        };
      },
      /** @type {string} */ (what),
    );
    await open();
    await backendIs(page, 'cpu');
    const found = await upload(page, sample('dog').path);
    assert.match(found.error, sentence);
    assert.deepEqual(found.ranked, []);
  });
}

scene('without WebGPU', 'a photo is turned the right way up', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const size = () =>
    page.locator('#photo').evaluate((photo) => [/** @type {HTMLCanvasElement} */ (photo).width, /** @type {HTMLCanvasElement} */ (photo).height]);
  await upload(page, sample('dog').path);
  const upright = await size();
  await upload(page, { name: 'turned.jpg', mimeType: 'image/jpeg', buffer: turned(jpeg, 6) });
  assert.deepEqual(await size(), upright.toReversed());
});

scene('without WebGPU', 'a link and a paste without a picture get a sentence, and text is dragged past', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  await upload(page, sample('dog').path);
  for (const [type, pattern] of /** @type {const} */ ([
    ['drop', /lies on example\.org.* Save the picture first/],
    ['paste', /no picture in what you pasted/],
  ])) {
    await page.evaluate((kind) => {
      const data = new DataTransfer();
      data.setData(kind === 'drop' ? 'text/uri-list' : 'text/plain', 'https://example.org/cat');
      const how = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        kind === 'drop' ? new DragEvent('drop', { ...how, dataTransfer: data }) : new ClipboardEvent('paste', { ...how, clipboardData: data }),
      );
    }, type);
    assert.match((await said(page)).error, pattern);
  }
  const own = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('text/plain', 'a few words');
    const types = ['dragenter', 'dragover', 'drop'];
    return types.map((type) => document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer })));
  });
  assert.deepEqual(own, [true, true, true], 'the browser does with text what it always does');
  assert.equal((await upload(page, sample('dog').path)).error, '');
});
