import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { demanding } from './network.js';
import { png } from './pictures.js';
import { sample } from './samples.js';
import { root } from './chromium.js';
import { backendIs, said, scene, upload } from './scene.js';

const han = /^\p{Script=Han}/u;
const general = demanding({ ofName: 1 });
const isTable = (/** @type {string} */ path) => path.endsWith('.tsv');
const nothing = { name: 'nothing.png', mimeType: 'image/png', buffer: png(300, 300) };

/** @param {string} table */
async function rows(table) {
  const [, ...lines] = (await readFile(`${root}www/i18n/tables/${table}.tsv`, 'utf8')).trim().split('\n');
  return lines.map((line) => line.split('\t'));
}

scene(
  'without WebGPU',
  'in Chinese, classes have Chinese names, with the English beside them',
  async ({ page, server, open }) => {
    server.meddle(general);
    await open();
    await backendIs(page, 'cpu');
    const cat = await upload(page, sample('cat').path);
    assert.match(cat.verdict, /猫（cat）[。？]$/);
    assert.deepEqual([cat.ranked[0]?.name, cat.ranked[0]?.label], ['猫 cat', 'cat']);
    for (const { name, label } of [...cat.ranked, ...cat.vocabulary]) {
      assert.match(name, han);
      if (label !== 'none') assert.match(name, new RegExp(`[ ）]${label}$`));
    }
    for (const text of await page.locator('#classes li, #ask-class option').allTextContents()) assert.match(text, han);
    await page.selectOption('#ask-class', 'cat');
    assert.equal(await page.locator('#ask-class option:checked').textContent(), '猫（cat）？');
    assert.match((await page.textContent('#ask-why')) ?? '', /^“猫 cat”/);

    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);

    const { ranked } = await upload(page, nothing);
    assert.equal(ranked.find(({ label }) => label === 'none')?.name, '其他（都不是）');
  },
  { context: { locale: 'zh-CN', viewport: { width: 360, height: 740 } } },
);

scene(
  'without WebGPU',
  'without their tables, the names stay English and the page works',
  async ({ page, server, open }) => {
    server.meddle((path) => (isTable(path) ? { status: 404 } : general(path)));
    await open();
    await backendIs(page, 'cpu');
    const found = await upload(page, sample('cat').path);
    assert.equal(found.error, '');
    assert.equal(found.ranked[0]?.name, 'cat');
    assert.match(found.verdict, /^(看起来是|不太确定，也许是) cat[。？]$/);
  },
  { context: { locale: 'zh-CN' }, allow: [/\.tsv/] },
);

scene(
  'without WebGPU',
  'in English the names are those of the weights file, whatever the browser prefers, and no table is fetched',
  async ({ page, server }) => {
    server.meddle(general);
    await page.goto(`${server.origin}/?lang=en`);
    await backendIs(page, 'cpu');
    await upload(page, sample('cat').path);
    const found = await said(page);
    assert.equal(found.ranked[0]?.name, 'cat');
    assert.match(found.verdict, /a cat[.?]$/);
    assert.deepEqual(server.served.filter(isTable), []);
  },
  { context: { locale: 'zh-CN' } },
);

scene('without WebGPU', 'the tables have every name of the weights files', async ({ page, open }) => {
  await open();
  await backendIs(page, 'cpu');
  const infos = await page.evaluate(async () => {
    const [{ instantiate }, { models }] = await Promise.all([import(String('/www/engine/wasm-modules.js')), import(String('/www/core/models.js'))]);
    const { Classifier } = await instantiate('cpu');
    /** @type {import('../../www/core/types.js').Info[]} */
    const all = [];
    for (const { weights } of models) {
      const classifier = await Classifier.load(new Uint8Array(await (await fetch(weights)).arrayBuffer()));
      all.push(classifier.info());
    }
    return all;
  });
  const classes = (await rows('classes')).map(([name]) => name);
  for (const info of infos)
    assert.deepEqual(
      info.classes.filter((label) => label !== info.none && !classes.includes(label)),
      [],
    );
  const wider = infos.flatMap(({ vocabulary }) => vocabulary?.classes ?? []);
  assert.deepEqual(
    wider,
    (await rows('imagenet')).map(([, english]) => english),
  );
});
