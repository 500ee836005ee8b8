/*
 * The languages that there are, and which of them somebody gets. To add one, add its line: the paths are literal, so that
 * bundlers follow them, and each file is fetched only where it is wanted.
 */

/** @typedef {typeof import('./en.js').default} Words */

/**
 * Something that is said in whichever language is in use, so that it can be said again in another.
 * @typedef {(words: Words) => string} Phrase
 */

const FALLBACK = 'en';

/** @type {Record<string, () => Promise<{ default: Words }>>} by code */
const loaders = {
  en: () => import('./en.js'),
  zh: () => import('./zh.js'),
};

/** The codes of the languages that there are. */
export const languages = Object.keys(loaders);

/**
 * The first that there is: of `de-AT`, either that itself or `de`.
 *
 * @param {readonly string[]} wanted language tags, the dearest first
 * @returns {string} a code for `loadWords`
 */
export function languageFor(wanted) {
  for (const tag of wanted) {
    const parts = tag.toLowerCase().split(/[-_]/);
    for (let length = parts.length; length > 0; length -= 1) {
      const code = parts.slice(0, length).join('-');
      const known = languages.find((language) => language.toLowerCase() === code);
      if (known) return known;
    }
  }
  return FALLBACK;
}

/**
 * Everything that is said in a language. Where it can't be had, that is English.
 *
 * @param {string} code
 * @returns {Promise<Words>}
 */
export async function loadWords(code) {
  const load = loaders[code] ?? loaders[FALLBACK];
  if (!load) throw new Error(`there is no language ${code}`);
  try {
    return (await load()).default;
  } catch (error) {
    if (code === FALLBACK) throw error;
    return loadWords(FALLBACK);
  }
}
