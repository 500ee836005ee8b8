/** @import { Words } from '../index.js' */
import { loadWords } from '../index.js';

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

const FALLBACK = 'en';

/** @type {Record<string, () => Promise<{ default: TeachWords }>>} by code */
const loaders = {
  en: () => import('./en.js'),
  zh: () => import('./zh.js'),
};

/**
 * As `loadWords`, with what this page says beyond.
 *
 * @param {string} code
 * @returns {Promise<WordsOfTeaching>}
 */
export async function loadTeachWords(code) {
  const load = loaders[code] ?? loaders[FALLBACK];
  if (!load) throw new Error(`there is no language ${code}`);
  try {
    const [words, teach] = await Promise.all([loadWords(code), load()]);
    // Half a page in one language and half in another helps nobody.
    if (code !== FALLBACK && words.code !== code) return await loadTeachWords(FALLBACK);
    return { ...words, teach: teach.default };
  } catch (error) {
    if (code === FALLBACK) throw error;
    return loadTeachWords(FALLBACK);
  }
}
