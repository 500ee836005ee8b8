/** @import { Curves, Explanation, MapRequest, ModelId, Outcome, Photo, Picture, Preference, Speed, Stages, Status, Wishes } from '../core/types.js' */
/** @import { Backend } from './backend.js' */
/** @import { Supplies } from './supplies.js' */
import { reasonOf } from '../core/abort.js';
import { Failure, messageOf } from '../core/errors.js';
import { NotLoaded } from './backend.js';
import { isFatal } from './supervise.js';
import { Loader } from './loader.js';
import { AS_IT_IS, optionsFor } from '../core/options.js';
import { PictureCache } from './picture-cache.js';
import { explain, explainModel } from './explain-choice.js';
import { testPicture } from './test-picture.js';

/** How often a picture is asked about whose backend is given up each time before its turn comes. */
const ATTEMPTS = 3;

/**
 * @typedef {object} Wanted
 * @property {readonly { id: ModelId, weights: URL | Blob }[]} models the first one answers while another is on its way
 * @property {ModelId} choice
 * @property {Preference} preference
 * @property {Partial<Record<ModelId, Speed>>} speeds what has been measured before on this machine
 * @property {Supplies} [supplies] what is being fetched for it already
 */

/**
 * What is asked of a picture, whichever backend and network it comes to.
 * @template T
 * @typedef {(backend: Backend, model: ModelId, image: ImageData) => Promise<T>} Question
 */

/**
 * Answers photos and the pictures of a stream with the network that is asked for, on the best backend that works. The
 * CPU and a small network load first and answer at once; the network asked for follows, then WebGPU (`next-step.js`), which
 * takes over if it is right and faster (`verify-gpu.js`). Whatever happens to WebGPU, the CPU answers; whatever happens to
 * the network asked for, the small one does.
 *
 * It touches no document, so it runs in a worker as well as on the page's thread: what changes is told by a `change`
 * event and read from `status`. The page talks to it through `rpc/`.
 */
export class Engine extends EventTarget {
  #loader;
  #pictures = new PictureCache();
  #warming = false;

  /** @param {Wanted} wanted */
  constructor(wanted) {
    super();
    this.#loader = new Loader(wanted, () => this.dispatchEvent(new Event('change')));
  }

  /** @returns {Status} */
  get status() {
    const { weights, choice, preference, working, step, progress, speeds } = this.#loader;
    const active = this.#active();
    const model = active?.model ?? null;
    return {
      state: active ? 'ready' : working ? 'loading' : 'failed',
      preference,
      backend: active?.backend.name ?? null,
      reason: active || working ? explain(this.#loader, model) : { code: 'none' },
      speeds: Object.fromEntries(speeds),
      choice,
      model,
      modelReason: explainModel(choice, model, weights.failure(choice)),
      loading: step,
      progress,
      info: active?.backend.info(active.model) ?? null,
      size: model === null ? null : weights.size(model),
    };
  }

  /** The failure behind the state `failed`. */
  get failure() {
    const { cpu, gpu, weights, choice } = this.#loader;
    return weights.failure(choice) ?? cpu.failure ?? gpu.failure;
  }

  /** Loads what isn't loaded; called again after a failure, it tries again. */
  async start() {
    const { cpu, gpu, weights, bridge, choice } = this.#loader;
    for (const model of [bridge, choice]) weights.allowRetry(model);
    for (const backend of [cpu, gpu]) backend.allowRetry();
    await this.#loader.work();
  }

  /**
   * Asks for a backend; one that has failed is tried again.
   * @param {Preference} preference
   */
  async prefer(preference) {
    const { cpu, gpu } = this.#loader;
    this.#loader.preference = preference;
    for (const backend of [cpu, gpu]) backend.allowRetry();
    await this.#loader.work();
  }

  /**
   * Asks for a network; one that has failed is tried again.
   *
   * @param {ModelId} model
   * @param {Blob} [file] its weights, where it is one more
   */
  async choose(model, file) {
    if (file) this.#loader.weights.add(model, file);
    this.#loader.choice = model;
    this.#loader.weights.allowRetry(model);
    await this.#loader.work();
  }

  /**
   * Decodes a photo, so that it can be shown and asked about.
   *
   * @param {Photo} photo
   * @param {AbortSignal} [signal]
   * @returns {Promise<ImageBitmap>} the photo, no larger than a screen needs
   */
  async open(photo, signal) {
    // Decoding need not wait for the network.
    const maxPixels = await this.#settled(() => this.#mostPixels, signal);
    return this.#pictures.open(photo, maxPixels, signal);
  }

  /** How large a picture may be, 0 where that isn't known yet. */
  get #mostPixels() {
    const { cpu, gpu, working } = this.#loader;
    return this.#active()?.backend.maxPixels ?? (working ? cpu.maxPixels || gpu.maxPixels : 0);
  }

  /**
   * @param {Picture} picture a bitmap is closed, whatever happens
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Outcome>}
   */
  classify(picture, wishes, signal) {
    return this.#attempt(picture, (backend, model, image) => ask(backend, model, image, wishes, signal), signal);
  }

  /**
   * Where the network that answers looks in a picture.
   *
   * @param {Picture} picture a bitmap is closed, whatever happens
   * @param {Wishes} wishes
   * @param {MapRequest} request
   * @param {(done: number, steps: number) => void} report told after each step
   * @param {AbortSignal} [signal] heeded between steps
   * @returns {Promise<Explanation>}
   */
  explain(picture, wishes, request, report, signal) {
    return this.#attempt(picture, (backend, model, image) => backend.explain(model, image, wished(backend, model, wishes), request, report, signal), signal);
  }

  /**
   * @template T
   * @param {Picture} picture
   * @param {Question<T>} question
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  async #attempt(picture, question, signal) {
    const { image, ...chosen } = await this.#prepare(picture, signal);
    let { backend, model } = chosen;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#answer(backend, model, image, question, signal);
      } catch (error) {
        if (!(error instanceof NotLoaded) || attempt === ATTEMPTS) throw error;
        // Nothing is wrong with this picture: whoever can answer by now is asked.
        ({ backend, model } = await this.#usable(signal));
      }
    }
  }

  /**
   * Has the network that would answer answer a picture of the engine's own, unless it has answered so often that it gets no quicker.
   * Whoever asks meanwhile waits for it, so it is for moments in which nobody does.
   *
   * @returns {Promise<boolean>} whether there is more of that to do
   */
  async warmUp() {
    const active = this.#active();
    if (!active || this.#warming || active.backend.isWarm(active.model)) return false;
    const { backend, model } = active;
    this.#warming = true;
    const picture = testPicture(backend.info(model)?.preprocessing.input_size ?? 1);
    /** @type {Question<unknown>} */
    const question = (each, name, image) => ask(each, name, image, { ...AS_IT_IS, singleView: true });
    try {
      await this.#answer(backend, model, picture, question);
      return true;
    } catch {
      return false; // the backend has been given up, and is loaded anew, as with any other picture: the status says so
    } finally {
      this.#warming = false;
    }
  }

  /**
   * How good the answers of yes and no are of the network that answers the next photo.
   *
   * @param {readonly string[]} classes the question is whether it is one of them
   * @param {AbortSignal} [signal]
   * @returns {Promise<Curves | null>} null where that isn't known, or the network knows no such classes
   */
  async curves(classes, signal) {
    const { backend, model } = await this.#usable(signal);
    const known = backend.info(model)?.classes ?? [];
    const group = classes.map((label) => known.indexOf(label));
    return group.includes(-1) ? null : backend.curves(model, Uint32Array.from(group), signal);
  }

  /**
   * What becomes of a photo, step by step, on its way to the network that answers.
   *
   * @param {Photo} photo
   * @param {Wishes} wishes
   * @param {AbortSignal} [signal]
   * @returns {Promise<Stages>}
   */
  stages(photo, wishes, signal) {
    /** @type {Question<Stages>} */
    const stages = async (backend, model, image) => {
      const views = await backend.stages(model, image, wished(backend, model, wishes), signal);
      return { width: image.width, height: image.height, views };
    };
    return this.#attempt(photo, stages, signal);
  }

  /**
   * @template T
   * @param {Backend} backend
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Question<T>} question
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  async #answer(backend, model, image, question, signal) {
    try {
      return await question(backend, model, image);
    } catch (error) {
      const { gpu } = this.#loader;
      // Who gave the network up has seen to what comes then.
      if (isFatal(error) && !(error instanceof NotLoaded)) {
        if (backend === gpu) this.#loader.gpuFailed();
        else await this.#revive(backend);
      }
      if (backend !== gpu || signal?.aborted) throw error;
      return this.#answerOnCpu(error, model, image, question);
    }
  }

  /**
   * @param {Picture} picture
   * @param {AbortSignal} [signal]
   */
  async #prepare(picture, signal) {
    try {
      const { backend } = await this.#usable(signal);
      const image = await this.#pictures.pixels(picture, backend.maxPixels);
      // Decoding takes a while: by now, another may be the best.
      return { image, ...(await this.#usable(signal)) };
    } finally {
      if (picture instanceof ImageBitmap) picture.close();
    }
  }

  /**
   * Where the CPU can answer what WebGPU couldn't, WebGPU was at fault and is given up; where it can't either, the
   * photo was.
   *
   * @template T
   * @param {unknown} error
   * @param {ModelId} model
   * @param {ImageData} image
   * @param {Question<T>} question
   * @returns {Promise<T>}
   */
  async #answerOnCpu(error, model, image, question) {
    const { cpu, gpu } = this.#loader;
    cpu.allowRetry();
    if (!cpu.has(model)) await this.#loader.take({ task: 'load', backend: 'cpu', model });
    if (!cpu.has(model)) throw error;
    const outcome = await question(cpu, model, image);
    if (!isFatal(error) && !(error instanceof NotLoaded) && gpu.state === 'ready') {
      gpu.drop(new Failure('crashed', { detail: messageOf(error) }, error));
      this.#loader.gpuFailed();
    }
    return outcome;
  }

  /**
   * A fresh instance for the next photo, after one has crashed.
   * @param {Backend} backend
   */
  async #revive(backend) {
    backend.allowRetry();
    this.#loader.work();
    await this.#usable().catch(() => {}); // if there is none to be had, the status says so
  }

  /**
   * Waits until something can answer; rejects when nothing can.
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ backend: Backend, model: ModelId }>}
   */
  #usable(signal) {
    return this.#settled(() => this.#active(), signal);
  }

  /**
   * Waits until there is something; rejects when it can't be had.
   *
   * @template T
   * @param {() => T | null | 0} find
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  #settled(find, signal) {
    return new Promise((resolve, reject) => {
      const settle = () => {
        const found = find();
        if (!found && this.#loader.working && !signal?.aborted) return;
        this.removeEventListener('change', settle);
        signal?.removeEventListener('abort', settle);
        if (signal?.aborted) reject(reasonOf(signal));
        else if (found) resolve(found);
        else reject(this.failure ?? new Failure('crashed'));
      };
      this.addEventListener('change', settle);
      signal?.addEventListener('abort', settle, { once: true });
      settle();
    });
  }

  /** The best that can answer: first by network, then by backend. */
  #active() {
    const { cpu, gpu, choice, bridge, preference } = this.#loader;
    const backends = preference === 'cpu' ? [cpu, gpu] : [gpu, cpu];
    for (const model of [choice, bridge, ...cpu.models, ...gpu.models]) {
      const backend = backends.find((each) => this.#loader.serves(each, model));
      if (backend) return { backend, model };
    }
    return null;
  }
}

/**
 * @param {Backend} backend
 * @param {ModelId} model
 * @param {ImageData} image
 * @param {Wishes} wishes
 * @param {AbortSignal} [signal]
 */
function ask(backend, model, image, wishes, signal) {
  return backend.classify(model, image, wished(backend, model, wishes), signal);
}

/**
 * @param {Backend} backend
 * @param {ModelId} model
 * @param {Wishes} wishes
 */
function wished(backend, model, wishes) {
  const info = backend.info(model);
  return info ? optionsFor(info, wishes) : {};
}
