// Takes docs/where.jpg, the picture of 'where it looked' in README: the element of the page in pkg/, with a dog beside a cat,
// both from the samples, and the map of the cat. `scripts/numbers` calls it; `node scripts/lib/where-picture.mjs` does alone.
import { chromium } from 'playwright-core';
import { executablePath, FLAGS, pkg } from '../../tests/browser/chromium.js';
import { serve } from '../../tests/browser/server.js';
import { cardOf, host } from '../../tests/browser/widget.js';

/** Pixels of each animal's square. */
const SIDE = 400;
const TO = 'docs/where.jpg';

const server = await serve(pkg);
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  const page = await browser.newPage({ viewport: { width: 920, height: 600 }, deviceScaleFactor: 1.5, serviceWorkers: 'block', colorScheme: 'light' });
  await page.goto(server.page('/picture.html', host('<glimpse-classifier explain backend="cpu"></glimpse-classifier>')));
  const element = page.locator('glimpse-classifier');
  await element.evaluate(async (/** @type {any} */ found, side) => {
    found.style.setProperty('--glimpse-max-width', '56em');
    const canvas = Object.assign(document.createElement('canvas'), { width: 2 * side, height: side });
    for (const [place, name] of ['dog', 'cat'].entries()) {
      const photo = await createImageBitmap(await (await fetch(`/www/samples/${name}.jpg`)).blob());
      const cut = Math.min(photo.width, photo.height);
      canvas.getContext('2d')?.drawImage(photo, (photo.width - cut) / 2, (photo.height - cut) / 2, cut, cut, place * side, 0, side, side);
    }
    const blob = await new Promise((/** @type {BlobCallback} */ done) => canvas.toBlob(done, 'image/png'));
    await found.classify(new File([/** @type {Blob} */ (blob)], 'a dog beside a cat.png', { type: 'image/png' }));
  }, SIDE);
  await cardOf(page);
  await element.locator('.bars li[data-label="cat"] button').click();
  await element.locator('.where-about', { hasText: '“cat”' }).waitFor();
  await page.mouse.move(0, 0);
  await element.evaluate((found) => found.blur());
  await element.locator('.bar').first().waitFor();
  await page.waitForFunction(() =>
    document
      .querySelector('glimpse-classifier')
      ?.shadowRoot?.getAnimations()
      .every(({ playState }) => playState === 'finished'),
  );
  await element.locator('.card').screenshot({ path: TO, type: 'jpeg', quality: 80 });
  console.log(TO);
} finally {
  await browser.close();
  await server.close();
}
