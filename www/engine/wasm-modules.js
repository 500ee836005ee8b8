/** @import { BackendName, Bindings, Instance, LearnBindings, Progress, Workshop } from '../core/types.js' */
/** @import { Supplies } from './supplies.js' */
/** @import { ModuleName } from './wasm-files.js' */
import * as cpu from '../../wasm/cpu/glimpse.js';
import { Failure, messageOf } from '../core/errors.js';
import { fetchAndCompile } from './compile.js';
import { startHelpers } from './helpers.js';
import { wasmFiles } from './wasm-files.js';

/*
 * The one file that imports the generated bindings, but for the script of the CPU's helpers. Each backend is a WebAssembly module of its own, and so is what learns; only
 * of the CPU's, which answers first, are the bindings fetched before they are asked for. A module is fetched and compiled once. The bindings
 * keep one instance, and can replace it by a fresh one: after a panic, an instance is of no more use, and the memory of one
 * that isn't wanted any longer comes back only with the instance as a whole.
 */

/**
 * A copy of the bindings, and whether their instance is in use.
 * @template {Bindings | LearnBindings} [B=Bindings | LearnBindings]
 * @typedef {{ bindings: B, state: 'new' | 'fresh' | 'used' }} Slot
 */

/**
 * @template {Bindings | LearnBindings} B
 * @typedef {object} Bound
 * @property {ModuleName} name
 * @property {Slot<B>[]} slots
 * @property {URL} source where further copies of the bindings come from
 * @property {() => Promise<B>} [load] the first copy, where it isn't there from the beginning; it is tried once
 */

/** @type {Record<BackendName, Bound<Bindings>>} */
const backends = {
  cpu: {
    name: 'cpu',
    slots: [{ bindings: cpu, state: 'new' }],
    source: new URL('../../wasm/cpu/glimpse.js', import.meta.url),
  },
  webgpu: {
    name: 'webgpu',
    slots: [],
    source: new URL('../../wasm/webgpu/glimpse.js', import.meta.url),
    load: () => import('../../wasm/webgpu/glimpse.js'),
  },
};

/** @type {Bound<LearnBindings>} */
const learn = {
  name: 'learn',
  slots: [],
  source: new URL('../../wasm/learn/glimpse.js', import.meta.url),
  load: () => import('../../wasm/learn/glimpse.js'),
};

/**
 * The memory of an instance whose own, which threads can share, is refused: browsers set aside its largest size at once, and a small
 * device may not have that. In pages of 64 KiB: any photo but the largest fits.
 */
const LITTLE = { initial: 64, maximum: 4096 };

/** @type {Map<ModuleName, Promise<WebAssembly.Module>>} */
const compiled = new Map();
let copies = 0;

/** @type {WeakMap<Instance | Workshop, Slot>} */
const places = new WeakMap();
/** How the threads are ended that help an instance. @type {WeakMap<Instance | Workshop, () => void>} */
const helpers = new WeakMap();

/**
 * A fresh instance, with a memory of its own.
 *
 * @param {BackendName} backend
 * @param {(progress: Progress) => void} [report]
 * @param {Supplies} [supplies] where the module may come from without being fetched
 * @returns {Promise<Instance>}
 */
export async function instantiate(backend, report, supplies) {
  const slot = await occupy(backends[backend], report, supplies);
  const { Classifier, max_pixels, when_device_lost } = slot.bindings;
  const instance = { Classifier, max_pixels, when_device_lost };
  places.set(instance, slot);
  const memory = slot.bindings.shared_memory?.();
  if (memory) helpers.set(instance, startHelpers(await compile(backend), memory));
  return instance;
}

/**
 * A fresh instance of the module that learns and shows layers; to be discarded like any other.
 *
 * @param {(progress: Progress) => void} [report]
 * @returns {Promise<Workshop>}
 */
export async function instantiateWorkshop(report) {
  const slot = await occupy(learn, report);
  const { Layers, Learner, backbone_needed, join } = slot.bindings;
  const workshop = { Layers, Learner, backbone_needed, join };
  places.set(workshop, slot);
  return workshop;
}

/**
 * @template {Bindings | LearnBindings} B
 * @param {Bound<B>} bound
 * @param {(progress: Progress) => void} [report]
 * @param {Supplies} [supplies]
 * @returns {Promise<Slot<B>>} with an instance
 */
async function occupy(bound, report, supplies) {
  const wasm = await compile(bound.name, report, supplies);
  const slot = await reserve(bound);
  try {
    await create(slot.bindings, wasm);
  } catch (error) {
    slot.state = 'new';
    throw new Failure('wasm-refused', { detail: messageOf(error) }, error);
  }
  return slot;
}

/**
 * Makes an instance; does nothing where there is one.
 *
 * @param {Bindings | LearnBindings} bindings
 * @param {WebAssembly.Module} wasm
 */
async function create(bindings, wasm) {
  try {
    await bindings.default({ module_or_path: wasm });
  } catch (error) {
    if (!(error instanceof RangeError) || !('shared_memory' in bindings)) throw error;
    const memory = new WebAssembly.Memory({ ...LITTLE, shared: true });
    await bindings.default({ module_or_path: wasm, memory });
  }
}

/**
 * Gives an instance up and its memory back.
 * @param {Instance | Workshop} instance
 */
export function discard(instance) {
  const slot = places.get(instance);
  if (!slot) return;
  places.delete(instance);
  helpers.get(instance)?.();
  try {
    slot.bindings.__wbg_reset_state(); // which puts an empty one in its place
    slot.state = 'fresh';
  } catch {
    // There is no room even for an empty one. The slot stays in use, and whoever wants an instance next gets another copy.
  }
}

/**
 * The bindings know one instance, so who wants one while that is in use gets another copy of the bindings: a module is known by
 * its whole URL, with its fragment. It is rare: only engines that share the page's own thread meet here.
 *
 * @template {Bindings | LearnBindings} B
 * @param {Bound<B>} bound
 * @returns {Promise<Slot<B>>}
 */
async function reserve(bound) {
  const { slots, source, load } = bound;
  const free = slots.find(({ state }) => state !== 'used');
  if (free) {
    free.state = 'used';
    return free;
  }
  bound.load = undefined; // where it fails, the browser remembers that, but not of another address
  try {
    const another = () => import(/* @vite-ignore */ /* webpackIgnore: true */ `${source}#${++copies}`);
    /** @type {Slot<B>} */
    const slot = { bindings: await (load ? load() : another()), state: 'used' };
    slots.push(slot);
    return slot;
  } catch (error) {
    throw new Failure('download', { file: 'glimpse.js', detail: messageOf(error) }, error);
  }
}

/**
 * @param {ModuleName} name
 * @param {(progress: Progress) => void} [report]
 * @param {Supplies} [supplies]
 */
function compile(name, report, supplies) {
  const known = compiled.get(name);
  if (known) return known;
  const module = supplies?.module(name, report) ?? fetchAndCompile(wasmFiles[name], report);
  compiled.set(name, module);
  module.catch(() => compiled.delete(name)); // so that another try fetches again
  return module;
}
