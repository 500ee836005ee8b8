/** @import { ModelId, Progress } from '../core/types.js' */
/** @import { Failure } from '../core/errors.js' */
/** @import { ModuleName } from './wasm-files.js' */

/*
 * What the first answer takes is fetched by the page while the engine's own modules are still on their way to its worker. Here
 * it comes in.
 */

/** A file that somebody else fetches: the module of a backend, or the weights of a network. @typedef {{ module: ModuleName } | { model: ModelId }} Wanted */

/**
 * @typedef {object} Delivery
 * @property {Promise<any>} file
 * @property {(file: WebAssembly.Module | Uint8Array) => void} resolve
 * @property {(failure: Failure) => void} reject
 * @property {Progress | null} progress
 * @property {(progress: Progress) => void} report
 */

/**
 * The files that others fetch for the engine. Each is handed out once, and whoever wants it again, because it was of no use,
 * fetches it by themselves.
 */
export class Supplies {
  /** @type {Map<string, Delivery>} those that can be had */
  #coming = new Map();
  /** @type {Map<string, Delivery>} those that have not come */
  #open = new Map();

  /** @param {readonly Wanted[]} wanted what will come, or be refused */
  constructor(wanted = []) {
    for (const one of wanted) {
      /** @type {Pick<Delivery, 'resolve' | 'reject'>} */
      let settle = { resolve() {}, reject() {} };
      const file = new Promise((resolve, reject) => (settle = { resolve, reject }));
      file.catch(() => {}); // perhaps nobody wants it
      /** @type {Delivery} */
      const delivery = { ...settle, file, progress: null, report() {} };
      this.#coming.set(keyOf(one), delivery);
      this.#open.set(keyOf(one), delivery);
    }
  }

  /**
   * @param {ModuleName} module
   * @param {(progress: Progress) => void} [report]
   * @returns {Promise<WebAssembly.Module> | null} null where it isn't being fetched; rejects with a `Failure`
   */
  module(module, report) {
    return this.#take({ module }, report);
  }

  /**
   * @param {ModelId} model
   * @param {(progress: Progress) => void} [report]
   * @returns {Promise<Uint8Array> | null} null where they aren't being fetched; rejects with a `Failure`
   */
  weights(model, report) {
    return this.#take({ model }, report);
  }

  /**
   * @param {Wanted} wanted
   * @param {Progress} progress
   */
  report(wanted, progress) {
    const delivery = this.#open.get(keyOf(wanted));
    if (!delivery) return;
    delivery.progress = progress;
    delivery.report(progress);
  }

  /**
   * @param {Wanted} wanted
   * @param {WebAssembly.Module | Uint8Array} file
   */
  deliver(wanted, file) {
    this.#close(wanted)?.resolve(file);
  }

  /**
   * @param {Wanted} wanted
   * @param {Failure} failure
   */
  refuse(wanted, failure) {
    this.#close(wanted)?.reject(failure);
  }

  /**
   * @param {Wanted} wanted
   * @param {(progress: Progress) => void} [report]
   */
  #take(wanted, report = () => {}) {
    const delivery = this.#coming.get(keyOf(wanted));
    if (!delivery) return null;
    this.#coming.delete(keyOf(wanted));
    delivery.report = report;
    if (delivery.progress) report(delivery.progress);
    return delivery.file;
  }

  /** @param {Wanted} wanted */
  #close(wanted) {
    const delivery = this.#open.get(keyOf(wanted));
    this.#open.delete(keyOf(wanted));
    return delivery;
  }
}

/** @param {Wanted} wanted */
const keyOf = (wanted) => ('module' in wanted ? `module ${wanted.module}` : `model ${wanted.model}`);
