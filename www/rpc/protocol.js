import { Failure, messageOf } from '../core/errors.js';

/*
 * What the two sides of the bridge say to each other, and how an error gets across: structured cloning would make a
 * plain `Error` of a `Failure`.
 */

/** @import { Explanation, Info, MapRequest, ModelId, Outcome, Photo, Picture, Preference, Progress, Speed, Status, Wishes } from '../core/types.js' */
/** @import { Wanted } from '../engine/supplies.js' */

/**
 * One end of the bridge: a worker, a worker's own global, or a port.
 *
 * @typedef {object} Port
 * @property {(message: any, transfer: Transferable[]) => void} postMessage
 * @property {((event: MessageEvent) => void) | null} onmessage
 */

/**
 * @typedef {object} Begin
 * @property {readonly { id: ModelId, weights: string | Blob }[]} models an address, or the file itself
 * @property {ModelId} choice
 * @property {Preference} preference
 * @property {Partial<Record<ModelId, Speed>>} speeds
 * @property {readonly Wanted[]} coming what the page is fetching for it
 */

/**
 * What a person waits for.
 * @typedef {{ what: 'open', photo: Photo }
 *   | { what: 'classify', picture: Picture, wishes: Wishes }
 *   | { what: 'explain', picture: Picture, wishes: Wishes, request: MapRequest }
 *   | { what: 'curves', classes: readonly string[] }
 *   | { what: 'stages', photo: Photo, wishes: Wishes }} Ask
 */

/**
 * From the page to the engine.
 *
 * @typedef {{ type: 'begin', wanted: Begin }
 *   | { type: 'coming', wanted: Wanted, progress: Progress }
 *   | { type: 'supply', wanted: Wanted, file: WebAssembly.Module | Uint8Array }
 *   | { type: 'missing', wanted: Wanted, error: Packed }
 *   | { type: 'start' }
 *   | { type: 'prefer', preference: Preference }
 *   | { type: 'choose', model: ModelId, weights?: Blob }
 *   | { type: 'ask', id: number, ask: Ask }
 *   | { type: 'abort', id: number }
 *   | { type: 'ping' }} Order
 */

/**
 * From the engine to the page.
 *
 * What a network says of itself has a thousand names in it, so it is told once; from then on, its number stands for it.
 *
 * @typedef {{ type: 'hello' }
 *   | { type: 'pong' }
 *   | { type: 'info', number: number, info: Info }
 *   | { type: 'status', status: Omit<Status, 'info'> & { info: number | null }, failure: Packed | null }
 *   | { type: 'answer', id: number, value: any }
 *   | { type: 'outcome', id: number, outcome: Omit<Outcome, 'info'> & { info: number } }
 *   | { type: 'progress', id: number, done: number, steps: number }
 *   | { type: 'explanation', id: number, explanation: Omit<Explanation, 'outcome'> & { outcome: Omit<Outcome, 'info'> & { info: number } } }
 *   | { type: 'refusal', id: number, error: Packed }} Report
 */

/** @typedef {{ code: string, facts: Record<string, string | number> }} Packed */

/**
 * @param {unknown} error
 * @returns {Packed}
 */
export function pack(error) {
  if (error instanceof Failure) return { code: error.code, facts: error.facts };
  return { code: 'unexpected', facts: { detail: messageOf(error) } };
}

/** @param {Packed} packed */
export function unpack({ code, facts }) {
  return new Failure(code, facts);
}
