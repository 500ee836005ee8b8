/** @import { Words } from '../index.js' */
import { beside } from '../beside.js';

/* What only the page says that classifies whole folders. */

/** @typedef {typeof import('./en.js').default} FolderWords */

/** @typedef {Words & { folder: FolderWords }} WordsOfFolder */

/** @type {(code: string) => Promise<WordsOfFolder>} */
export const loadFolderWords = beside('folder', { en: () => import('./en.js'), zh: () => import('./zh.js') });
