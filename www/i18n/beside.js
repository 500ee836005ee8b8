import { loadWords } from './index.js';

const FALLBACK = 'en';

/**
 * How the words of a page that says more than others are loaded: as `loadWords`, with what this page says beyond.
 *
 * @param {string} key under which that stands beside the common words
 * @param {Record<string, () => Promise<{ default: object }>>} loaders by code
 * @returns {(code: string) => Promise<any>}
 */
export function beside(key, loaders) {
  return async function load(code) {
    const own = loaders[code] ?? loaders[FALLBACK];
    if (!own) throw new Error(`there is no language ${code}`);
    try {
      const [words, more] = await Promise.all([loadWords(code), own()]);
      // Half a page in one language and half in another helps nobody.
      if (code !== FALLBACK && words.code !== code) return await load(FALLBACK);
      return { ...words, [key]: more.default };
    } catch (error) {
      if (code === FALLBACK) throw error;
      return load(FALLBACK);
    }
  };
}
