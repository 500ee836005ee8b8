/** @import { Enhance, Info, Wishes } from '../core/types.js' */
import { optionsFor } from '../core/options.js';

/*
 * The ways to prepare a photo that are compared with each other.
 */

/** In the order in which the steps are taken. */
export const STEPS = /** @type {const} */ (['denoise', 'colour_balance', 'contrast']);

/**
 * @typedef {object} Variant
 * @property {string} key says which: `all`, `none`, `only-…`, `without-…`, `crop`, `stretch`
 * @property {Wishes} wishes
 * @property {boolean} usual whether that is how the network was trained
 */

/**
 * Each way once: all steps off, each alone, each left out, all on, and the other framing.
 *
 * @param {Info} info
 * @param {Wishes['framing']} framing of those that differ in their steps
 * @returns {Variant[]}
 */
export function variantsOf(info, framing) {
  const steps = (/** @type {(step: keyof Enhance) => boolean} */ on) => Object.fromEntries(STEPS.map((step) => [step, on(step)]));
  const own = { ...info.preprocessing.enhance };
  /** @type {[string, Wishes][]} */
  const all = [
    ['none', { framing, enhance: steps(() => false) }],
    ...STEPS.map((one) => /** @type {[string, Wishes]} */ ([`only-${one}`, { framing, enhance: steps((step) => step === one) }])),
    ...STEPS.map((one) => /** @type {[string, Wishes]} */ ([`without-${one}`, { framing, enhance: steps((step) => step !== one) }])),
    ['all', { framing, enhance: steps(() => true) }],
    ['crop', { framing: 'crop', enhance: own }],
    ['stretch', { framing: 'stretch', enhance: own }],
  ];
  const usual = JSON.stringify(optionsFor(info, { framing: null, enhance: {} }));
  const known = new Set();
  return all.flatMap(([key, wishes]) => {
    const options = JSON.stringify(optionsFor(info, wishes));
    if (known.has(options)) return [];
    known.add(options);
    return [{ key, wishes, usual: options === usual }];
  });
}
