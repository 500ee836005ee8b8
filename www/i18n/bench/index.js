/** @import { Words } from '../index.js' */
import { beside } from '../beside.js';

/* What only the page says that times the networks. */

/** @typedef {typeof import('./en.js').default} BenchWords */

/** @typedef {Words & { bench: BenchWords }} WordsOfBench */

/** @type {(code: string) => Promise<WordsOfBench>} */
export const loadBenchWords = beside('bench', { en: () => import('./en.js'), zh: () => import('./zh.js') });
