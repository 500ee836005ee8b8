/*
 * The engine without the element, for code that has a page of its own to show things on:
 * `import { EngineClient, models } from 'glimpse-classifier/engine'`.
 */

/** @typedef {import('./rpc/client.js').Wanted} Wanted */
/** @typedef {import('./core/types.js').BackendName} BackendName */
/** @typedef {import('./core/types.js').Explanation} Explanation */
/** @typedef {import('./core/types.js').Info} Info */
/** @typedef {import('./core/types.js').MapRequest} MapRequest */
/** @typedef {import('./core/types.js').ModelId} ModelId */
/** @typedef {import('./core/types.js').Outcome} Outcome */
/** @typedef {import('./core/types.js').Photo} Photo */
/** @typedef {import('./core/types.js').PlaceMap} PlaceMap */
/** @typedef {import('./core/types.js').Preference} Preference */
/** @typedef {import('./core/types.js').Ranked} Ranked */
/** @typedef {import('./core/types.js').Status} Status */
/** @typedef {import('./core/types.js').Wishes} Wishes */

export { EngineClient } from './rpc/client.js';
export { Failure } from './core/errors.js';
export { models } from './core/models.js';
