/** @import { BackendName, ModelId, Progress, Speed, Step } from '../core/types.js' */
import { Failure, isOfNetwork, messageOf } from '../core/errors.js';
import { Backend } from './backend.js';
import { checkAdapter } from './check-adapter.js';
import { cpuWins } from './cpu-wins.js';
import { nextStep } from './next-step.js';
import { Queue } from './queue.js';
import { RetryTimer } from './retry-timer.js';
import { Weights } from './weights.js';

/**
 * Brings networks and backends together: one step of `next-step.js` after the other, until it has no more. A step that
 * fails is blamed on the network or on the backend, and that one is left alone until it is allowed another try. What only
 * WebGPU takes is fetched where there is an adapter.
 */
export class Loader {
  cpu;
  gpu = new Backend('webgpu', {
    check: checkAdapter,
    lost: () => this.gpuFailed(),
  });
  weights;
  /** The network that answers while another is on its way. */
  bridge;
  /** Whether there is more to come. */
  working = false;
  /** @type {Step | null} what is being loaded */
  step = null;
  /** @type {Map<ModelId, Speed>} what the backends have taken in comparison */
  speeds;
  /** @type {Set<ModelId>} the networks that WebGPU has been found to compute rightly */
  #checked = new Set();
  /** Whether WebGPU has ever been found right here. */
  #hasWorked = false;
  #retry = new RetryTimer(() => {
    this.gpu.allowRetry();
    this.work();
  });
  #queue = new Queue();
  /** @type {Map<BackendName | 'weights', Progress>} the downloads of the step */
  #downloads = new Map();
  #changed;

  /**
   * @param {import('./engine.js').Wanted} wanted
   * @param {() => void} changed
   */
  constructor({ models, choice, preference, speeds, supplies }, changed) {
    this.cpu = new Backend('cpu', { supplies, started: changed });
    this.weights = new Weights(models, supplies);
    this.bridge = models[0]?.id ?? choice;
    this.choice = choice;
    this.preference = preference;
    this.speeds = new Map(/** @type {[ModelId, Speed][]} */ (Object.entries(speeds)));
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
      do {
        for (let step = nextStep(this); step; step = nextStep(this)) await this.take(step);
        if (this.preference === 'auto' && cpuWins(this.speeds.get(this.choice)) && this.cpu.has(this.choice)) {
          this.#checked.clear();
          await this.gpu.retire();
        }
      } while (nextStep(this)); // something else may have been asked for meanwhile
    } finally {
      this.working = false;
      this.#changed();
    }
  }

  /**
   * Afterwards it is done, or the network or the backend has failed.
   * @param {Step} step
   */
  take(step) {
    return this.#queue.add(() => this.#take(step));
  }

  /**
   * Whether a backend may answer with a network. WebGPU has to have been found right and, where nobody has chosen it and
   * the CPU could answer, faster.
   *
   * @param {Backend} backend
   * @param {ModelId} model
   */
  serves(backend, model) {
    if (backend === this.cpu || !backend.has(model)) return backend.has(model);
    const speed = this.speeds.get(model);
    const wanted = this.preference !== 'auto' || !this.cpu.has(model) || (speed && !cpuWins(speed));
    return this.#checked.has(model) && !!wanted;
  }

  /** WebGPU has failed. Where it had worked before, it is tried again later. */
  gpuFailed() {
    this.#checked.clear();
    if (this.#hasWorked) this.#retry.later();
    this.#changed();
  }

  /** Whether WebGPU, which has failed, will be tried again without anybody asking. */
  get retrying() {
    return this.#retry.waiting;
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

  /** @param {Step} step */
  async #take(step) {
    const { task, backend: name, model } = step;
    const backend = name === 'cpu' ? this.cpu : this.gpu;
    const worked = backend.models.length > 0;
    this.step = step;
    this.#downloads.clear();
    try {
      if (task === 'load') await this.#load(backend, model);
      else await this.#time(model);
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure('start-failed', { detail: messageOf(error) }, error);
      this.#blame(backend, model, worked, failure);
    }
    this.step = null;
    this.#downloads.clear();
    this.#changed();
  }

  /** @param {ModelId} model */
  async #time(model) {
    const { compareSpeed } = await import('./verify-gpu.js');
    const speed = await compareSpeed(this.gpu, this.cpu, model);
    if (speed) this.speeds.set(model, speed);
  }

  /**
   * @param {Backend} backend
   * @param {ModelId} model
   */
  async #load(backend, model) {
    const bytes = this.weights.fetch(model, (progress) => this.#report('weights', progress));
    const loaded = backend.load(model, bytes, (progress) => this.#report(backend.name, progress));
    this.#changed();
    await loaded;
    if (backend === this.cpu) return;
    this.#downloads.clear();
    this.#changed();
    const { verifyGpu } = await import('./verify-gpu.js');
    await verifyGpu(this.gpu, this.cpu, model);
    this.#checked.add(model);
    this.#hasWorked = true;
  }

  /**
   * WebGPU is at fault where the CPU runs the same network; a network where it can't be had, or where it brought down
   * a backend that had been answering; else it is the backend.
   *
   * @param {Backend} backend
   * @param {ModelId} model
   * @param {boolean} worked
   * @param {Failure} failure
   */
  #blame(backend, model, worked, failure) {
    if ((worked || isOfNetwork(failure)) && !(backend === this.gpu && this.cpu.has(model))) {
      this.weights.refuse(model, failure);
      backend.allowRetry();
    } else {
      backend.drop(failure);
      if (backend === this.gpu) this.gpuFailed();
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
