import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { pkg } from './chromium.js';
import { demanding } from './network.js';
import { checkerboard } from './pictures.js';
import { sample } from './samples.js';
import { backendIs, errorOf, gate, modelNoteOf, places, rememberInstance, ruinInstance, said, scene, upload, usual } from './scene.js';
import { withoutHeldOut } from './weights-file.js';

const small = (/** @type {string} */ path) => path.endsWith('cifar10.safetensors');
const large = (/** @type {string} */ path) => path.endsWith('photo.safetensors');

scene('without WebGPU', 'how often it was right on pictures held out is said of the network whose file knows that', async ({ page, server, open }) => {
  server.meddle((path) => (small(path) ? { change: withoutHeldOut } : undefined));
  await open();
  await backendIs(page, 'cpu');
  const fact = page.locator('#facts div', { hasText: 'Right on pictures held out' });
  assert.match((await fact.textContent()) ?? '', /9\d(\.\d)?% of 3,852 from 11 collections \(9\d(\.\d)?% to 9\d(\.\d)?%\)$/);
  await page.selectOption('#model', 'cifar10');
  await backendIs(page, 'cpu', 'cifar10');
  assert.equal(await fact.count(), 0);
});

for (const place of places) {
  scene(place, 'the small network answers first and the photo network takes over', async ({ page, server, open }) => {
    const held = gate();
    server.meddle((path) => (large(path) ? held : undefined));
    await open();
    await backendIs(page, 'cpu', 'cifar10');
    assert.match(await modelNoteOf(page), /^The photo network is on its way/);
    const first = await upload(page, sample('ship').path);
    assert.equal(first.model, 'cifar10');
    assert.match(first.remark, /^The photo network is on its way/);
    assert.deepEqual(first.vocabulary, []);
    assert.match((await page.locator('#timing').textContent()) ?? '', /^Small network on CPU: .+ to prepare the photo, .+ in the network$/);

    held.open();
    await page.locator('#timing[data-model="photo"]').waitFor();
    await backendIs(page, usual(place));
    const second = await said(page);
    assert.equal(second.photo, 'ship.jpg');
    assert.equal(second.model, 'photo');
    assert.equal(second.remark, '');
    assert.equal(second.vocabulary.length, 5);
    assert.match((await page.locator('#timing').textContent()) ?? '', /^Photo network on (CPU|WebGPU): /);
    assert.match(await modelNoteOf(page), /\(\d\.\d MB\)\.$/);
    assert.equal(server.served.filter(large).length, 1);
  });

  scene(place, 'the choice of a network answers the photo again and is remembered', async ({ page, server, open }) => {
    await open();
    await backendIs(page, usual(place));
    const before = await upload(page, sample('cat').path);
    await page.selectOption('#model', 'cifar10');
    await backendIs(page, usual(place), 'cifar10');
    const again = await said(page);
    assert.equal(again.photo, 'cat.jpg');
    assert.equal(again.model, 'cifar10');
    assert.notDeepEqual(again.seenSize, before.seenSize);
    assert.equal(await page.locator('#ask-class option').count(), 13, 'ten classes, two groups, several');

    server.served.length = 0;
    await page.reload();
    await backendIs(page, usual(place), 'cifar10');
    assert.equal(await page.locator('#model').inputValue(), 'cifar10');
    assert.equal((await upload(page, sample('cat').path)).model, 'cifar10');
    assert.equal(server.served.filter(large).length, 0, 'nobody asked for the photo network');

    await page.selectOption('#model', 'photo');
    await page.locator('#timing[data-model="photo"]').waitFor();
    await backendIs(page, usual(place));
    assert.equal((await said(page)).photo, 'cat.jpg');
    await page.reload();
    await backendIs(page, usual(place));
    assert.equal(await page.locator('#model').inputValue(), 'photo');
  });

  for (const [what, meddling] of /** @type {const} */ ([
    ['missing', { status: 404 }],
    ['damaged', { change: (/** @type {Buffer} */ body) => body.subarray(0, body.length - 1000) }],
  ])) {
    scene(
      place,
      `with the photo network ${what}, the small one goes on answering, and trying again works`,
      async ({ page, server, open }) => {
        server.meddle((path) => (large(path) ? meddling : undefined));
        await open();
        await backendIs(page, usual(place), 'cifar10');
        await page.locator('#model-note', { hasText: /^The photo network can’t be used \(.+\)\. The small network answers\.$/ }).waitFor();
        const found = await upload(page, sample('ship').path);
        assert.equal(found.model, 'cifar10');
        assert.match(found.remark, /^The photo network can’t be used \(.{10,}\)\.$/);
        assert.equal(await errorOf(page), '');

        server.meddle();
        await page.click('#model-retry');
        await page.locator('#timing[data-model="photo"]').waitFor();
        await backendIs(page, usual(place));
        assert.equal((await said(page)).photo, 'ship.jpg');
        assert.ok(await page.locator('#model-retry').isHidden());
      },
      { allow: [/photo\.safetensors/] },
    );
  }

  scene(
    place,
    'with the small network missing, the photo network answers',
    async ({ page, server, open }) => {
      server.meddle((path) => (small(path) ? { status: 404 } : undefined));
      await open();
      await backendIs(page, usual(place));
      assert.equal(await errorOf(page), '');
      assert.equal((await upload(page, sample('ship').path)).model, 'photo');
    },
    { allow: [/cifar10\.safetensors/] },
  );
}

scene(
  'without WebGPU',
  'a photo network that brings the CPU module down leaves the small one answering',
  async ({ page, server, open }) => {
    const held = gate();
    server.meddle((path) => (large(path) ? held : undefined));
    rememberInstance(server);
    await open();
    await backendIs(page, 'cpu', 'cifar10');
    const before = await upload(page, sample('ship').path);
    await ruinInstance(page);
    held.open();
    await page.locator('#model-note', { hasText: /^The photo network can’t be used/ }).waitFor();
    await backendIs(page, 'cpu', 'cifar10');
    const after = await upload(page, sample('ship').path);
    assert.equal(after.model, 'cifar10');
    assert.deepEqual(after.ranked, before.ranked);

    await page.click('#model-retry');
    await page.locator('#timing[data-model="photo"]').waitFor();
  },
  { allow: [/^console: /, /^page error: /] },
);

scene('without WebGPU', 'chosen in time, the small network spares the download of the other', async ({ page, server, open }) => {
  const held = gate();
  server.meddle((path) => (small(path) ? held : undefined));
  await open();
  await page.selectOption('#model', 'cifar10');
  held.open();
  await backendIs(page, 'cpu', 'cifar10');
  assert.equal((await upload(page, sample('cat').path)).remark, '');
  assert.equal(server.served.filter(large).length, 0);
  await page.selectOption('#model', 'photo');
  await backendIs(page, 'cpu');
  assert.equal(server.served.filter(large).length, 1);
});

scene('without WebGPU', 'what is none of the classes is called that, and gets a name of the vocabulary', async ({ page, server, open }) => {
  server.meddle(demanding({ ofName: 1 }));
  await open();
  await backendIs(page, 'cpu');
  const file = { name: 'nothing.png', mimeType: 'image/png', buffer: checkerboard() };
  const found = await upload(page, file);
  const [best] = found.ranked;
  assert.equal(best?.label, 'none');
  assert.equal(best?.name, 'none of these');
  assert.match(found.verdict, /^(None|Not sure\. Perhaps none) of its 10 classes\.$/);
  assert.ok(found.confidence.startsWith(`Among 1,000 names: perhaps “${found.vocabulary[0]?.name}” (`), found.confidence);

  await page.selectOption('#ask-class', 'none');
  assert.equal(await page.locator('#ask-class option:checked').textContent(), 'none of these?');
  assert.equal(await page.locator('#ask-answer').textContent(), (best?.probability ?? 0) >= 0.5 ? 'Yes' : 'No');
  assert.match((await page.locator('#ask-why').textContent()) ?? '', /% for none of these /);

  await page.selectOption('#model', 'cifar10');
  await page.locator('#timing[data-model="cifar10"]').waitFor();
  const other = await said(page);
  assert.ok(
    other.ranked.every(({ label }) => label !== 'none'),
    'the small network has no such class',
  );
  assert.deepEqual(other.vocabulary, []);
});

scene('without WebGPU', 'a weights file of one’s own is one more network until the page is loaded anew', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  await upload(page, sample('ship').path);
  const own = { name: 'mine.safetensors', mimeType: '', buffer: await readFile(`${pkg}/www/model/cifar10.safetensors`) };
  await page.setInputFiles('#weights', own);
  await page.locator('#timing[data-model="mine.safetensors"]').waitFor(); // the photo that is shown is answered anew
  const found = await said(page);
  assert.equal(found.photo, 'ship.jpg');
  await page.selectOption('#model', 'cifar10');
  await page.locator('#timing[data-model="cifar10"]').waitFor();
  assert.deepEqual((await said(page)).ranked, found.ranked, 'this is the site’s own copy of that file');

  // One that is none, and of the same name; dropped beside a photo.
  await page.setInputFiles('#file', [
    { ...own, buffer: Buffer.from('no weights at all') },
    { name: 'a.jpg', mimeType: 'image/jpeg', buffer: await readFile(sample('cat').path) },
  ]);
  await page.locator('#model-note', { hasText: 'mine.safetensors (2) can’t be used' }).waitFor();
  assert.equal((await said(page)).photo, 'a.jpg');
  assert.equal(await page.locator('#model option').count(), 4);
  await page.reload();
  await backendIs(page, 'cpu', 'cifar10');
  assert.equal(await page.locator('#model option').count(), 2);
});

scene('without WebGPU', 'each answer is announced once, with what there is to remark', async ({ page, server, open }) => {
  const held = gate();
  server.meddle((path) => (large(path) ? held : undefined));
  await page.addInitScript(() => {
    /** @type {string[]} */
    const heard = [];
    Object.assign(globalThis, { heard });
    addEventListener('DOMContentLoaded', () => {
      // The page's parts come when its words have come.
      let last = '';
      const listen = () => {
        const spoken = document.getElementById('announcement')?.textContent ?? '';
        if (spoken && spoken !== last) heard.push(spoken);
        last = spoken;
      };
      new MutationObserver(listen).observe(document, { childList: true, characterData: true, subtree: true });
    });
  });
  await open();
  await backendIs(page, 'cpu', 'cifar10');
  const first = await upload(page, sample('bird').path);
  held.open();
  await page.locator('#timing[data-model="photo"]').waitFor();
  const second = await said(page);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).heard.length > 1); // not before the first has been read out
  const heard = await page.evaluate(() => /** @type {any} */ (globalThis).heard);
  assert.equal(heard.length, 2, heard.join('\n'));
  assert.ok(heard[0].startsWith(first.verdict) && heard[0].endsWith(first.remark), heard[0]);
  assert.ok(heard[1].startsWith(second.verdict), heard[1]);
});
