import en from './lang/en.js';

/*
 * The language in use. Another one is another file in `lang/` with the same keys.
 */
export const words = en;

/**
 * Puts the words into the elements that name one.
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const element of root.querySelectorAll('[data-word]')) {
    const word = /** @type {HTMLElement} */ (element).dataset.word ?? '';
    if (word in words.page) element.textContent = words.page[/** @type {keyof typeof words.page} */ (word)];
  }
}
