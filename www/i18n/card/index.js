/** @import { Words } from '../index.js' */
import { beside } from '../beside.js';

/* What only the page says that shows model cards. */

/** @typedef {typeof import('./en.js').default} CardWords */

/** @typedef {Words & { card: CardWords }} WordsOfCard */

/** @type {(code: string) => Promise<WordsOfCard>} */
export const loadCardWords = beside('card', { en: () => import('./en.js'), zh: () => import('./zh.js') });
