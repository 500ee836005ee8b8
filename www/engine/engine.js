/** @import { Info, Options, Outcome, Preference, Progress, Status } from '../types.js' */
import { downloadBytes } from '../download.js';
import { Failure, messageOf } from '../failure.js';
import { checkAdapter } from './adapter.js';
import { isFatal } from './guard.js';
import { Lane } from './lane.js';
import { explain } from './reason.js';

/**
 * Answers photos on the best backend that works. The CPU loads first, being small and available everywhere; WebGPU
 * loads beside it, warms up and takes over. Whatever happens to WebGPU, the CPU answers.
 *
 * It touches no document: what changes is told by a `change` event and read from `status`.
 */
export class Engine extends EventTarget {
  #cpu = new Lane('cpu');
  #gpu = new Lane('webgpu');
  #url;
  /** @type {Preference} */
  #preference;
  /** @type {Promise<Uint8Array> | null} one download for both backends */
  #weights = null;
  #fresh = false;
  #working = false;
  /** @type {Map<string, Progress>} the downloads of this moment */
  #downloads = new Map();
  /** @type {Info | null} */
  #info = null;

  /**
   * @param {URL} weights
   * @param {Preference} preference
   */
  constructor(weights, preference) {
    super();
    this.#url = weights;
    this.#preference = preference;
  }

  /** @returns {Status} */
  get status() {
    const lane = this.#active();
    return {
      state: lane ? 'ready' : this.#underWay() ? 'loading' : 'failed',
      preference: this.#preference,
      backend: lane?.backend ?? null,
      reason: explain(this.#preference, this.#cpu, this.#gpu),
      progress: this.#progress(),
      info: this.#info,
    };
  }

  /** The failure behind the state `failed`. */
  get failure() {
    return this.#cpu.failure ?? this.#gpu.failure;
  }

  get maxPixels() {
    return this.#active()?.maxPixels ?? 0;
  }

  /** Loads what isn't loaded; called again after a failure, it tries again. */
  async start() {
    if (this.#working) return;
    this.#working = true;
    try {
      if (this.#cpu.state !== 'ready') await this.#load(this.#cpu);
      if (this.#wantsGpu() && this.#gpu.state !== 'ready') await this.#loadGpu();
    } finally {
      this.#working = false;
      this.#changed();
    }
  }

  /** @param {Preference} preference */
  async prefer(preference) {
    this.#preference = preference;
    this.#changed();
    await this.start();
  }

  /** Resolves when photos can be answered, rejects when they can't be.
   * @param {AbortSignal} [signal]
   * @returns {Promise<void>}
   */
  usable(signal) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const { state } = this.status;
        if (state === 'loading' && !signal?.aborted) return;
        this.removeEventListener('change', look);
        if (signal?.aborted) reject(signal.reason);
        else if (state === 'ready') resolve();
        else reject(this.failure ?? new Failure('crashed'));
      };
      this.addEventListener('change', look);
      signal?.addEventListener('abort', look, { once: true });
      look();
    });
  }

  /**
   * @param {ImageData} image
   * @param {Options} options
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  async classify(image, options, signal) {
    await this.usable(signal);
    const lane = this.#active() ?? this.#cpu;
    try {
      return { ...(await lane.classify(image, options, signal)), backend: lane.backend };
    } catch (error) {
      if (signal?.aborted) throw error;
      if (lane === this.#gpu) return this.#answerOnCpu(error, image, options, signal);
      if (isFatal(error)) await this.#load(this.#cpu); // a fresh instance for the next photo
      throw error;
    }
  }

  /**
   * Where the CPU can answer what WebGPU couldn't, WebGPU was at fault and is given up; where it can't either, the
   * photo was.
   *
   * @param {unknown} error
   * @param {ImageData} image
   * @param {Options} options
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  async #answerOnCpu(error, image, options, signal) {
    this.#changed();
    if (this.#cpu.state !== 'ready') await this.#load(this.#cpu);
    if (this.#cpu.state !== 'ready') throw error;
    const result = await this.#cpu.classify(image, options, signal);
    if (this.#gpu.state === 'ready') this.#gpu.drop(new Failure('crashed', { detail: messageOf(error) }, error));
    this.#changed();
    return { ...result, backend: 'cpu' };
  }

  #active() {
    const [first, second] = this.#preference === 'cpu' ? [this.#cpu, this.#gpu] : [this.#gpu, this.#cpu];
    if (first.state === 'ready') return first;
    return second.state === 'ready' ? second : null;
  }

  #underWay() {
    return this.#working || this.#cpu.state === 'idle' || this.#cpu.state === 'loading' || this.#gpu.state === 'loading';
  }

  /** By choice, or because the CPU module can't be had; a network that the CPU refuses would fail there, too. */
  #wantsGpu() {
    const failure = this.#cpu.failure?.code;
    if (failure === 'weights' || failure === 'network-refused') return false;
    return this.#preference !== 'cpu' || failure !== undefined;
  }

  async #loadGpu() {
    this.#gpu.state = 'loading';
    this.#changed();
    try {
      await checkAdapter();
    } catch (error) {
      this.#gpu.drop(error instanceof Failure ? error : new Failure('webgpu-no-adapter', {}, error));
      this.#changed();
      return;
    }
    await this.#load(this.#gpu);
  }

  /** @param {Lane} lane */
  async #load(lane) {
    this.#downloads.clear();
    const loaded = lane.load(this.#bytes(), (progress) => this.#report(lane.backend, progress));
    this.#changed();
    await loaded;
    this.#downloads.clear();
    if (lane.info && lane.state === 'ready') this.#info ??= lane.info;
    if (lane.failure?.code === 'weights' || (lane === this.#cpu && lane.failure?.code === 'network-refused')) {
      this.#weights = null; // another try fetches the file anew, past the cache
      this.#fresh = true;
    }
    this.#changed();
  }

  #bytes() {
    this.#weights ??= downloadBytes(
      this.#url,
      (progress) => this.#report('weights', progress),
      this.#fresh ? { cache: 'reload' } : {},
    ).catch((error) => {
      throw new Failure('weights', { detail: messageOf(error) }, error);
    });
    return this.#weights;
  }

  /**
   * @param {string} part
   * @param {Progress} progress
   */
  #report(part, progress) {
    this.#downloads.set(part, progress);
    this.#changed();
  }

  /** @returns {Progress | null} */
  #progress() {
    const parts = [...this.#downloads.values()];
    if (parts.length === 0) return null;
    const loaded = parts.reduce((sum, part) => sum + part.loaded, 0);
    const total = parts.reduce((/** @type {number | null} */ sum, part) => {
      return sum === null || part.total === null ? null : sum + part.total;
    }, 0);
    return { loaded, total };
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
