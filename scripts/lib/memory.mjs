// What scripts/memory does.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { executablePath, FLAGS, pkg } from '../../tests/browser/chromium.js';
import { serve } from '../../tests/browser/server.js';
import { followPeaks } from './processes.mjs';

const [WIDTH, HEIGHT] = [8064, 6048];
/** In millions of bytes. */
const LIMIT = 400;
const TIMES = 3;

/** A detailed picture of that size: the samples, side by side. */
async function photo(/** @type {import('playwright-core').Page} */ page) {
  return Buffer.from(
    await page.evaluate(
      async ([width, height]) => {
        const canvas = new OffscreenCanvas(width, height);
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
        const pictures = await Promise.all(
          ['dog', 'cat', 'bird', 'horse'].map(async (name) => createImageBitmap(await (await fetch(`/www/samples/${name}.jpg`)).blob())),
        );
        let count = 0;
        for (let y = 0; y < height; y += 432) for (let x = 0; x < width; x += 576) context.drawImage(pictures[count++ % pictures.length], x, y, 576, 432);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
        const url = await new Promise((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(reader.result);
          reader.readAsDataURL(blob);
        });
        return String(url).replace(/^.*,/, '');
      },
      /** @type {const} */ ([WIDTH, HEIGHT]),
    ),
    'base64',
  );
}

const folder = mkdtempSync(join(tmpdir(), 'glimpse-memory-'));
const server = await serve(pkg);
try {
  const file = join(folder, 'phone.jpg');
  const painter = await chromium.launch({ executablePath, args: FLAGS });
  const canvas = await painter.newPage();
  await canvas.goto(server.origin);
  writeFileSync(file, await photo(canvas));
  await painter.close();

  const peaks = [];
  for (let time = 0; time < TIMES; time += 1) {
    const host = await chromium.launchServer({ executablePath, args: FLAGS });
    const browser = await chromium.connect(host.wsEndpoint());
    const page = await browser.newPage();
    await page.goto(server.origin);
    await page.waitForFunction(() => document.documentElement.matches('[data-state="ready"][data-model="photo"]'), undefined, { timeout: 120_000 });
    // What a first answer takes anyway is no matter of the photo.
    await page.click('[data-sample="cat"]');
    await page.waitForFunction(() => /cat/i.test(document.querySelector('#verdict')?.textContent ?? ''));
    await page.waitForTimeout(1500);
    const grown = followPeaks(/** @type {number} */ (host.process().pid), /./);
    if (!grown) throw new Error('This system doesn’t tell how much memory a process has: it is for Linux.');
    await page.setInputFiles('#file', file);
    await page.waitForFunction(
      () =>
        document.querySelector('#photo-name')?.textContent === 'phone.jpg' &&
        document.querySelector('#verdict')?.textContent &&
        document.documentElement.dataset.state === 'ready',
    );
    const [own, all] = [grown(/^renderer$/) / 1e6, grown() / 1e6];
    console.log(`the page’s process ${Math.round(own)} MB more; all of Chromium, each process at its own peak, ${Math.round(all)} MB`);
    peaks.push(own);
    await browser.close();
    await host.close();
  }
  const worst = Math.max(...peaks);
  console.log(
    `\n${WIDTH} × ${HEIGHT} pixels, ${(readFileSync(file).length / 1e6).toFixed(1)} MB of JPEG: at most ${Math.round(worst)} MB more than before in the page’s process, of ${LIMIT}`,
  );
  if (worst > LIMIT) process.exitCode = 1;
} finally {
  await server.close();
  rmSync(folder, { recursive: true });
}
