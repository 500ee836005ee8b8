/** @import { BackendName, Classifier, Curves, Explanation, Info, Instance, MapRequest, ModelId, Options, Outcome, Progress, View } from '../core/types.js' */
/** @import { Supplies } from './supplies.js' */
import { abort, reasonOf, throwIfAborted } from '../core/abort.js';
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { discard, instantiate } from './wasm-modules.js';
import { supervise, isFatal } from './supervise.js';
import { Queue } from './queue.js';

/** A GPU that says nothing for so long, in milliseconds, has been lost. At first, it compiles its shaders. */
const GPU_PATIENCE = { first: 60_000, later: 20_000 };

/** The code that uses a lost GPU may stumble before the notice of the loss, the better reason, comes: milliseconds. */
const NOTICE = 200;

/**
 * The network had been given up before the call's turn came: that says nothing of the picture, nor of another instance.
 */
export class NotLoaded extends Failure {
  /** @param {Failure | null} reason why it was given up, where something went wrong */
  constructor(reason) {
    super(reason?.code ?? 'crashed', reason?.facts, reason);
  }
}

/**
 * @typedef {object} Network
 * @property {Classifier} classifier
 * @property {Info} info
 * @property {number} answers how many it has given: the first ones take longer, on a GPU much longer
 */

/**
 * So many answers a network has to have given for the next one to take as long as all after it: on a GPU all is compiled by the first;
 * WebAssembly is compiled quickly at first, and well, function by function, while it is used.
 */
const WARM = { cpu: 3, webgpu: 1 };

/**
 * One backend: its WebAssembly instance, the networks loaded into it, and one call at a time. What is loaded when, and
 * again after a crash, is the engine's decision.
 */
export class Backend {
  #check;
  #lost;
  #started;
  #supplies;
  #queue = new Queue();
  /** @type {Promise<Instance> | null} the instance, or the one that is being made */
  #starting = null;
  /** @type {Instance | null} */
  #instance = null;
  /** Aborted when the instance is of no more use. */
  #lifetime = new AbortController();
  /** @type {Map<ModelId, Network>} */
  #networks = new Map();

  /** @type {'idle' | 'loading' | 'ready' | 'failed'} the state of the instance */
  state = 'idle';
  /** @type {Failure | null} why it failed */
  failure = null;
  maxPixels = 0;

  /**
   * @param {BackendName} name
   * @param {object} [how]
   * @param {() => Promise<void>} [how.check] throws a `Failure` where this backend can't work; then nothing is fetched for it
   * @param {() => void} [how.lost] called when the device has been lost, and the backend has failed by it
   * @param {() => void} [how.started] called when there is an instance, which has no network yet
   * @param {Supplies} [how.supplies] where its module may come from without being fetched
   */
  constructor(name, { check = async () => {}, lost = () => {}, started = () => {}, supplies } = {}) {
    this.name = name;
    this.#started = started;
    this.#supplies = supplies;
    this.#check = check;
    this.#lost = lost;
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

  /** Whether the next answer of a network takes no longer than later ones. @param {ModelId} model */
  isWarm(model) {
    return (this.#networks.get(model)?.answers ?? 0) >= WARM[this.name];
  }

  /**
   * Loads a network, and the instance before it where there is none. Rejects with a `Failure`; where that is the
   * backend's own, the backend has failed, too.
   *
   * @param {ModelId} model
   * @param {Promise<Uint8Array>} weights
   * @param {(progress: Progress) => void} report
   */
  async load(model, weights, report) {
    this.#starting ??= this.#start(report);
    const [instance, bytes] = await Promise.all([this.#starting, weights]);
    await this.#queue.add(() => this.#read(instance, model, bytes));
  }

  /**
   * Rejects with a `Failure`; after a fatal one the backend has failed and must be loaded again. It is `NotLoaded` where the
   * network was given up while the picture waited for its turn.
   *
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Options} options
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  classify(model, image, options, signal) {
    return this.#ask(model, signal, async (network) => {
      const { classifier, info } = network;
      const patience = network.answers > 0 ? GPU_PATIENCE.later : GPU_PATIENCE.first;
      const result = await this.#supervise(() => classifier.classify(image, options), patience);
      network.answers += 1;
      return { ...result, backend: this.name, model, info };
    });
  }

  /**
   * Where the network looks, with its answer. Rejects as `classify`; between its steps it heeds the signal.
   *
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Options} options
   * @param {MapRequest} request
   * @param {(done: number, steps: number) => void} report
   * @param {AbortSignal} [signal]
   * @returns {Promise<Explanation>}
   */
  explain(model, image, options, request, report, signal) {
    return this.#ask(model, signal, async (network) => {
      const { classifier, info } = network;
      const work = classifier.explaining(image, options, request);
      let usable = true;
      try {
        for (let more = true; more; ) {
          const patience = network.answers > 0 ? GPU_PATIENCE.later : GPU_PATIENCE.first;
          more = await this.#supervise(() => work.step(), patience);
          network.answers += 1;
          report(work.done(), work.steps());
          if (!more) break;
          await new Promise((resolve) => setTimeout(resolve)); // so that a message gets through, to end it
          throwIfAborted(signal);
        }
        return { outcome: { ...work.answer(), backend: this.name, model, info }, map: work.map() };
      } catch (error) {
        usable = isAbort(error) || (error instanceof Failure && !isFatal(error));
        throw error;
      } finally {
        if (usable) work.free(); // a broken instance takes it along
      }
    });
  }

  /**
   * @template T
   * @param {ModelId} model
   * @param {AbortSignal | undefined} signal
   * @param {(network: Network) => Promise<T>} work
   * @returns {Promise<T>}
   */
  #ask(model, signal, work) {
    return this.#queue.add(async () => {
      const network = this.#networks.get(model);
      if (!network) throw new NotLoaded(this.failure);
      const instance = this.#instance;
      try {
        return await work(network);
      } catch (error) {
        if (isAbort(error)) throw error;
        if (!(error instanceof Failure)) throw new Failure('photo-refused', { detail: messageOf(error) }, error);
        if (!isFatal(error)) throw error;
        if (this.name === 'webgpu') await new Promise((resolve) => setTimeout(resolve, NOTICE));
        if (instance !== this.#instance) throw this.failure ?? error; // lost, and given up by now
        this.drop(error);
        throw error;
      }
    }, signal);
  }

  /**
   * How good the answers of yes and no are to the question whether a picture shows one of these classes. Rejects as `classify`.
   *
   * @param {ModelId} model
   * @param {Uint32Array} group places of classes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Curves | null>} null where the weights file knows nothing of that
   */
  curves(model, group, signal) {
    return this.#queue.add(async () => {
      const network = this.#networks.get(model);
      if (!network) throw new NotLoaded(this.failure);
      return network.classifier.curves(group);
    }, signal);
  }

  /**
   * What becomes of a photo on its way to the network. Rejects as `classify`.
   *
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Options} options
   * @param {AbortSignal} [signal]
   * @returns {Promise<View[]>}
   */
  stages(model, image, options, signal) {
    return this.#ask(model, signal, ({ classifier }) => this.#supervise(async () => classifier.stages(image, options), GPU_PATIENCE.later));
  }

  /**
   * Gives the instance up, with all that is in it, because of something that went wrong.
   *
   * @param {Failure} failure
   */
  drop(failure) {
    this.#release();
    this.state = 'failed';
    this.failure = failure;
  }

  /** Gives the instance up, when it has answered what it was asked, because it isn't wanted at the moment. */
  retire() {
    return this.#queue.add(async () => {
      if (this.state === 'ready') this.#release();
    });
  }

  /**
   * Keeps this backend's calls waiting meanwhile.
   * @param {() => Promise<unknown>} task
   */
  hold(task) {
    return this.#queue.add(task);
  }

  #release() {
    if (this.#instance) discard(this.#instance);
    this.#starting = this.#instance = null;
    this.#networks = new Map();
    abort(this.#lifetime, new Failure('crashed'));
    this.#lifetime = new AbortController();
    this.state = 'idle';
    this.failure = null;
  }

  /** Another try may begin. */
  allowRetry() {
    if (this.state !== 'failed') return;
    this.state = 'idle';
    this.failure = null;
  }

  /** @param {(progress: Progress) => void} report */
  async #start(report) {
    this.state = 'loading';
    this.failure = null;
    try {
      const { signal } = this.#lifetime;
      await this.#supervise(() => this.#check(), GPU_PATIENCE.first);
      const instance = await instantiate(this.name, report, this.#supplies);
      if (signal.aborted) {
        discard(instance); // given up before it was there
        throw reasonOf(signal);
      }
      // Not from within the callback: the instance that calls it is about to be given up.
      instance.when_device_lost((detail) => queueMicrotask(() => this.#handleLoss(instance, detail)));
      this.#instance = instance;
      this.maxPixels = instance.max_pixels();
      this.state = 'ready';
      this.#started();
      return instance;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * @param {Instance} instance
   * @param {ModelId} model
   * @param {Uint8Array} bytes
   */
  async #read(instance, model, bytes) {
    // While this waited for its turn, the instance may have crashed; the engine then asks anew.
    if (instance !== this.#instance || this.has(model)) return;
    /** @type {Classifier} */
    let classifier;
    try {
      classifier = await this.#supervise(() => instance.Classifier.load(bytes), GPU_PATIENCE.first);
    } catch (error) {
      throw error instanceof Failure ? this.#fail(error) : new Failure('network-refused', { detail: messageOf(error) }, error);
    }
    try {
      this.#networks.set(model, { classifier, info: classifier.info(), answers: 0 });
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * @param {Instance} instance
   * @param {string} detail what the browser says
   */
  #handleLoss(instance, detail) {
    if (instance !== this.#instance) return; // one that had been given up before
    const failure = new Failure('webgpu-lost', { detail });
    abort(this.#lifetime, failure);
    this.drop(failure);
    this.#lost();
  }

  /**
   * Gives the instance up for something that went wrong at its start.
   * @param {unknown} error
   */
  #fail(error) {
    const known = error instanceof Failure && error.code !== 'crashed';
    const failure = known ? error : new Failure('start-failed', { detail: messageOf(error) }, error);
    this.drop(failure);
    return failure;
  }

  /**
   * @template T
   * @param {() => Promise<T>} start
   * @param {number} patience
   */
  #supervise(start, patience) {
    return supervise(this.name, start, this.name === 'webgpu' ? patience : undefined, this.#lifetime.signal);
  }
}
