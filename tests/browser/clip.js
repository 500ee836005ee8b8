import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { executablePath, FLAGS } from './chromium.js';
import { sample } from './samples.js';

/*
 * A film for Chromium's fake camera, made of the page's own sample pictures, so that it is known what is in the picture
 * at every second. Chromium plays it at the rate that the file states, which must be at least 1 per second, and begins
 * it anew whenever a page opens the camera.
 */

const SIZE = { width: 640, height: 480 };
/** Pictures per second, where nobody asks for more. */
const RATE = 5;

/** @typedef {[number, number, number]} Colour */

/** @type {Promise<string> | undefined} */
let folder;

/** A path in a folder that is removed at the end. */
export async function temporary(/** @type {string} */ name) {
  folder ??= mkdtemp(join(tmpdir(), 'glimpse-clip-')).then((path) => {
    process.on('exit', () => rmSync(path, { recursive: true }));
    return path;
  });
  return join(await folder, name);
}

/**
 * @param {string[]} names of samples
 * @param {number} stands seconds that each picture stands
 * @returns {Promise<{ path: string, colours: Colour[] }>} a Y4M file, and the mean colour of each picture's middle square
 */
export async function clip(names, stands, rate = RATE) {
  const header = Buffer.from(`YUV4MPEG2 W${SIZE.width} H${SIZE.height} F${rate}:1 Ip A1:1 C420mpeg2\n`);
  const shown = await pictures(names);
  const frames = shown.flatMap((picture) => {
    const frame = Buffer.concat([Buffer.from('FRAME\n'), i420(picture)]);
    return Array.from({ length: stands * rate }, () => frame);
  });
  const path = await temporary(`${names.join('-')}-${stands}-${rate}.y4m`);
  await writeFile(path, Buffer.concat([header, ...frames]));
  return { path, colours: shown.map(middle) };
}

/**
 * Which picture a clip shows, by the time of the video; null close to a cut.
 *
 * @param {string[]} names
 * @param {number} stands
 * @param {number} time in seconds
 * @param {number} slack seconds after a cut that don't count
 */
export function shownAt(names, stands, time, slack) {
  const within = time % stands;
  // The clock of a camera's video may be a frame behind what it shows.
  if (within < slack || within > stands - 1.5 / RATE) return null;
  return names[Math.floor(time / stands) % names.length] ?? null;
}

/**
 * The pixels of the samples, each filling the frame.
 * @param {string[]} names
 * @returns {Promise<Buffer[]>} RGBA
 */
async function pictures(names) {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await browser.newPage();
    const files = await Promise.all(names.map(async (name) => (await readFile(sample(name).path)).toString('base64')));
    const found = [];
    for (const file of files) {
      const pixels = await page.evaluate(
        async ([base64, { width, height }]) => {
          const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
          const picture = await createImageBitmap(new Blob([bytes]));
          const scale = Math.max(width / picture.width, height / picture.height);
          const [wide, high] = [picture.width * scale, picture.height * scale];
          const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d'));
          context.imageSmoothingQuality = 'high';
          context.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high);
          const { data } = context.getImageData(0, 0, width, height);
          let binary = '';
          for (let at = 0; at < data.length; at += 8192) binary += String.fromCharCode(...data.subarray(at, at + 8192));
          return btoa(binary);
        },
        /** @type {const} */ ([file, SIZE]),
      );
      found.push(Buffer.from(pixels, 'base64'));
    }
    return found;
  } finally {
    await browser.close();
  }
}

/**
 * @param {Buffer} rgba
 * @returns {Colour}
 */
function middle(rgba) {
  const { width, height } = SIZE;
  /** @type {Colour} */
  const sum = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = (width - height) / 2; x < (width + height) / 2; x += 1) {
      for (const channel of /** @type {const} */ ([0, 1, 2])) sum[channel] += rgba[4 * (y * width + x) + channel] ?? 0;
    }
  }
  return /** @type {Colour} */ (sum.map((value) => value / height ** 2));
}

/**
 * Planes of Y, Cb and Cr after BT.601 in limited range, the colours at half the size.
 * @param {Buffer} rgba
 */
function i420(rgba) {
  const { width, height } = SIZE;
  const planes = Buffer.alloc((width * height * 3) / 2);
  const [blue, red] = [width * height, (width * height * 5) / 4];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = /** @type {[number, number, number]} */ (/** @type {unknown} */ (rgba.subarray(4 * (y * width + x))));
      planes[y * width + x] = Math.round(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255);
      if (x % 2 || y % 2) continue;
      const at = (y / 2) * (width / 2) + x / 2;
      planes[blue + at] = Math.round(128 + (-37.797 * r - 74.203 * g + 112 * b) / 255);
      planes[red + at] = Math.round(128 + (112 * r - 93.786 * g - 18.214 * b) / 255);
    }
  }
  return planes;
}
