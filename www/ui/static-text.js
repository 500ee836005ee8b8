/** @import { Words } from '../i18n/index.js' */

/** What an element of a page shows or is called, by the attribute that names the word for it. */
const ATTRIBUTES = { 'data-word': null, 'data-word-label': 'aria-label', 'data-word-content': 'content' };

/**
 * Puts the words into the elements of a page that name one.
 *
 * @param {Document} document
 * @param {Words} words
 * @param {Record<string, string>} [own] what this page alone says, before what the pages have in common
 */
export function translateDocument(document, words, own = {}) {
  document.documentElement.lang = words.code;
  /** @type {Record<string, string>} */
  const known = { ...words.page, ...own };
  for (const [name, target] of Object.entries(ATTRIBUTES)) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const word = known[element.getAttribute(name) ?? ''];
      if (word === undefined) continue;
      if (target) element.setAttribute(target, word);
      else element.textContent = word;
    }
  }
}
