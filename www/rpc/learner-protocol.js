/** @import { Groups, Report, TaughtAnswer } from '../core/types.js' */

/**
 * What can be asked of a learner.
 *
 * @typedef {object} LearnerCalls
 * @property {(entries: readonly { id: number, embedding: Float32Array }[]) => void} set adds them, or puts them in the place of others
 * @property {(ids: readonly number[]) => void} remove
 * @property {(ids: Uint32Array, labels: Uint32Array, classes: string[], none: boolean) => Report} teach
 * @property {(embedding: Float32Array) => TaughtAnswer} answer
 * @property {(ids: Uint32Array) => Groups} group
 * @property {(groups: number) => Uint32Array} cut
 * @property {() => Float32Array} map
 * @property {(whole: boolean, date: string) => Uint8Array} export
 */

export {};
