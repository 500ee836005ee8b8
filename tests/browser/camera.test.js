/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import words from '../../www/i18n/en.js';
import { faultsOf } from './axe.js';
import { FAKE, root } from './chromium.js';
import { clip, shownAt } from './clip.js';
import { misfitsOf } from './fits.js';
import { hideable } from './hideable.js';
import { answered, focusOf, live, start, track, tracksOf } from './live-page.js';
import { demanding } from './network.js';
import { sample } from './samples.js';
import { backendIs, errorOf, places, quickModel, said, scene, upload, usual } from './scene.js';

/*
 * The live picture, of Chromium's fake camera, which plays in its own time: these have the machine to themselves. What can go
 * wrong with a camera is in `camera-faults.test.js`.
 */

const names = ['cat', 'ship', 'dog'];
const STANDS = 3;
const film = await clip(names, STANDS);
const still = await clip(['cat'], 1);
const shots = `${root}tests/browser/shots/`;
await mkdir(shots, { recursive: true });

for (const place of places) {
  scene(
    place,
    'a frame’s answer names what was in that frame',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place));
      await page.click('#live-start');
      await page.uncheck('#smooth');
      await live(page, 'running');
      // A software adapter may take seconds for a frame, so nothing is said here of how many there are.
      const found = await watch(page, names.length * STANDS);
      for (const { label, seen } of found) assert.equal(label, nearest(seen), `the network saw ${seen}`);
      assert.equal(await page.locator('#timing').getAttribute('data-backend'), usual(place));
    },
    { camera: { clip: film.path } },
  );
}

scene(
  'without WebGPU',
  'what the camera sees is named while it is seen, raw and smoothed',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await start(page);
    await page.uncheck('#smooth');
    const raw = await watch(page, names.length * STANDS);
    const { rate, fps, milliseconds } = await rateOf(page);
    // An answer is about a picture that was taken a frame's time before, and holds until the next one.
    const slack = 0.6 + (2.5 * milliseconds) / 1000;
    const told = raw.flatMap(({ time, label }) => {
      const shown = shownAt(names, STANDS, time, slack);
      return shown ? [{ time, label, shown }] : [];
    });
    assert.deepEqual([...new Set(told.map(({ shown }) => shown))].sort(), [...names].sort(), `${milliseconds} ms a frame`);
    for (const { time, label, shown } of told) assert.equal(label, shown, `at ${time} s`);

    await page.check('#smooth');
    const smoothed = (await watch(page, names.length * STANDS)).map(({ label }) => label).filter((label, at, all) => label !== all[at - 1]);
    assert.ok(smoothed.length >= names.length && smoothed.length <= names.length + 1, smoothed.join());
    smoothed.forEach((label, at) => {
      const before = smoothed[at - 1];
      if (before) assert.equal(label, names[(names.indexOf(before) + 1) % names.length], smoothed.join());
    });

    assert.ok(fps > 0.2 && fps < 5.6, `${fps} frames per second of a camera that gives 5`);
    assert.ok(milliseconds > 0 && milliseconds < 20_000, `${milliseconds} ms a frame`);
    assert.match(rate, /^\d+(\.\d)? frames per second, \d+ ms from a frame to its answer$/);
  },
  { camera: { clip: film.path } },
);

scene(
  'without WebGPU',
  'a frozen picture becomes a photo and its answer, mirrored as it was seen',
  async ({ page, open }) => {
    await track(page);
    await open();
    await backendIs(page, 'cpu');
    await start(page);
    await page.waitForFunction((label) => document.querySelector('#ranked li')?.getAttribute('data-label') === label, 'ship');
    const mirrored = await page.locator('#live-video').evaluate((video) => getComputedStyle(video).transform);
    await page.click('#freeze');
    await page.locator('html:not([data-live])').waitFor({ state: 'attached' });
    const found = await said(page);
    assert.equal(found.error, '');
    assert.equal(found.ranked[0]?.label, 'ship');
    assert.match(found.photo, /^Camera, \d\d:\d\d:\d\d$/);
    const photo = await page.locator('#photo').evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      return { width, height, transform: getComputedStyle(canvas).transform };
    });
    assert.deepEqual(photo, { width: 640, height: 480, transform: 'matrix(-1, 0, 0, 1, 0, 0)' });
    assert.equal(mirrored, photo.transform);
    assert.deepEqual(await tracksOf(page), ['ended']);
    assert.equal(await focusOf(page), 'live-back');
    assert.equal(await page.textContent('#live-back'), words.page.liveAgain);

    await page.click('#live-back');
    await live(page, 'running');
    assert.equal(await page.isVisible('#photo'), false);
    assert.deepEqual(await tracksOf(page), ['ended', 'live']);
    const next = await upload(page, sample('dog').path);
    assert.equal(next.photo, 'dog.jpg');
    assert.equal(await page.locator('#photo').evaluate((canvas) => getComputedStyle(canvas).transform), 'none', 'a photo is never mirrored');
    assert.equal(await page.textContent('#live-back'), words.page.live);
    assert.deepEqual(await tracksOf(page), ['ended', 'ended'], 'a photo ends the live picture');
  },
  { camera: { clip: film.path } },
);

scene(
  'without WebGPU',
  'stopping lets the camera and every picture go, however quick it comes',
  async ({ page, open }) => {
    await track(page);
    await open();
    await backendIs(page, 'cpu');
    await page.focus('#live-start');
    await page.keyboard.press('Enter');
    assert.equal(await focusOf(page), 'live-stop', 'the keyboard is where the way back is');
    await live(page, 'running');
    await answered(page);
    await page.keyboard.press('Enter');
    assert.equal(await focusOf(page), 'live-start');
    assert.deepEqual(await tracksOf(page), ['ended']);
    assert.equal(await page.isVisible('#answer'), false, 'nothing of the live picture is left');
    assert.equal(await page.isVisible('.invite'), true);
    assert.equal(await page.locator('#live-video').evaluate((video) => /** @type {HTMLVideoElement} */ (video).srcObject), null);

    for (const pause of [0, 0, 10, 40, 80, 160]) {
      await page.click('#live-start');
      await page.waitForTimeout(pause);
      await page.click('#live-stop');
    }
    await page.waitForTimeout(1500);
    const tracks = await tracksOf(page);
    assert.equal(tracks.length, 7);
    assert.ok(
      tracks.every((state) => state === 'ended'),
      tracks.join(),
    );
    assert.equal(await page.isVisible('#answer'), false, 'a late answer came in');
    const pictures = await page.evaluate(() => {
      const { pictures } = /** @type {{ pictures: ImageBitmap[] }} */ (/** @type {unknown} */ (globalThis));
      return pictures.map(({ width }) => width); // of what is closed or has been handed on there is nothing left
    });
    assert.ok(pictures.length > 0);
    assert.deepEqual(pictures.filter(Boolean), [], 'pictures that nobody has closed');
  },
  { camera: { clip: film.path } },
);

scene(
  'without WebGPU',
  'the settings and the question follow the live picture',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await start(page);
    await answered(page);
    await page.selectOption('#ask-class', 'cat');
    await page.locator('#ask-answer', { hasText: 'Yes' }).waitFor();
    await page.selectOption('#ask-class', 'ship');
    await page.locator('#ask-answer', { hasText: 'No' }).waitFor();
    const seen = () => page.locator('#seen').evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
    const plain = await seen();
    await page.waitForTimeout(600);
    assert.equal(await seen(), plain, 'a still picture stays the same');
    await page.check('#stretch');
    await page.waitForFunction((before) => /** @type {HTMLCanvasElement} */ (document.querySelector('#seen')).toDataURL() !== before, plain);
    await page.check('#crop');
    await page.waitForFunction((before) => /** @type {HTMLCanvasElement} */ (document.querySelector('#seen')).toDataURL() === before, plain);
  },
  { camera: { clip: still.path } },
);

scene(
  'without WebGPU',
  'another network may take over while the camera runs',
  async ({ page, open }) => {
    await open();
    await backendIs(page, 'cpu');
    await start(page);
    const by = (/** @type {string} */ model) => page.locator(`html[data-live="running"] #timing[data-model="${model}"]`).waitFor();
    await by('photo');
    await page.selectOption('#model', 'cifar10');
    await by('cifar10');
    await page.selectOption('#model', 'photo');
    await by('photo');
    assert.equal(await errorOf(page), '');
    assert.equal(await page.isVisible('#photo'), false);
  },
  { camera: { clip: still.path } },
);

scene(
  'without WebGPU',
  'a screen reader hears of what lasts, not of every frame',
  async ({ page, server, open }) => {
    // What is heard of answers that are sure; one of the clip's pictures is a drawing, of which the network isn't quite.
    server.meddle(demanding({ ofName: 1, ofClass: 0.67 }));
    await open();
    await backendIs(page, 'cpu');
    await page.evaluate(() => {
      /** @type {string[]} */
      const heard = [];
      Object.assign(globalThis, { heard });
      const region = /** @type {Element} */ (document.querySelector('#announcement'));
      new MutationObserver(() => heard.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
    });
    await start(page);
    await watch(page, names.length * STANDS + 1);
    const heard = (await page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (globalThis).heard))).filter(Boolean);
    assert.ok(heard.length >= names.length && heard.length <= names.length + 2, heard.join('\n'));
    assert.ok(
      heard.every((text) => /^It looks like a (cat|ship|dog)\./.test(text)),
      heard.join('\n'),
    );
    assert.equal(await page.textContent('#ask-announcement'), '');
  },
  { camera: { clip: film.path } },
);

scene(
  'without WebGPU',
  'of several cameras one is chosen, and remembered',
  async ({ page, open }) => {
    await track(page);
    await page.addInitScript(() => {
      if (!sessionStorage.length) localStorage.setItem('glimpse.camera', 'one that is gone');
      sessionStorage.setItem('opened', 'yes');
    });
    await open();
    await backendIs(page, 'cpu');
    await start(page);
    const chosen = () => page.locator('#camera option:checked').textContent();
    await page.locator('#camera').waitFor();
    assert.deepEqual(await page.locator('#camera option').allTextContents(), ['fake_device_0', 'fake_device_1']);
    assert.equal(await chosen(), 'fake_device_0', 'where the remembered one is gone, any will do');
    await page.selectOption('#camera', { label: 'fake_device_1' });
    await live(page, 'running');
    await page.waitForFunction(() => {
      const video = /** @type {HTMLVideoElement} */ (document.querySelector('#live-video'));
      const stream = /** @type {MediaStream | null} */ (video.srcObject);
      return stream?.getVideoTracks()[0]?.label === 'fake_device_1';
    });
    assert.deepEqual(await tracksOf(page), ['ended', 'live'], 'the first is let go');
    await page.uncheck('#smooth');
    await page.reload();
    await backendIs(page, 'cpu');
    await start(page);
    await page.locator('#camera').waitFor();
    assert.equal(await chosen(), 'fake_device_1');
    assert.equal(await page.isVisible('#torch'), false, 'only where the camera has a light');
    await page.focus('#flip');
    await page.keyboard.press('Enter');
    await page.waitForFunction((label) => document.querySelector('#camera option:checked')?.textContent === label, 'fake_device_0');
    await live(page, 'running');
    assert.equal(await focusOf(page), 'flip');
    const mirrored = () => page.locator('#live-video').evaluate((video) => getComputedStyle(video).transform.startsWith('matrix(-1'));
    assert.deepEqual([await page.isChecked('#mirror'), await mirrored()], [true, true]);
    await page.uncheck('#mirror');
    assert.equal(await mirrored(), false);
    await page.click('#freeze');
    await said(page);
    assert.equal(await page.locator('#photo').evaluate((canvas) => getComputedStyle(canvas).transform), 'none', 'frozen as it was seen');
    await page.evaluate(() => {
      const { prototype } = MediaStreamTrack;
      const { getCapabilities } = prototype;
      prototype.getCapabilities = function () {
        return { ...getCapabilities.call(this), torch: true };
      };
      prototype.applyConstraints = async (wishes) => {
        if (Object.assign(globalThis, { wishes }) && 'dark' in globalThis) throw new DOMException('No light.', 'OverconstrainedError');
      };
    });
    await page.click('#live-back');
    await live(page, 'running');
    assert.equal(await page.isChecked('#mirror'), false, 'until another camera is chosen');
    await page.check('#torch');
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).wishes), { advanced: [{ torch: true }] });
    await page.evaluate(() => Object.assign(globalThis, { dark: true }));
    await page.click('#torch');
    await page.locator('#torch:checked').waitFor(); // it couldn't be switched off
    await page.click('#flip');
    await page.waitForFunction((label) => document.querySelector('#camera option:checked')?.textContent === label, 'fake_device_1');
    await live(page, 'running');
    assert.deepEqual([await page.isChecked('#mirror'), await page.isChecked('#torch')], [true, false]);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await misfitsOf(page), []);
    await page.screenshot({ path: `${shots}camera-settings.png` });
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await faultsOf(page), []);
    await page.screenshot({ path: `${shots}camera-settings-dark.png` });
    assert.equal(await page.isChecked('#smooth'), false);
    assert.equal(await page.textContent('#smooth-note'), words.raw);
  },
  { camera: { flags: [`${FAKE}=device-count=2`] } },
);

/* A hidden page: real tabs of a real window, because in Playwright's own ones every page counts as seen. */
hideable('hiding the tab switches the camera off, showing it switches it on again', [FAKE], async ({ page, hide, show }) => {
  await track(page);
  await page.reload();
  await backendIs(page, 'cpu');
  await page.click('#live-start');
  await live(page, 'running');
  await answered(page);
  for (const round of [1, 2]) {
    await hide();
    await live(page, 'paused');
    assert.ok(
      (await tracksOf(page)).every((state) => state === 'ended'),
      'the camera is off',
    );
    await show();
    await live(page, 'running');
    assert.deepEqual(
      (await tracksOf(page)).filter((state) => state === 'live'),
      ['live'],
      `round ${round}`,
    );
  }
  await hide();
  await show();
  await hide();
  await show();
  await live(page, 'running');
  await page.click('#live-stop');
  await hide();
  await show();
  await page.waitForTimeout(500);
  assert.equal(await page.locator('html').getAttribute('data-live'), null, 'what is off stays off');
  assert.ok((await tracksOf(page)).every((state) => state === 'ended'));
});

scene(
  'without WebGPU',
  'a picture that is scrolled away pauses the camera, and goes on when it is back',
  async ({ page, open }) => {
    await track(page);
    await open();
    await backendIs(page, 'cpu');
    await page.evaluate(() => {
      document.body.style.paddingBottom = '300vh';
    });
    await start(page);
    await answered(page);
    const scroll = (/** @type {string} */ where) => page.evaluate((to) => scrollTo(0, to === 'end' ? document.body.scrollHeight : 0), where);
    await scroll('end');
    await scroll('top');
    await page.waitForTimeout(1500);
    assert.deepEqual(await tracksOf(page), ['live'], 'who scrolls past it finds it on');
    await scroll('end');
    await live(page, 'paused');
    assert.deepEqual(await tracksOf(page), ['ended']);
    await page.waitForTimeout(5500); // longer than a camera may be silent
    assert.equal(await errorOf(page), '');
    await scroll('top');
    await live(page, 'running');
    await answered(page);
    assert.equal(await errorOf(page), '');
    await scroll('end');
    await live(page, 'paused');
    await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('#live-stop')).click());
    await scroll('top');
    await page.waitForTimeout(500);
    assert.deepEqual(await tracksOf(page), ['ended', 'ended'], 'what is off stays off');
  },
  { camera: { flags: [FAKE] } },
);

scene(
  'without WebGPU',
  'where videos don’t call back, new pictures are told all the same',
  async ({ page, open }) => {
    await page.addInitScript(() => {
      delete (/** @type {any} */ (HTMLVideoElement.prototype).requestVideoFrameCallback);
    });
    await open();
    await backendIs(page, 'cpu');
    await start(page);
    const found = await watch(page, 3);
    assert.ok(found.every(({ label }) => label === 'cat'));
    const { fps } = await rateOf(page);
    assert.ok(fps > 0.2 && fps < 5.6, `${fps} frames per second of a camera that gives 5`);
  },
  { camera: { clip: still.path } },
);

for (const place of places) {
  const model = quickModel(place);
  scene(
    place,
    'the page stays free while the camera runs: no task is longer than 50 ms',
    async ({ page, open }) => {
      await open();
      await backendIs(page, usual(place), model);
      await start(page);
      await answered(page);
      await page.waitForTimeout(1000);
      // What the page does itself comes with every frame. A busy machine may hold it up as well, but not all the time.
      let long = [NaN];
      for (let attempt = 0; attempt < 3 && long.length > 0; attempt += 1) long = await longTasks(page, 4000);
      assert.deepEqual(long, []);
      assert.equal(await page.locator('html').getAttribute('data-live'), 'running');
    },
    { camera: { clip: film.path }, model },
  );
}

/**
 * @param {Page} page
 * @param {number} duration milliseconds of watching
 * @returns {Promise<number[]>} how long each task took that took more than 50 ms
 */
function longTasks(page, duration) {
  return page.evaluate(async (wait) => {
    /** @type {number[]} */
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: 'longtask' });
    await new Promise((resolve) => setTimeout(resolve, wait));
    observer.disconnect();
    return tasks;
  }, duration);
}

/**
 * What the page says is likeliest, ten times a second, with the time of the video and the mean colour of what the network
 * saw for it.
 *
 * @param {Page} page
 * @param {number} seconds
 */
async function watch(page, seconds) {
  await answered(page);
  return page.evaluate(async (duration) => {
    const video = /** @type {HTMLVideoElement} */ (document.querySelector('#live-video'));
    const seen = /** @type {HTMLCanvasElement} */ (document.querySelector('#seen'));
    const colour = () => {
      const { data } = /** @type {CanvasRenderingContext2D} */ (seen.getContext('2d')).getImageData(0, 0, seen.width, seen.height);
      return [0, 1, 2].map((channel) => {
        let sum = 0;
        for (let at = channel; at < data.length; at += 4) sum += data[at] ?? 0;
        return sum / (data.length / 4);
      });
    };
    /** @type {{ time: number, label: string, seen: number[] }[]} */
    const found = [];
    const end = performance.now() + duration * 1000;
    while (performance.now() < end) {
      const { label = '' } = /** @type {HTMLElement} */ (document.querySelector('#ranked li')).dataset;
      found.push({ time: video.currentTime, label, seen: colour() });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return found;
  }, seconds);
}

/**
 * Which picture of the film has this mean colour.
 * @param {number[]} seen
 */
function nearest(seen) {
  const away = film.colours.map((colour) => Math.hypot(...colour.map((value, channel) => value - (seen[channel] ?? 0))));
  return names[away.indexOf(Math.min(...away))];
}

/** @param {Page} page */
async function rateOf(page) {
  return page.locator('#live-rate').evaluate((line) => {
    const { fps, milliseconds } = /** @type {HTMLElement} */ (line).dataset;
    return { rate: line.textContent ?? '', fps: Number(fps), milliseconds: Number(milliseconds) };
  });
}
