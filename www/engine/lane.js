/** @import { BackendName, Classifier, Info, Options, Progress, Result } from '../types.js' */
import { Failure, messageOf } from '../failure.js';
import { instantiate } from '../glue.js';
import { guarded, isFatal } from './guard.js';
import { Queue } from './queue.js';

/** A GPU that says nothing for so long, in milliseconds, has been lost. While loading, it compiles its shaders. */
const GPU_PATIENCE = { loading: 60_000, classifying: 20_000 };

/**
 * One backend: its WebAssembly instance, its loaded network, and one call at a time. Loading, and loading again
 * after a crash, is the engine's decision.
 */
export class Lane {
  #queue = new Queue();
  /** @type {Classifier | null} */
  #classifier = null;

  /** @type {'idle' | 'loading' | 'ready' | 'failed'} */
  state = 'idle';
  /** @type {Failure | null} why it failed */
  failure = null;
  /** @type {Info | null} */
  info = null;
  maxPixels = 0;

  /** @param {BackendName} backend */
  constructor(backend) {
    this.backend = backend;
  }

  /**
   * @param {Promise<Uint8Array>} weights
   * @param {(progress: Progress) => void} [report]
   */
  async load(weights, report) {
    this.state = 'loading';
    this.failure = null;
    try {
      const [glue, bytes] = await Promise.all([instantiate(this.backend, report), weights]);
      const classifier = await this.#guarded(() => glue.Classifier.load(bytes)).catch((error) => {
        throw error instanceof Failure ? error : new Failure('network-refused', { detail: messageOf(error) }, error);
      });
      this.#classifier = classifier;
      this.info = classifier.info();
      this.maxPixels = glue.max_pixels();
      if (this.backend === 'webgpu') await this.#warmUp(this.info.preprocessing.input_size);
      this.state = 'ready';
    } catch (error) {
      const known = error instanceof Failure && !isFatal(error);
      this.drop(known ? error : new Failure('start-failed', { detail: messageOf(error) }, error));
    }
  }

  /**
   * Rejects with a `Failure`; after a fatal one the lane has failed and must be loaded again.
   *
   * @param {ImageData} image
   * @param {Options} options
   * @param {AbortSignal} [signal]
   * @returns {Promise<Result>}
   */
  classify(image, options, signal) {
    return this.#queue.add(async () => {
      const classifier = this.#classifier;
      if (!classifier) throw this.failure ?? new Failure('crashed', {});
      try {
        return await this.#guarded(() => classifier.classify(image, options));
      } catch (error) {
        if (error instanceof Failure && isFatal(error)) this.drop(error);
        throw error instanceof Failure ? error : new Failure('photo-refused', { detail: messageOf(error) }, error);
      }
    }, signal);
  }

  /**
   * Gives the instance up. It is not freed by hand: after a panic, every call into it would panic again.
   * @param {Failure} failure
   */
  drop(failure) {
    this.#classifier = null;
    this.state = 'failed';
    this.failure = failure;
  }

  /**
   * Shaders are compiled at the first forward pass, so one is run before anybody waits for it.
   * @param {number} size
   */
  async #warmUp(size) {
    const classifier = this.#classifier;
    if (classifier) await this.#guarded(() => classifier.classify(new ImageData(size, size)));
  }

  /**
   * @template T
   * @param {() => Promise<T>} start
   */
  #guarded(start) {
    const { loading, classifying } = GPU_PATIENCE;
    const limit = this.state === 'loading' ? loading : classifying;
    return guarded(this.backend, start, this.backend === 'webgpu' ? limit : undefined);
  }
}
