import { languageFor, loadWords } from '../i18n/index.js';
import { Names } from '../i18n/class-names.js';
import { recall } from '../core/preferences.js';

/*
 * The language in use: the one that the address asks for, else the one that was chosen before, else the first of the
 * browser's that there is. Only that one is fetched, before anything is said.
 */

const wanted = [new URLSearchParams(location.search).get('lang'), recall('lang'), ...navigator.languages];

export const words = await loadWords(languageFor(wanted.filter((tag) => tag !== null)));
export const names = new Names(words);

/** What an element of index.html shows or is called, by the attribute that names the word for it. */
const places = { 'data-word': null, 'data-word-label': 'aria-label', 'data-word-content': 'content' };

/**
 * Puts the words into the elements that name one.
 * @param {ParentNode} root
 */
export function fill(root) {
  /** @type {Record<string, string>} */
  const known = words.page;
  for (const [place, target] of Object.entries(places)) {
    for (const element of root.querySelectorAll(`[${place}]`)) {
      const word = known[element.getAttribute(place) ?? ''];
      if (word === undefined) continue;
      if (target) element.setAttribute(target, word);
      else element.textContent = word;
    }
  }
}
