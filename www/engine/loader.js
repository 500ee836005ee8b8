/** @import { BackendName, ModelId, Preference, Progress, Step } from '../types.js' */
import { Failure, messageOf } from '../failure.js';
import { checkAdapter } from './adapter.js';
import { Lane } from './lane.js';
import { next } from './plan.js';
import { Weights } from './weights.js';

/**
 * Brings networks and backends together: one step of `plan.js` after the other, until it has no more. A step that
 * fails is blamed on the network or on the backend, and that one is left alone until it is forgiven.
 */
export class Loader {
  cpu = new Lane('cpu');
  gpu = new Lane('webgpu', checkAdapter);
  weights;
  /** The network that answers while another is on its way. */
  bridge;
  /** Whether there is more to come. */
  working = false;
  /** @type {Step | null} what is being loaded */
  step = null;
  /** @type {Map<BackendName | 'weights', Progress>} the downloads of that */
  #downloads = new Map();
  #changed;

  /**
   * @param {readonly { id: ModelId, weights: URL }[]} models the bridge first
   * @param {ModelId} choice the network asked for
   * @param {Preference} preference the backend asked for
   * @param {() => void} changed
   */
  constructor(models, choice, preference, changed) {
    this.weights = new Weights(models);
    this.bridge = models[0]?.id ?? choice;
    this.choice = choice;
    this.preference = preference;
    this.#changed = changed;
  }

  /** Who is at it already sees what has been asked for meanwhile. */
  async work() {
    if (this.working) {
      this.#changed();
      return;
    }
    this.working = true;
    try {
      for (let step = next(this); step; step = next(this)) await this.load(step);
    } finally {
      this.working = false;
      this.#changed();
    }
  }

  /**
   * Afterwards the network is loaded, or it or the backend has failed.
   * @param {Step} step
   */
  async load(step) {
    const { backend, model } = step;
    const lane = backend === 'cpu' ? this.cpu : this.gpu;
    const worked = lane.models.length > 0;
    this.step = step;
    this.#downloads.clear();
    try {
      const bytes = this.weights.fetch(model, (progress) => this.#report('weights', progress));
      const loaded = lane.load(model, bytes, (progress) => this.#report(backend, progress));
      this.#changed();
      await loaded;
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure('start-failed', { detail: messageOf(error) }, error);
      this.#blame(lane, model, worked, failure);
    }
    this.step = null;
    this.#downloads.clear();
    this.#changed();
  }

  /** @returns {Progress | null} */
  get progress() {
    const parts = [...this.#downloads.values()];
    if (parts.length === 0) return null;
    const loaded = parts.reduce((sum, part) => sum + part.loaded, 0);
    const total = parts.reduce((/** @type {number | null} */ sum, part) => {
      return sum === null || part.total === null ? null : sum + part.total;
    }, 0);
    return { loaded, total };
  }

  /**
   * WebGPU is at fault where the CPU runs the same network; a network where it can't be had, or where it brought down
   * a backend that had been answering; else it is the backend.
   *
   * @param {Lane} lane
   * @param {ModelId} model
   * @param {boolean} worked
   * @param {Failure} failure
   */
  #blame(lane, model, worked, failure) {
    const ofNetwork = worked || failure.code === 'weights' || failure.code === 'network-refused';
    if (ofNetwork && !(lane === this.gpu && this.cpu.has(model))) {
      this.weights.refuse(model, failure);
      lane.forgive();
    } else {
      lane.drop(failure);
    }
  }

  /**
   * @param {BackendName | 'weights'} part
   * @param {Progress} progress
   */
  #report(part, progress) {
    this.#downloads.set(part, progress);
    this.#changed();
  }
}
