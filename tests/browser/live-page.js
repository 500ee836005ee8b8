/** @import { Page } from 'playwright-core' */

/*
 * The page's live picture, as tests start it and wait for it, and what the page has got from the browser for it.
 */

/**
 * @param {Page} page
 * @param {string} state
 */
export async function live(page, state) {
  await page.locator(`html[data-live="${state}"]`).waitFor({ state: 'attached' });
}

/** @param {Page} page */
export async function start(page) {
  await page.click('#live-start');
  await live(page, 'running');
}

/** @param {Page} page */
export async function answered(page) {
  await page.locator('#live-rate[data-fps]').waitFor({ state: 'attached' });
}

/** @param {Page} page */
export async function focusOf(page) {
  return page.evaluate(() => document.activeElement?.id);
}

/**
 * Before the page is opened: keeps hold of the streams that it gets, and of the pictures that it makes.
 * @param {Page} page
 */
export async function track(page) {
  await page.addInitScript(() => {
    /** @type {MediaStream[]} */
    const streams = [];
    /** @type {ImageBitmap[]} */
    const pictures = [];
    Object.assign(globalThis, { streams, pictures });
    const { mediaDevices } = navigator;
    const real = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wishes) => {
      const stream = await real(wishes);
      streams.push(stream);
      return stream;
    };
    const make = createImageBitmap;
    Object.assign(globalThis, {
      createImageBitmap: async (/** @type {[ImageBitmapSource]} */ ...asked) => {
        const picture = await make(...asked);
        pictures.push(picture);
        return picture;
      },
    });
  });
}

/**
 * Whether the tracks of all the streams that the page ever got are live.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export async function tracksOf(page) {
  return page.evaluate(() => {
    const { streams } = /** @type {{ streams: MediaStream[] }} */ (/** @type {unknown} */ (globalThis));
    return streams.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState));
  });
}
