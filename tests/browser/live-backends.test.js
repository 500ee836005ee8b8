/** @import { Browser, Page } from 'playwright-core' */
import assert from 'node:assert/strict';
import { workerOf } from './chromium.js';
import { clip } from './clip.js';
import { backendIs, gate, noteOf, rememberDevice, scene } from './scene.js';

/*
 * The backend changes while the camera runs: the stream goes on, and every picture that was taken is answered.
 */

const { path: film } = await clip(['cat', 'ship'], 1);

/**
 * Before the page is opened: notes the pictures that are taken and the backend of every answer.
 * @param {Page} page
 */
function takeNotes(page) {
  return page.addInitScript(() => {
    const notes = Object.assign(globalThis, { taken: 0, answers: /** @type {string[]} */ ([]), states: /** @type {string[]} */ ([]) });
    const real = createImageBitmap;
    Object.assign(globalThis, {
      // A video that has no picture yet, which happens at its start on a busy machine, gives none.
      async createImageBitmap(/** @type {any[]} */ ...asked) {
        const picture = await /** @type {any} */ (real)(...asked);
        notes.taken += 1;
        return picture;
      },
    });
    addEventListener('DOMContentLoaded', () => {
      // The page's parts come when its words have come.
      const answer = (/** @type {MutationRecord[]} */ records) => {
        const timing = records.map(({ target }) => target).find((target) => target instanceof HTMLElement && target.id === 'timing');
        const backend = /** @type {HTMLElement | undefined} */ (timing)?.dataset.backend;
        if (backend) notes.answers.push(backend);
      };
      new MutationObserver(answer).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-network'] });
      const state = () => notes.states.push(document.documentElement.dataset.live ?? 'off');
      new MutationObserver(state).observe(document.documentElement, { attributes: true, attributeFilter: ['data-live'] });
    });
  });
}

/** @param {Page} page */
const notesOf = (page) =>
  page.evaluate(() => {
    const { taken, answers, states } = /** @type {any} */ (globalThis);
    return { taken: Number(taken), answers: /** @type {string[]} */ (answers), states: /** @type {string[]} */ (states) };
  });

/**
 * @param {Page} page
 * @param {'cpu' | 'webgpu'} backend
 */
const answersOn = (page, backend) => page.locator(`html[data-live="running"] #timing[data-backend="${backend}"]`).waitFor();

for (const [how, lose] of /** @type {[string, (page: Page) => Promise<unknown>][]} */ ([
  ['is destroyed', (page) => workerOf(page).evaluate(() => /** @type {any} */ (globalThis).lastDevice.destroy())],
  [
    'is lost with the GPU process',
    async (page) => {
      const session = await /** @type {Browser} */ (page.context().browser()).newBrowserCDPSession();
      await session.send('Browser.crashGpuProcess');
    },
  ],
])) {
  scene(
    'with WebGPU',
    `WebGPU takes over while the camera runs; when its device ${how}, the CPU answers that very picture, and WebGPU comes back`,
    async ({ page, server, open }) => {
      const held = gate();
      server.meddle((path) => (path.endsWith('webgpu/glimpse_bg.wasm') ? held : undefined));
      server.inWorker(rememberDevice);
      await takeNotes(page);
      await page.addInitScript(() => localStorage.setItem('glimpse.model', 'cifar10'));
      await open();
      await backendIs(page, 'cpu', 'cifar10');
      await page.click('#live-start');
      await answersOn(page, 'cpu');
      held.open();
      await answersOn(page, 'webgpu');
      await page.waitForFunction(() => /** @type {any} */ (globalThis).answers.filter((/** @type {string} */ backend) => backend === 'webgpu').length > 3);

      await lose(page);
      await answersOn(page, 'cpu');
      const after = await notesOf(page);
      assert.ok(after.taken - after.answers.length <= 1, `${after.taken} pictures were taken, ${after.answers.length} answered`);
      assert.match(await noteOf(page), /^CPU: the GPU went away \(.+\)\. It will be tried again\.$/);

      await answersOn(page, 'webgpu'); // nobody has asked for it
      const end = await notesOf(page);
      assert.ok(end.taken - end.answers.length <= 1, `${end.taken} pictures were taken, ${end.answers.length} answered`);
      assert.deepEqual(end.states, ['starting', 'running'], 'the stream never stopped');
    },
    { camera: { clip: film }, allow: [/^console: /, /^page error: /] },
  );
}
