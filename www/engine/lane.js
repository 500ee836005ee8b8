/** @import { BackendName, Classifier, Glue, Info, ModelId, Outcome, Progress, Wishes } from '../types.js' */
import { Failure, messageOf } from '../failure.js';
import { instantiate } from '../glue.js';
import { guarded, isFatal } from './guard.js';
import { Queue } from './queue.js';

/** A GPU that says nothing for so long, in milliseconds, has been lost. While loading, it compiles its shaders. */
const GPU_PATIENCE = { loading: 60_000, classifying: 20_000 };

/**
 * One backend: its WebAssembly instance, the networks loaded into it, and one call at a time. What is loaded when, and
 * again after a crash, is the engine's decision.
 */
export class Lane {
  #check;
  #queue = new Queue();
  /** @type {Promise<Glue> | null} the instance, or the one that is being made */
  #starting = null;
  /** @type {Glue | null} */
  #glue = null;
  /** @type {Map<ModelId, { classifier: Classifier, info: Info }>} */
  #networks = new Map();

  /** @type {'idle' | 'loading' | 'ready' | 'failed'} the state of the instance */
  state = 'idle';
  /** @type {Failure | null} why it failed */
  failure = null;
  maxPixels = 0;

  /**
   * @param {BackendName} backend
   * @param {() => Promise<void>} check throws a `Failure` where this backend can't work; then nothing is fetched for it
   */
  constructor(backend, check = async () => {}) {
    this.backend = backend;
    this.#check = check;
  }

  /** The networks that can answer. */
  get models() {
    return [...this.#networks.keys()];
  }

  /** @param {ModelId} model */
  has(model) {
    return this.#networks.has(model);
  }

  /** @param {ModelId} model */
  info(model) {
    return this.#networks.get(model)?.info ?? null;
  }

  /**
   * Loads a network, and the instance before it where there is none. Rejects with a `Failure`; where that is the
   * backend's own, the lane has failed, too.
   *
   * @param {ModelId} model
   * @param {Promise<Uint8Array>} weights
   * @param {(progress: Progress) => void} report
   */
  async load(model, weights, report) {
    this.#starting ??= this.#start(report);
    const [glue, bytes] = await Promise.all([this.#starting, weights]);
    await this.#queue.add(() => this.#read(glue, model, bytes));
  }

  /**
   * Rejects with a `Failure`; after a fatal one the lane has failed and must be loaded again.
   *
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  classify(model, image, wishes, signal) {
    return this.#queue.add(async () => {
      const network = this.#networks.get(model);
      if (!network) throw this.failure ?? new Failure('crashed', {});
      const { classifier, info } = network;
      try {
        const result = await this.#guarded(() => classifier.classify(image, wishes(info)), GPU_PATIENCE.classifying);
        return { ...result, backend: this.backend, model, info };
      } catch (error) {
        if (error instanceof Failure && isFatal(error)) this.drop(error);
        throw error instanceof Failure ? error : new Failure('photo-refused', { detail: messageOf(error) }, error);
      }
    }, signal);
  }

  /**
   * Gives the instance up, with all that is in it. It is not freed by hand: after a panic, every call into it would
   * panic again.
   *
   * @param {Failure} failure
   */
  drop(failure) {
    this.#starting = this.#glue = null;
    this.#networks = new Map();
    this.state = 'failed';
    this.failure = failure;
  }

  /** Another try may begin. */
  forgive() {
    if (this.state !== 'failed') return;
    this.state = 'idle';
    this.failure = null;
  }

  /** @param {(progress: Progress) => void} report */
  async #start(report) {
    this.state = 'loading';
    this.failure = null;
    try {
      await this.#check();
      this.#glue = await instantiate(this.backend, report);
      this.maxPixels = this.#glue.max_pixels();
      this.state = 'ready';
      return this.#glue;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * @param {Glue} glue
   * @param {ModelId} model
   * @param {Uint8Array} bytes
   */
  async #read(glue, model, bytes) {
    // While this waited for its turn, the instance may have crashed; the engine then asks anew.
    if (glue !== this.#glue || this.has(model)) return;
    /** @type {Classifier} */
    let classifier;
    try {
      classifier = await this.#guarded(() => glue.Classifier.load(bytes), GPU_PATIENCE.loading);
    } catch (error) {
      throw error instanceof Failure ? this.#fail(error) : new Failure('network-refused', { detail: messageOf(error) }, error);
    }
    try {
      const info = classifier.info();
      if (this.backend === 'webgpu') await this.#warmUp(classifier, info.preprocessing.input_size);
      this.#networks.set(model, { classifier, info });
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * Shaders are compiled at the first forward pass, so one is run before anybody waits for it.
   *
   * @param {Classifier} classifier
   * @param {number} size
   */
  #warmUp(classifier, size) {
    return this.#guarded(() => classifier.classify(new ImageData(size, size)), GPU_PATIENCE.loading);
  }

  /**
   * Gives the instance up for something that went wrong at its start.
   * @param {unknown} error
   */
  #fail(error) {
    const known = error instanceof Failure && !isFatal(error);
    const failure = known ? error : new Failure('start-failed', { detail: messageOf(error) }, error);
    this.drop(failure);
    return failure;
  }

  /**
   * @template T
   * @param {() => Promise<T>} start
   * @param {number} patience
   */
  #guarded(start, patience) {
    return guarded(this.backend, start, this.backend === 'webgpu' ? patience : undefined);
  }
}
