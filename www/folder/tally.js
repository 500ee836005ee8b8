/** @import { Answer } from './batch.js' */

/** How sure the network is of an answer, and 'none' where it is sure that it is none of the classes. */
/** @typedef {'sure' | 'unsure' | 'none'} Certainty */

/** @type {(answer: Answer) => Certainty} */
export const certaintyOf = ({ sure, none }) => (!sure ? 'unsure' : none ? 'none' : 'sure');

/** The label of the class that an answer names. @param {Answer} answer */
export const classOf = ({ ranked: [best] }) => best?.label ?? '';

/** How many photos were answered with a class, and of how many of them the network was sure. */
/** @typedef {{ label: string, noneLabel: string | null, count: number, sure: number }} ClassCount */

/** How many photos there are of each class: counted as they come. */
export class Tally {
  /** @type {Map<string, ClassCount>} */
  #classes = new Map();

  count = 0;
  unsure = 0;

  /** @returns {ClassCount[]} in the order in which they have come */
  get classes() {
    return [...this.#classes.values()];
  }

  /** @param {Answer} answer */
  add(answer) {
    const label = classOf(answer);
    const known = this.#classes.get(label) ?? { label, noneLabel: answer.noneLabel, count: 0, sure: 0 };
    this.#classes.set(label, known);
    this.count += 1;
    known.count += 1;
    if (answer.sure) known.sure += 1;
    else this.unsure += 1;
  }

  clear() {
    this.#classes.clear();
    this.count = this.unsure = 0;
  }
}
