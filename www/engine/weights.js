/** @import { ModelId, Progress } from '../core/types.js' */
/** @import { Supplies } from './supplies.js' */
import { abort } from '../core/abort.js';
import { downloadBytes } from '../core/fetch-progress.js';
import { Failure, isOfNetwork, messageOf } from '../core/errors.js';
import { isShipped, models as shipped } from '../core/models.js';

/** Bytes; a file of somebody else's that is larger is not read to its end. */
const LARGEST = 256e6;

/**
 * The weights files: each is downloaded once, or read, when it is first asked for, and shared by both backends.
 */
export class Weights {
  #places;
  #supplies;
  /** @type {Map<ModelId, Promise<Uint8Array>>} */
  #files = new Map();
  /** @type {Map<ModelId, number>} the bytes of the files that have come */
  #sizes = new Map();
  /** @type {Map<ModelId, Failure>} */
  #failures = new Map();
  /** @type {Set<ModelId>} those whose next download goes past the browser's cache */
  #stale = new Set();

  /**
   * @param {readonly { id: ModelId, weights: URL | Blob }[]} models where each lies; a file of the person's own is there already
   * @param {Supplies} [supplies] where a file may come from without being fetched
   */
  constructor(models, supplies) {
    this.#supplies = supplies;
    this.#places = new Map(models.map(({ id, weights }) => [id, weights]));
  }

  /**
   * One more network.
   *
   * @param {ModelId} model
   * @param {Blob} file
   */
  add(model, file) {
    this.#places.set(model, file);
  }

  /**
   * @param {ModelId} model
   * @param {(progress: Progress) => void} report
   * @returns {Promise<Uint8Array>} rejects with a `Failure`
   */
  fetch(model, report) {
    const known = this.#files.get(model);
    if (known) return known;
    const file = this.#get(model, report);
    this.#files.set(model, file);
    return file;
  }

  /** @param {ModelId} model */
  has(model) {
    return this.#sizes.has(model);
  }

  /** @param {ModelId} model */
  size(model) {
    return this.#sizes.get(model) ?? null;
  }

  /**
   * Why a network can't be had, where it can't.
   * @param {ModelId} model
   */
  failure(model) {
    return this.#failures.get(model) ?? null;
  }

  /**
   * The file could not be fetched, or no backend takes it.
   * @param {ModelId} model
   * @param {Failure} failure
   */
  refuse(model, failure) {
    this.#failures.set(model, failure);
    this.#files.delete(model);
    this.#sizes.delete(model);
    this.#stale.add(model);
  }

  /**
   * Another try may begin.
   * @param {ModelId} model
   */
  allowRetry(model) {
    this.#failures.delete(model);
  }

  /**
   * @param {ModelId} model
   * @param {(progress: Progress) => void} report
   */
  async #get(model, report) {
    const place = this.#places.get(model);
    if (!place) throw new Error(`www/core/models.js lists no ${model}`);
    try {
      /** @type {RequestInit} */
      const init = this.#stale.has(model) ? { cache: 'reload' } : {};
      const bytes = isShipped(place)
        ? await (this.#supplies?.weights(model, report) ?? downloadBytes(place, report, init))
        : await complete(await readOwn(place, report, init), report);
      this.#sizes.set(model, bytes.byteLength);
      return bytes;
    } catch (error) {
      if (isOfNetwork(error)) throw error;
      throw new Failure('weights', { detail: messageOf(error) }, error);
    }
  }
}

/**
 * A file of somebody else's, unless it is too large.
 *
 * @param {URL | Blob} place
 * @param {(progress: Progress) => void} report
 * @param {RequestInit} init
 */
async function readOwn(place, report, init) {
  const refusal = new Failure('network-too-large', { megabytes: LARGEST / 1e6 });
  if (place instanceof Blob) {
    if (place.size > LARGEST) throw refusal;
    return new Uint8Array(await place.arrayBuffer());
  }
  const end = new AbortController();
  /** @param {Progress} progress */
  const watch = (progress) => {
    if (Math.max(progress.loaded, progress.total ?? 0) > LARGEST) abort(end, refusal);
    else report(progress);
  };
  const bytes = await downloadBytes(place, watch, { ...init, signal: end.signal }).catch((error) => {
    throw end.signal.aborted ? refusal : error;
  });
  if (end.signal.aborted) throw refusal;
  return bytes;
}

/**
 * @param {Uint8Array} file of somebody else's
 * @param {(progress: Progress) => void} report
 */
async function complete(file, report) {
  const { completeWeights } = await import('./complete-weights.js');
  return completeWeights(file, () => fetchBody(report));
}

/**
 * The network that classes are taught on, for a file that has only what was taught.
 * @param {(progress: Progress) => void} report
 */
function fetchBody(report) {
  const taught = shipped[shipped.length - 1];
  if (!taught) throw new Error('www/core/models.js lists no model');
  return downloadBytes(taught.weights, report);
}
