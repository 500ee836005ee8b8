import assert from 'node:assert/strict';
import test from 'node:test';
import { openCamera } from '../../www/camera/capture.js';

/* A remembered camera that is gone; without a browser, because each says it in its own way. */

const track = { getSettings: () => ({ deviceId: 'other' }), stop() {} };
const stream = { getVideoTracks: () => [track], getTracks: () => [track] };

for (const name of ['OverconstrainedError', 'NotFoundError']) {
  test(`where the camera asked for is gone (${name}), any other is taken`, async () => {
    /** @type {unknown[]} */
    const asked = [];
    const mediaDevices = {
      async getUserMedia(/** @type {any} */ { video }) {
        asked.push(video.deviceId?.exact ?? null);
        if (video.deviceId) throw new DOMException('gone', name);
        return stream;
      },
    };
    Object.assign(globalThis, { isSecureContext: true, document: {} });
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { mediaDevices } });
    const camera = await openCamera('gone', new AbortController().signal);
    assert.deepEqual([camera.id, asked], ['other', ['gone', null]]);
  });
}
