import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clip } from './clip.js';
import { atRest, backendIs, said, scene } from './scene.js';

const shots = fileURLToPath(new URL('./shots/', import.meta.url));
await mkdir(shots, { recursive: true });
const still = await clip(['dog'], 1);

/** The smallest side, in CSS pixels, of what a finger must hit (WCAG 2.2, 2.5.8). */
const FINGER = 24;

/*
 * The looks of the live picture, as `look.test.js` has those of a photo: what can be measured, and screenshots for eyes.
 */
for (const [device, width, height] of /** @type {const} */ ([
  ['phone', 360, 740],
  ['tablet', 820, 1100],
  ['desktop', 1280, 900],
])) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    scene(
      'without WebGPU',
      `${device}, ${colorScheme}: of the live picture nothing sticks out, and screenshots are taken`,
      async ({ page, open }) => {
        await page.addInitScript(() => {
          // A second camera with a long name, so that there is a choice.
          const { mediaDevices } = navigator;
          const real = mediaDevices.enumerateDevices.bind(mediaDevices);
          mediaDevices.enumerateDevices = async () => {
            const label = 'Integrated RGB Webcam with a very long name: front (0c45:671b)';
            return [...(await real()), /** @type {MediaDeviceInfo} */ ({ kind: 'videoinput', deviceId: 'other', groupId: '', label })];
          };
        });
        const shoot = async (/** @type {string} */ what) => {
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(overflow <= 0, `${what}: the page is ${overflow} pixels too wide`);
          const small = await page.locator('#drop').evaluate(
            (stage, finger) =>
              [...stage.querySelectorAll('button, select, .button, .controls label:has(input)')]
                .filter((control) => control.checkVisibility())
                .filter((control) => {
                  const [box, frame] = [control.getBoundingClientRect(), stage.getBoundingClientRect()];
                  return box.height < finger || box.width < finger || box.left < frame.left || box.right > frame.right;
                })
                .map((control) => control.id || control.textContent),
            FINGER,
          );
          assert.deepEqual(small, [], `${what}: too small for a finger, or cut off`);
          await page.screenshot({ path: `${shots}${device}-${colorScheme}-${what}.png`, fullPage: true });
        };
        await open();
        await backendIs(page, 'cpu');
        await page.click('#live-start');
        await page.locator('#camera').waitFor();
        await page.locator('#live-rate', { hasText: 'frames' }).waitFor();
        await page.waitForTimeout(800);
        await shoot('live');
        await page.click('#freeze');
        await said(page);
        await atRest(page);
        await shoot('frozen');
        await page.context().clearPermissions();
        await page.click('#live-back');
        await page.locator('#error').waitFor();
        await shoot('denied');
      },
      { context: { viewport: { width, height }, colorScheme }, camera: { clip: still.path } },
    );
  }
}
