/*
 * What the service worker calls its caches: all pages of an origin share them, so their names carry the folder. The worker itself
 * (`service-worker.js`) is one script without imports, and has the same names.
 */

/**
 * Where a shared picture waits for the page.
 * @param {string} scope the folder's address
 */
export const sharedCache = (scope) => `glimpse-shared ${scope}`;

/**
 * Whether a cache is of the page in a folder.
 *
 * @param {string} name
 * @param {string} scope the folder's address
 */
export const isOurs = (name, scope) => name.startsWith(`glimpse ${scope} `) || name === sharedCache(scope);
