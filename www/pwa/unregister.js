/** @import { Scope } from './scope.js' */

/*
 * What stands in place of the service worker where the page is being edited (`trunk serve`): it ends the one that an
 * earlier, built page has left at the same address, which would go on answering with that page's files.
 */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));

worker.addEventListener('activate', (event) => event.waitUntil(end()));

async function end() {
  const { scope } = worker.registration;
  const ours = (await caches.keys()).filter((name) => name.startsWith(`glimpse ${scope} `));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await worker.registration.unregister();
}
