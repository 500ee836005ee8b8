/** @import { Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { Failure } from '../../www/core/errors.js';
import words from '../../www/i18n/en.js';
import { FAKE } from './chromium.js';
import { clip, temporary } from './clip.js';
import { answered, focusOf, live, start, track, tracksOf } from './live-page.js';
import { sample } from './samples.js';
import { backendIs, errorOf, scene, upload } from './scene.js';

/*
 * What can go wrong with a camera, provoked for real where Chromium lets it: four failures that it can't be brought to are
 * put in the mouth of getUserMedia.
 */

const still = await clip(['cat'], 1);

scene(
  'without WebGPU',
  'permission denied, then given',
  async ({ page, open }) => {
    await open();
    await fails(page, 'camera-denied', () => page.click('#live-start'));
    await takesPhotos(page);
    await fails(page, 'camera-denied', () => page.click('#live-back'));
    await page.context().grantPermissions(['camera']);
    await worksAgain(page);
  },
  { camera: { flags: [FAKE], allowed: false } },
);

scene(
  'without WebGPU',
  'permission taken back while the camera runs, then given again',
  async ({ page, open }) => {
    await track(page);
    await open();
    await start(page);
    await fails(page, 'camera-revoked', () => page.context().clearPermissions());
    await page.context().grantPermissions(['camera']);
    await worksAgain(page);
  },
  { camera: { flags: [FAKE] } },
);

const later = await temporary('later.y4m');
scene(
  'without WebGPU',
  'no camera, then one is plugged in',
  async ({ page, open }) => {
    await open();
    await fails(page, 'camera-missing', () => page.click('#live-start'));
    await copyFile(still.path, later);
    await worksAgain(page);
  },
  { camera: { clip: later } },
);

scene(
  'without WebGPU',
  'a camera that goes away while it runs, then is back',
  async ({ page, open }) => {
    await track(page);
    await open();
    await start(page);
    await fails(page, 'camera-unplugged', async () => process.kill(await captureProcess(page), 'SIGKILL'));
    await worksAgain(page);
  },
  { camera: { flags: [FAKE] } },
);

scene(
  'without WebGPU',
  'a camera that is on and gives no pictures, then gives some',
  async ({ page, open }) => {
    await track(page);
    await open();
    await start(page);
    const capture = await captureProcess(page);
    try {
      await fails(page, 'camera-silent', async () => process.kill(capture, 'SIGSTOP'), { seconds: 5 });
    } finally {
      process.kill(capture, 'SIGCONT');
    }
    await worksAgain(page);
  },
  { camera: { flags: [FAKE] } },
);

scene(
  'without WebGPU',
  'a camera that never gives a first picture',
  async ({ page, open }) => {
    await page.addInitScript(() => {
      // The track of a canvas that nobody draws on: there is no camera of Chromium's that says nothing from the start.
      const canvas = document.createElement('canvas');
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
    });
    await open();
    await fails(page, 'camera-silent', () => page.click('#live-start'), { seconds: 5 });
    await takesPhotos(page);
  },
  { camera: { flags: [FAKE] } },
);

for (const [code, name, message] of /** @type {const} */ ([
  ['camera-busy', 'NotReadableError', 'Could not start video source'],
  ['camera-busy', 'AbortError', 'Starting videoinput failed'],
  ['camera-system', 'NotAllowedError', 'Permission denied by system'],
  ['camera-failed', 'TypeError', 'Something that no standard knows'],
])) {
  scene(
    'without WebGPU',
    `${name}, “${message}”, then none`,
    async ({ page, open }) => {
      await page.addInitScript(
        ([error, text]) => {
          const { mediaDevices } = navigator;
          const real = mediaDevices.getUserMedia.bind(mediaDevices);
          mediaDevices.getUserMedia = async () => {
            mediaDevices.getUserMedia = real;
            throw new DOMException(text, error);
          };
        },
        /** @type {const} */ ([name, message]),
      );
      await open();
      await fails(page, code, () => page.click('#live-start'), { detail: message });
      await worksAgain(page);
    },
    { camera: { flags: [FAKE] } },
  );
}

scene(
  'without WebGPU',
  'the question for the permission is closed without an answer',
  async ({ page, open }) => {
    await page.addInitScript(() => {
      const { mediaDevices, permissions } = navigator;
      const real = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async () => {
        mediaDevices.getUserMedia = real;
        throw new DOMException('Permission dismissed', 'NotAllowedError');
      };
      permissions.query = async () => /** @type {PermissionStatus} */ ({ state: 'prompt' });
    });
    await open();
    await fails(page, 'camera-dismissed', () => page.click('#live-start'));
    await worksAgain(page);
  },
  { camera: { flags: [FAKE] } },
);

scene(
  'without WebGPU',
  'a site that forbids cameras',
  async ({ page, open }) => {
    await page.route(/\/$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'permissions-policy': 'camera=()' } });
    });
    await open();
    await fails(page, 'camera-forbidden', () => page.click('#live-start'));
    await takesPhotos(page);
  },
  { camera: { flags: [FAKE] } },
);

scene(
  'without WebGPU',
  'a page that came over an insecure connection',
  async ({ page, open }) => {
    await open();
    assert.equal(await page.evaluate(() => isSecureContext), false);
    await fails(page, 'camera-insecure', () => page.click('#live-start'));
    await takesPhotos(page);
  },
  { camera: { flags: [FAKE, '--host-resolver-rules=MAP glimpse.test 127.0.0.1'], allowed: false }, host: 'glimpse.test' },
);

scene(
  'without WebGPU',
  'a browser that lends no cameras',
  async ({ page, open }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }));
    await open();
    await fails(page, 'camera-unsupported', () => page.click('#live-start'));
    await takesPhotos(page);
  },
  { camera: { flags: [FAKE] } },
);

/* What the engine does to the live picture, with one that does as it is told. */
scene(
  'without WebGPU',
  'two frames that fail are passed over, three in a row end it; an answer that never comes holds nothing up',
  async ({ page, open }) => {
    await track(page);
    await open();
    await backendIs(page, 'cpu');
    const told = await page.evaluate(async () => {
      const at = (/** @type {string} */ path) => import(new URL(path, location.href).href);
      const { LiveSession } = await at('./www/camera/live-session.js');
      const { Failure } = await at('./www/core/errors.js');
      const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
      document.body.append(video);
      const script = ['fails', 'fails', 'answers', 'fails', 'fails', 'fails', 'answers', 'hangs'];
      /** @type {string[]} */
      const told = [];
      let wake = () => {};
      const engine = {
        classify(/** @type {ImageBitmap} */ picture, /** @type {{ singleView?: boolean }} */ { singleView }) {
          picture.close();
          if (!singleView) told.push('a second view');
          const does = script.shift();
          if (does === 'fails') return Promise.reject(new Failure('photo-refused'));
          if (does === 'answers') return Promise.resolve({ model: 'photo', ranked: [], info: {}, vocabulary: null });
          wake();
          return new Promise(() => {});
        },
      };
      const live = new LiveSession(
        engine,
        video,
        { camera: null, raw: true, wishes: {} },
        {
          state: (/** @type {string} */ state) => told.push(state),
          cameras() {},
          outcome: () => told.push('answer'),
          failure: (/** @type {{ code: string }} */ { code }) => told.push(code),
        },
      );
      await live.start();
      const hangs = new Promise((resolve) => (wake = () => resolve(null)));
      const again = live.start();
      await hangs;
      live.stop();
      await again;
      video.remove();
      return told;
    });
    assert.deepEqual(told, ['starting', 'running', 'answer', 'off', 'photo-refused', 'starting', 'running', 'answer', 'off']);
    assert.deepEqual(await tracksOf(page), ['ended', 'ended']);
  },
  { camera: { flags: [FAKE] } },
);

/**
 * The process in which Chromium drives cameras.
 * @param {Page} page
 */
async function captureProcess(page) {
  const session = await page.context().browser()?.newBrowserCDPSession();
  const found = (await session?.send('SystemInfo.getProcessInfo'))?.processInfo.find(({ type }) => type.includes('video_capture'));
  assert.ok(found, 'Chromium has a process for cameras');
  return found.id;
}

/**
 * What goes wrong is told in its own sentence with a way on, the camera is let go, and photos are answered as before.
 *
 * @param {Page} page
 * @param {string} code
 * @param {() => Promise<unknown>} provoke
 * @param {Record<string, string | number>} [facts]
 */
async function fails(page, code, provoke, facts = {}) {
  await provoke();
  await page.locator('#error').waitFor();
  const sentence = words.failure(new Failure(code, facts), '');
  assert.ok(!sentence.includes('unexpected'), `${code} has a sentence`);
  assert.equal(await errorOf(page), sentence);
  assert.equal(await page.isVisible('#retry'), true);
  assert.equal(await page.locator('html').getAttribute('data-live'), null);
  assert.equal(await page.isVisible('#answer'), false, 'no answer beside the error');
  const left = await page.evaluate(() => {
    const { streams = [] } = /** @type {{ streams?: MediaStream[] }} */ (globalThis);
    return streams.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === 'live').length;
  });
  assert.equal(left, 0, 'tracks that nobody has stopped');
}

/**
 * The cause is gone: another try works, with the keyboard.
 * @param {Page} page
 */
async function worksAgain(page) {
  await page.focus('#retry');
  await page.keyboard.press('Enter');
  assert.equal(await focusOf(page), 'live-stop');
  await live(page, 'running');
  await answered(page);
  assert.equal(await errorOf(page), '');
  await takesPhotos(page);
}

/** @param {Page} page */
async function takesPhotos(page) {
  await backendIs(page, 'cpu');
  const photo = await upload(page, sample('bird').path);
  assert.equal(photo.error, '');
  assert.equal(photo.ranked[0]?.label, 'bird');
}
