// Draws www/icons/*.png from www/icon.svg; scripts/icons calls it.
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** The page's background by day, see www/page/page.css. */
const PAPER = '#f4f1ea';

/**
 * A maskable icon is cut to any shape that contains its middle circle of four fifths: the drawing, a square, keeps within.
 * @type {readonly { name: string, size: number, share: number, background: string }[]}
 */
const icons = [
  { name: '192', size: 192, share: 1, background: 'transparent' },
  { name: '512', size: 512, share: 1, background: 'transparent' },
  { name: 'maskable-512', size: 512, share: 0.56, background: PAPER },
];

const drawing = `data:image/svg+xml;base64,${readFileSync('www/icon.svg').toString('base64')}`;
mkdirSync('www/icons', { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const { name, size, share, background } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<body style="margin: 0; height: 100vh; display: grid; place-items: center; background: ${background}">
        <img src="${drawing}" width="${Math.round(size * share)}" height="${Math.round(size * share)}">`,
    );
    await page.locator('img').evaluate((/** @type {HTMLImageElement} */ image) => image.decode());
    await page.screenshot({ path: `www/icons/${name}.png`, omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
