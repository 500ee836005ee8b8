/** @import { ModelId, Outcome, Ranked } from '../core/types.js' */

/** After so many milliseconds, what was there before has 37% (1/e) of its weight left. */
export const TIME_CONSTANT = 400;

const NAMES = 10;

/** A name that has faded below this is forgotten, so that an hour of pictures doesn't collect a thousand names. */
const FORGOTTEN = 1e-4;

/**
 * The exponential average of a stream's probabilities. A frame weighs as much as the time that it stands for, so the
 * average is the same at 5 frames per second and at 50. It is a weighted mean of distributions: it sums to one, too.
 */
export class Smoothing {
  #timeConstant;
  /** @type {ModelId | null} */
  #model = null;
  #time = 0;
  /** @type {Map<string, Ranked>} */
  #classes = new Map();
  /** @type {Map<string, Ranked>} */
  #names = new Map();
  /** @type {Map<string, string>} the names that frames were sure of, and the class that each is a kind of */
  #kinds = new Map();

  /** @param {number} [timeConstant] milliseconds */
  constructor(timeConstant = TIME_CONSTANT) {
    this.#timeConstant = timeConstant;
  }

  /**
   * Takes a frame's outcome in and gives the average up to it. What is no average (the square that the network saw,
   * times, backend) stays the frame's own. Another network has other classes, so the average begins anew with it.
   *
   * @param {Outcome} outcome
   * @param {number} time when the frame was taken, in milliseconds
   * @returns {Outcome}
   */
  add(outcome, time) {
    const { model, info, vocabulary } = outcome;
    const first = model !== this.#model;
    if (first) {
      this.#model = model;
      this.#classes.clear();
      this.#names.clear();
      this.#kinds.clear();
    }
    const weight = first ? 1 : 1 - Math.exp(-Math.max(0, time - this.#time) / this.#timeConstant);
    this.#time = time;

    updateMean(this.#classes, outcome.ranked, weight);
    const ranked = sorted(this.#classes);
    const [best] = ranked;
    const sure = !!best && best.probability >= info.not_sure_below;
    const names = vocabulary && this.#updateNames(vocabulary, weight);
    const [kind] = outcome.ranked;
    if (outcome.specific && kind) this.#kinds.set(outcome.specific.label, kind.label);
    return {
      ...outcome,
      ranked,
      sure,
      none: !!best && best.label === info.none,
      vocabulary: names,
      specific: sure ? this.#specific(best, names?.[0], info.vocabulary?.not_sure_below) : null,
    };
  }

  /**
   * The likeliest name where the average is sure of it, too. A single frame that is sure changes nothing, so that what
   * people read doesn't flicker.
   *
   * @param {Ranked} best the likeliest class
   * @param {Ranked} [name]
   * @param {number} [threshold]
   */
  #specific(best, name, threshold = 1) {
    return name && name.probability >= threshold && this.#kinds.get(name.label) === best.label ? name : null;
  }

  /**
   * A frame tells the ten likeliest of its thousand names, so a name that isn't among them counts as zero in it. It is
   * less than the tenth, and a little too low is better than a guess.
   *
   * @param {readonly Ranked[]} vocabulary
   * @param {number} weight
   */
  #updateNames(vocabulary, weight) {
    updateMean(this.#names, vocabulary, weight);
    for (const [label, { probability }] of this.#names) if (probability < FORGOTTEN) this.#names.delete(label);
    return sorted(this.#names).slice(0, NAMES);
  }
}

/**
 * @param {Map<string, Ranked>} mean
 * @param {readonly Ranked[]} entries
 * @param {number} weight
 */
function updateMean(mean, entries, weight) {
  for (const [label, entry] of mean) mean.set(label, { ...entry, probability: entry.probability * (1 - weight) });
  for (const entry of entries) {
    const before = mean.get(entry.label)?.probability ?? 0;
    mean.set(entry.label, { ...entry, probability: before + weight * entry.probability });
  }
}

/** @param {Map<string, Ranked>} mean */
function sorted(mean) {
  return [...mean.values()].sort((a, b) => b.probability - a.probability);
}
