/** @import { Words } from '../index.js' */
import { beside } from '../beside.js';

/* What only the panel says that shows what a network does inside: fetched when it is opened. */

/** @typedef {typeof import('./en.js').default} InsideWords */

/** @typedef {Words & { inside: InsideWords }} WordsOfInside */

/** @type {(code: string) => Promise<WordsOfInside>} */
export const loadInsideWords = beside('inside', { en: () => import('./en.js'), zh: () => import('./zh.js') });
