/** @import { ModelId, Outcome, Preference, Status, Wishes } from '../types.js' */
/** @import { Lane } from './lane.js' */
import { Failure, messageOf } from '../failure.js';
import { isFatal } from './guard.js';
import { Loader } from './loader.js';
import { explain, explainModel } from './reason.js';

/**
 * Answers photos with the network that is asked for, on the best backend that works. The CPU and a small network load
 * first and answer at once; the network asked for follows, then WebGPU, which warms up and takes over (`plan.js`).
 * Whatever happens to WebGPU, the CPU answers; whatever happens to the network asked for, the small one does.
 *
 * It touches no document: what changes is told by a `change` event and read from `status`.
 */
export class Engine extends EventTarget {
  #loader;

  /**
   * @param {readonly { id: ModelId, weights: URL }[]} models the first one answers while another is on its way
   * @param {ModelId} choice
   * @param {Preference} preference
   */
  constructor(models, choice, preference) {
    super();
    this.#loader = new Loader(models, choice, preference, () => this.dispatchEvent(new Event('change')));
  }

  /** @returns {Status} */
  get status() {
    const { cpu, gpu, weights, choice, preference, working, step, progress } = this.#loader;
    const active = this.#active();
    const model = active?.model ?? null;
    return {
      state: active ? 'ready' : working ? 'loading' : 'failed',
      preference,
      backend: active?.lane.backend ?? null,
      reason: active || working ? explain(preference, model, cpu, gpu) : { code: 'none' },
      choice,
      model,
      modelReason: explainModel(choice, model, weights.failure(choice)),
      loading: step,
      progress,
      info: active?.lane.info(active.model) ?? null,
      size: model && weights.size(model),
    };
  }

  /** The failure behind the state `failed`. */
  get failure() {
    const { cpu, gpu, weights, choice } = this.#loader;
    return weights.failure(choice) ?? cpu.failure ?? gpu.failure;
  }

  get maxPixels() {
    return this.#active()?.lane.maxPixels ?? 0;
  }

  /** Loads what isn't loaded; called again after a failure, it tries again. */
  async start() {
    const { cpu, gpu, weights, bridge, choice } = this.#loader;
    for (const model of [bridge, choice]) weights.forgive(model);
    for (const lane of [cpu, gpu]) lane.forgive();
    await this.#loader.work();
  }

  /**
   * Asks for a backend; one that has failed is tried again.
   * @param {Preference} preference
   */
  async prefer(preference) {
    const { cpu, gpu } = this.#loader;
    this.#loader.preference = preference;
    for (const lane of [cpu, gpu]) lane.forgive();
    await this.#loader.work();
  }

  /**
   * Asks for a network; one that has failed is tried again.
   * @param {ModelId} model
   */
  async choose(model) {
    this.#loader.choice = model;
    this.#loader.weights.forgive(model);
    await this.#loader.work();
  }

  /**
   * Resolves when photos can be answered, rejects when they can't be.
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
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  async classify(image, wishes, signal) {
    await this.usable(signal);
    const active = this.#active();
    if (!active) throw this.failure ?? new Failure('crashed');
    const { lane, model } = active;
    try {
      return await lane.classify(model, image, wishes, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      if (lane === this.#loader.gpu) return this.#answerOnCpu(error, model, image, wishes, signal);
      if (isFatal(error)) await this.#revive(lane);
      throw error;
    }
  }

  /**
   * Where the CPU can answer what WebGPU couldn't, WebGPU was at fault and is given up; where it can't either, the
   * photo was.
   *
   * @param {unknown} error
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   */
  async #answerOnCpu(error, model, image, wishes, signal) {
    const { cpu, gpu } = this.#loader;
    this.dispatchEvent(new Event('change'));
    cpu.forgive();
    if (!cpu.has(model)) await this.#loader.load({ backend: 'cpu', model });
    if (!cpu.has(model)) throw error;
    const outcome = await cpu.classify(model, image, wishes, signal);
    if (gpu.state === 'ready') gpu.drop(new Failure('crashed', { detail: messageOf(error) }, error));
    this.dispatchEvent(new Event('change'));
    return outcome;
  }

  /**
   * A fresh instance for the next photo, after one has crashed.
   * @param {Lane} lane
   */
  async #revive(lane) {
    lane.forgive();
    this.#loader.work();
    await this.usable().catch(() => {}); // if there is none to be had, the status says so
  }

  /** The best that can answer: first by network, then by backend. */
  #active() {
    const { cpu, gpu, choice, bridge, preference } = this.#loader;
    const lanes = preference === 'cpu' ? [cpu, gpu] : [gpu, cpu];
    for (const model of [choice, bridge, ...cpu.models, ...gpu.models]) {
      const lane = lanes.find((each) => each.has(model));
      if (lane) return { lane, model };
    }
    return null;
  }
}
