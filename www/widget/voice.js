/** @import { Words } from '../lang/index.js' */
import { languageFor, loadWords } from '../lang/index.js';
import { chineseNames } from '../names.js';

/** What one element says, and in which language. */
export class Voice {
  #names;

  /**
   * @param {Words} words
   * @param {ReadonlyMap<string, string>} names of classes in the element's language, by their English ones
   */
  constructor(words, names) {
    this.words = words;
    this.#names = names;
  }

  /**
   * What people read for a class name of the weights file.
   * @param {string} label
   * @param {string | null} [none] the label that means none of the others
   */
  nameOf(label, none) {
    const english = label === none ? this.words.none : label;
    const name = this.#names.get(english);
    return name ? `${name} ${english}` : english;
  }

  /**
   * The same as it stands in a sentence.
   * @param {string} label
   * @param {string | null} none
   */
  thing(label, none) {
    return label === none || this.#names.has(label) ? this.nameOf(label, none) : this.words.withArticle(label);
  }
}

/**
 * @param {Element} element
 * @returns {Promise<Voice>}
 */
export async function voiceOf(element) {
  const wanted = wantedBy(element);
  const chinese = /^zh\b/i.test(wanted[0] ?? '');
  const [words, names] = await Promise.all([loadWords(languageFor(wanted)), chinese ? chineseNames() : new Map()]);
  return new Voice(words, names);
}

/**
 * The languages that an element is to speak: its own, that of the text around it, or the browser's.
 * @param {Element} element
 * @returns {readonly string[]}
 */
function wantedBy(element) {
  /** @type {Element | null} */
  let at = element;
  while (at) {
    const lang = at.closest('[lang]')?.getAttribute('lang');
    if (lang) return [lang];
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return navigator.languages;
}
