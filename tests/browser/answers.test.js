import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import en from '../../www/i18n/en.js';
import { root } from './chromium.js';
import { sample, samples } from './samples.js';
import { backendIs, places, quickModel, said, scene, upload, usual } from './scene.js';

const shots = fileURLToPath(new URL('./shots/', import.meta.url));

for (const place of places) {
  const model = quickModel(place);
  scene(place, 'uploaded photos are named, by the expected backend', async ({ page, open }) => {
    await open();
    await backendIs(page, usual(place));
    for (const { name, path } of samples) {
      let found = await upload(page, path);
      assert.equal(found.error, '', name);
      assert.equal(found.photo, `${name}.jpg`);
      assert.equal(found.backend, usual(place));
      assert.equal(found.model, 'photo');
      assert.equal(found.ranked.length, 5);
      assert.equal(found.vocabulary.length, 5);
      assert.deepEqual(
        found.vocabulary,
        found.vocabulary.toSorted((a, b) => b.probability - a.probability),
        'best first',
      );
      const more = page.locator('#more');
      await more.click();
      found = await said(page);
      await more.click();
      const sum = found.ranked.reduce((total, { probability }) => total + probability, 0);
      assert.ok(Math.abs(sum - 1) < 1e-3, `the probabilities of ${name} sum to ${sum}`);
      assert.deepEqual(
        found.ranked,
        found.ranked.toSorted((a, b) => b.probability - a.probability),
        'best first',
      );
      assert.equal(found.ranked[0]?.label, name, JSON.stringify(found.ranked));
    }
  });

  scene(
    place,
    'a sample, a drop and a paste give the answer of the upload',
    async ({ page, open }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await open();
      await backendIs(page, usual(place), model);
      const { path } = sample('ship');
      const uploaded = await upload(page, path);

      await page.click('#copy-json');
      await page.locator('#taken', { hasText: 'Copied.' }).waitFor();
      const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
      assert.equal(copied.picture, 'ship.jpg');
      assert.equal(copied.prediction.ranked[0].label, uploaded.ranked[0]?.label);
      await page.click('#copy-text');
      await page.waitForFunction(async (verdict) => (await navigator.clipboard.readText()).startsWith(`ship.jpg\n${verdict}\n`), uploaded.verdict);
      for (const [button, name, starts] of /** @type {const} */ ([
        ['#save-json', 'glimpse-ship.json', '{"picture":"ship.jpg","prediction":{'],
        ['#save-card', 'glimpse-ship.png', '\x89PNG'],
      ])) {
        const [saved] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
        assert.equal(saved.suggestedFilename(), name);
        const bytes = await readFile(await saved.path());
        assert.ok(bytes.toString('latin1').startsWith(starts), name);
        if (name.endsWith('png')) {
          await mkdir(shots, { recursive: true });
          await writeFile(`${shots}card.png`, bytes);
          assert.equal(bytes.readUInt32BE(16), 1000, 'its width');
        }
      }

      await page.click('#samples [data-sample="ship"]');
      assert.deepEqual((await said(page)).ranked, uploaded.ranked, 'sample');

      const bytes = (await readFile(path)).toString('base64');
      await page.evaluate((base64) => {
        const file = new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], 'dropped.jpg', { type: 'image/jpeg' });
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(file);
        for (const type of ['dragenter', 'dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
        }
      }, bytes);
      const dropped = await said(page);
      assert.equal(dropped.photo, 'dropped.jpg');
      assert.deepEqual(dropped.ranked, uploaded.ranked, 'drop');

      for (const [type, address] of /** @type {const} */ ([
        ['text/uri-list', '# a remark\r\n./www/samples/ship.jpg'],
        ['text/html', '<a href="https://example.org/"><img src="./www/samples/ship.jpg"></a>'],
        ['text/html', `<img src="data:image/jpeg;base64,${bytes}">`],
      ])) {
        await page.evaluate(
          ([type, address]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.setData('text/uri-list', 'https://example.org/');
            dataTransfer.setData(type, address);
            document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
          },
          /** @type {const} */ ([type, address]),
        );
        const linked = await said(page);
        assert.equal(linked.photo, address.includes('data:') ? 'the picture' : 'ship.jpg');
        assert.deepEqual(linked.ranked, uploaded.ranked, 'a link');
      }

      // The clipboard holds pictures as PNG, so it gets the very pixels that the JPEG decodes to.
      await page.evaluate(async () => {
        const picture = new Image();
        picture.src = './www/samples/ship.jpg';
        await picture.decode();
        const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
        canvas.getContext('2d')?.drawImage(picture, 0, 0);
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': await canvas.convertToBlob() })]);
      });
      await page.keyboard.press('Control+V');
      await page.locator('#photo-name', { hasText: 'pasted' }).waitFor();
      const pasted = await said(page);
      assert.equal(pasted.ranked[0]?.label, uploaded.ranked[0]?.label, 'paste');
      assert.ok(Math.abs((pasted.ranked[0]?.probability ?? 0) - (uploaded.ranked[0]?.probability ?? 0)) < 0.02);
    },
    { model },
  );

  scene(
    place,
    'of several photos, the first is shown, the others are answered beside it, and each can be gone back to',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      await upload(page, sample('cat').path);
      assert.ok(await page.locator('#photos').isHidden(), 'one photo needs no row');
      const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };
      const files = await Promise.all(
        ['dog', 'ship'].map(async (name) => ({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await readFile(sample(name).path) })),
      );
      const [dog, ship] = files;
      assert.ok(dog && ship);
      await page.setInputFiles('#file', [dog, broken, ship]);
      const cells = page.locator('#photos button:has(canvas)');
      await cells.nth(2).and(page.locator('[data-state="answered"]')).waitFor();
      assert.deepEqual(await cells.evaluateAll((all) => all.map((cell) => cell.dataset.state)), ['answered', 'failed', 'answered']);
      assert.equal((await said(page)).photo, 'dog.jpg');
      assert.match((await cells.nth(2).textContent()) ?? '', /^3: ship\.jpg \D+[<>]?[\d.]+%$/);
      assert.equal(await page.textContent('#photos-note'), '2 of 3 photos answered; 1 can’t be.');
      await page.waitForFunction(
        () => [...document.querySelectorAll('#photos canvas')].filter((canvas) => /** @type {HTMLCanvasElement} */ (canvas).width === 120).length === 2,
      );

      // By keyboard: Tab comes to the one that is shown, arrows go on, Enter shows another.
      await cells.first().focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.locator('#photo-name', { hasText: 'ship' }).waitFor();
      const shown = await said(page);
      assert.equal(await cells.nth(2).getAttribute('aria-current'), 'true');
      assert.equal(shown.photo, 'ship.jpg');
      await page.keyboard.press('ArrowLeft');
      assert.ok(await cells.nth(1).evaluate((cell) => cell === document.activeElement));
      await page.keyboard.press('Enter');
      await page.locator('#error-text', { hasText: 'broken.jpg' }).waitFor();
      assert.match((await said(page)).error, /damaged/, 'it keeps its error');

      await upload(page, sample('bird').path);
      assert.equal(await cells.count(), 4, 'what comes later joins');
      await page.setInputFiles(
        '#file',
        Array.from({ length: 33 }, (_, at) => ({ ...ship, name: `${at}.jpg` })),
      );
      await page.locator('#photos-note', { hasText: '3 more were left out' }).waitFor();
      assert.equal(await cells.count(), 30);
      await page.click('#photos-away');
      assert.ok(await page.locator('#photos').isHidden());
      assert.ok(await page.locator('#another').evaluate((button) => button === document.activeElement));
      await page.locator('#photo-name', { hasText: '0.jpg' }).waitFor();
      assert.equal((await said(page)).error, '');
    },
    { model },
  );

  scene(
    place,
    'the switches of the preprocessing change what the network sees',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      const plain = await upload(page, sample('cat').path);
      const size = plain.seenSize[0];
      assert.ok(size > 0 && plain.seenSize[1] === size);
      for (const id of ['contrast', 'balance', 'denoise']) {
        const box = page.locator(`#${id}`);
        const was = await box.isChecked();
        await box.setChecked(!was);
        assert.notEqual((await said(page)).seen, plain.seen, id);
        await box.setChecked(was);
        assert.equal((await said(page)).seen, plain.seen, `${id} undone`);
      }
      const stretched = await page.locator('#stretch').isChecked();
      await page.locator(stretched ? '#crop' : '#stretch').check();
      assert.notEqual((await said(page)).seen, plain.seen, 'framing');
      await page.locator(stretched ? '#stretch' : '#crop').check();
      assert.equal((await said(page)).seen, plain.seen, 'framing undone');
    },
    { model },
  );

  scene(
    place,
    'the newest of several photos is the one that is answered',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      const alone = await upload(page, sample('bird').path);
      for (const name of ['cat', 'ship', 'dog']) await page.setInputFiles('#file', sample(name).path);
      const found = await upload(page, sample('bird').path);
      assert.equal(found.photo, 'bird.jpg');
      assert.deepEqual(found.ranked, alone.ranked);
      await page.waitForTimeout(1500);
      const later = await said(page);
      assert.equal(later.photo, 'bird.jpg');
      assert.deepEqual(later.ranked, alone.ranked, 'a stale answer came in late');
    },
    { model },
  );

  scene(
    place,
    'yes or no follows the class and the threshold',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      await upload(page, sample('ship').path);
      await page.click('#more');
      const { ranked } = await said(page);
      const answer = page.locator('#ask-answer');
      for (const { label, probability } of ranked) {
        await page.selectOption('#ask-class', label);
        for (const threshold of [1, 50, 99]) {
          await page.locator('#threshold').fill(String(threshold));
          assert.equal(await answer.textContent(), probability >= threshold / 100 ? 'Yes' : 'No', `${label} at ${threshold}%`);
        }
      }
    },
    { model },
  );
}

scene(
  'without WebGPU',
  'a group or several classes are asked for together, and how good the answer is stands beside the threshold',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu', 'photo');
    await upload(page, sample('dog').path);
    await page.click('#more');
    const { ranked } = await said(page);
    const sumOf = (/** @type {string[]} */ labels) =>
      ranked.filter(({ label }) => labels.includes(label)).reduce((sum, { probability }) => sum + probability, 0);
    const why = () => page.locator('#ask-why').textContent();
    await page.selectOption('#ask-class', 'group:animal');
    assert.equal(await page.locator('#ask-answer').textContent(), 'Yes');
    assert.ok((await why())?.startsWith(`${en.percent(sumOf(['bird', 'cat', 'deer', 'dog', 'frog', 'horse']))} for an animal`), (await why()) ?? '');
    await page.selectOption('#ask-class', 'group:vehicle');
    assert.equal(await page.locator('#ask-answer').textContent(), 'No');

    await page.selectOption('#ask-class', 'several:');
    assert.equal(await why(), 'Choose what to ask for.');
    for (const label of ['cat', 'dog']) await page.getByRole('checkbox', { name: label, exact: true }).check();
    assert.ok((await why())?.startsWith(`${en.percent(sumOf(['cat', 'dog']))} for cat or dog`), (await why()) ?? '');

    const text = page.locator('#ask-figures .small');
    const figures = async () => /** @type {string} */ (await text.textContent());
    const shares = async () => [...(await figures()).matchAll(/([\d.]+)\s?%/g)].map(([, share]) => Number(share));
    await text.getByText('Measured on').waitFor();
    const usual = await shares();
    await page.locator('#threshold').fill('99');
    const strict = await shares();
    assert.ok(Number(strict[0]) >= Number(usual[0]) && Number(strict[1]) < Number(usual[1]), `${usual} ${strict}`);
    await page.locator('#ask-best-f1').click();
    assert.ok(Number((await shares())[2]) >= Math.max(Number(usual[2]), Number(strict[2])) - 0.5, await figures());
    await page.locator('#ask-precise').click();
    assert.ok(Number((await shares())[0]) >= 94.5, await figures());
    const line = await page.locator('#ask-figures polyline').getAttribute('points');
    assert.ok(Number(line?.split(' ').length) > 50);
    await page.locator('#ask-figures summary').click();
    assert.ok((await page.locator('#ask-figures tbody tr').count()) > 1);
    await page.locator('.ask').screenshot({ path: `${root}tests/browser/shots/question.png` });

    // The small network says what it is measured on, or nothing.
    await page.selectOption('#model', 'cifar10');
    await backendIs(page, 'cpu', 'cifar10');
    assert.equal(await page.locator('#ask-class').inputValue(), 'several:');
    assert.equal(await page.getByRole('checkbox', { name: 'dog', exact: true }).isChecked(), true, 'what was asked stays');
  },
  { model: 'photo' },
);

scene(
  'without WebGPU',
  'a photo is turned and cut, by pointer and by keys, and put back as it was',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu', 'cifar10');
    const before = await upload(page, sample('ship').path);
    const size = () => page.locator('#photo').evaluate((/** @type {HTMLCanvasElement} */ canvas) => [canvas.width, canvas.height]);
    const settled = async (/** @type {() => Promise<boolean>} */ done) => {
      for (const end = Date.now() + 20_000; !(await done()); ) assert.ok(Date.now() < end, 'the photo has not changed');
    };
    const [width = 0, height = 0] = await size();
    assert.ok(width !== height, 'a photo that is higher than wide, or wider than high');
    await page.click('#turn');
    await settled(async () => (await size())[0] === height && (await size())[1] === width);
    const turned = await said(page);
    assert.notDeepEqual(turned.ranked, before.ranked, 'the network sees it turned');
    for (let times = 0; times < 3; times += 1) {
      const [across] = await size();
      await page.click('#turn');
      await settled(async () => (await size())[0] !== across);
    }
    await settled(async () => JSON.stringify((await said(page)).ranked) === JSON.stringify(before.ranked));
    await page.click('#edit-reset');
    await page.locator('#edit-reset').waitFor({ state: 'hidden' });

    // The left half, by the pointer.
    await page.click('#crop-photo');
    const cropper = page.locator('.cropper');
    const box = await cropper.boundingBox();
    assert.ok(box && Math.abs(box.width / box.height - width / height) < 0.02, 'it lies over the photo');
    await page.mouse.move(box.x + box.width / 2, box.y + 1); // not where the stage's corner is round
    await page.mouse.down();
    await page.mouse.move(box.x - 50, box.y + box.height + 50, { steps: 3 });
    await page.mouse.up();
    await page.screenshot({ path: `${root}tests/browser/shots/crop.png` });
    await page.click('#crop-use');
    await settled(async () => Math.abs(Number((await size())[0]) / Number((await size())[1]) - width / 2 / height) < 0.03);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'crop-photo');

    // By keys: smaller and to the left, and then not at all.
    await page.keyboard.press('Enter');
    const frame = cropper.locator('.frame');
    const left = () => frame.evaluate((element) => [element.style.left, element.style.width]);
    assert.deepEqual(await left(), ['10%', '80%']);
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await left(), ['15%', '75%']);
    const cut = await size();
    await page.keyboard.press('Escape');
    await cropper.waitFor({ state: 'detached' });
    assert.deepEqual(await size(), cut);
    await page.click('#edit-reset');
    await settled(async () => (await size()).join() === [width, height].join());
  },
  { model: 'cifar10' },
);

scene('without WebGPU', 'a photo dropped while the network is fetched is answered when it has come', async ({ page, server, open }) => {
  server.meddle((path) => (path.endsWith('.safetensors') || path.endsWith('.wasm') ? { pause: 60 } : undefined));
  await open();
  await page.locator('html[data-state="loading"]').waitFor({ state: 'attached' });
  await page.locator('#progress-text', { hasText: /\d\.\d of \d+\.\d MB/ }).waitFor();
  assert.ok(await page.locator('h1').isVisible(), 'the page is not blank while it loads');
  assert.ok(await page.locator('#progress-bar').isVisible());
  await page.setInputFiles('#file', sample('ship').path);
  const found = await said(page);
  assert.equal(found.photo, 'ship.jpg');
  assert.equal(found.error, '');
  assert.ok(await page.locator('#progress').isHidden());
});
