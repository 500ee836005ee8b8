/** @import { Preference } from '../core/types.js' */
import { EngineClient } from '../rpc/client.js';
import { models as ours, ownModelId } from '../core/models.js';

/*
 * The engines of a page. Elements that want the same network on the same backend share one, and with it one worker.
 */

/** Milliseconds for which an engine that nobody uses is kept: a page's router may put the element back. */
const GRACE = 10_000;

/**
 * @typedef {object} Entry
 * @property {EngineClient} client
 * @property {number} users
 * @property {ReturnType<typeof setTimeout> | undefined} timer
 */

/** @type {Map<string, Entry>} */
const entries = new Map();

/** The use of an engine, until it is given back. */
export class Lease {
  #key;
  #entry;
  #held = true;

  /**
   * @param {URL | null} model the address of a weights file; null for the site's own networks
   * @param {Preference} preference
   */
  constructor(model, preference) {
    this.#key = JSON.stringify([model?.href ?? null, preference]);
    const known = entries.get(this.#key);
    this.#entry = known ?? { client: makeClient(model, preference), users: 0, timer: undefined };
    entries.set(this.#key, this.#entry);
    this.#entry.users += 1;
    clearTimeout(this.#entry.timer);
    if (!known) this.client.start();
  }

  get client() {
    return this.#entry.client;
  }

  giveBack() {
    if (!this.#held) return;
    this.#held = false;
    const entry = this.#entry;
    entry.users -= 1;
    if (entry.users === 0) entry.timer = setTimeout(() => drop(this.#key, entry), GRACE);
  }
}

/**
 * @param {string} key
 * @param {Entry} entry
 */
function drop(key, entry) {
  // What the page's own thread holds can't be freed, so the next one who asks shall find it.
  if (entry.client.thread === 'page') return;
  entries.delete(key);
  entry.client.end();
}

/**
 * @param {URL | null} model
 * @param {Preference} preference
 */
function makeClient(model, preference) {
  const models = model ? [{ id: ownModelId(model), weights: model }] : ours;
  const choice = models[models.length - 1]?.id;
  if (!choice) throw new Error('www/core/models.js lists no model');
  // What has been measured isn't remembered: the page's storage is its own.
  return new EngineClient({ models, choice, preference });
}
