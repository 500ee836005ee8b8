/*
 * The engine without the element, for code that has a page of its own to show things on:
 * `import { EngineClient, models } from 'glimpse-classifier/engine'`.
 */

/** @typedef {import('./bridge/client.js').Wanted} Wanted */
/** @typedef {import('./types.js').BackendName} BackendName */
/** @typedef {import('./types.js').Info} Info */
/** @typedef {import('./types.js').ModelId} ModelId */
/** @typedef {import('./types.js').Outcome} Outcome */
/** @typedef {import('./types.js').Photo} Photo */
/** @typedef {import('./types.js').Preference} Preference */
/** @typedef {import('./types.js').Ranked} Ranked */
/** @typedef {import('./types.js').Status} Status */
/** @typedef {import('./types.js').Wishes} Wishes */

export { EngineClient } from './bridge/client.js';
export { Failure } from './failure.js';
export { models } from './models.js';
