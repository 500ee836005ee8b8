/** @import { Words } from '../index.js' */
import { beside } from '../beside.js';

/*
 * What only the page says where classes are taught: a file for each language beside the common one, so that nobody else
 * fetches it.
 */

/** @typedef {typeof import('./en.js').default} TeachWords */

/** @typedef {Words & { teach: TeachWords }} WordsOfTeaching */

/**
 * Something that this page says in whichever language is in use.
 * @typedef {(words: WordsOfTeaching) => string} TeachPhrase
 */

/** @type {(code: string) => Promise<WordsOfTeaching>} */
export const loadTeachWords = beside('teach', { en: () => import('./en.js'), zh: () => import('./zh.js') });
