/** @import { Words } from './index.js' */
import { languageFor, loadWords } from './index.js';
import { Names } from './class-names.js';

/** What one element says, and in which language: its words, and the names of classes. */
export class Voice extends Names {
  /** @param {Words} words */
  constructor(words) {
    super(words);
    this.words = words;
  }
}

/**
 * @param {Element} element
 * @returns {Promise<Voice>}
 */
export async function voiceOf(element) {
  const voice = new Voice(await loadWords(languageFor(wantedBy(element))));
  await voice.fetch();
  return voice;
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
