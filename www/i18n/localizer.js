/** @import { Words } from './index.js' */
import { ClassNames } from './class-names.js';
import { languageFor, loadWords } from './index.js';

/**
 * What is said, and in which language, for whoever shows it: the page has one localizer, and so has each element. A
 * `change` event says that the words or the class names have become others. A page that says more than others has a
 * loader of its own.
 *
 * @template {Words} [Own=Words]
 */
export class Localizer extends EventTarget {
  #words;
  #load;
  #classNames;
  /** Counts changes of the language: the newest wins. */
  #turn = 0;

  /**
   * Resolves when there are words; class names are English until `loadClassNames`, so that nobody waits for them to be able to read.
   *
   * @template {Words} [Own=Words]
   * @param {readonly string[]} languages as for `languageFor`
   * @param {(code: string) => Promise<Own>} [load]
   * @returns {Promise<Localizer<Own>>}
   */
  static async create(languages, load = /** @type {(code: string) => Promise<Own>} */ (loadWords)) {
    return new Localizer(await load(languageFor(languages)), load);
  }

  /**
   * @param {Own} words
   * @param {(code: string) => Promise<Own>} load
   */
  constructor(words, load) {
    super();
    this.#words = words;
    this.#load = load;
    this.#classNames = new ClassNames(words);
  }

  get words() {
    return this.#words;
  }

  get classNames() {
    return this.#classNames;
  }

  /** Fetches the class names of the language, where it has its own. */
  async loadClassNames() {
    const classNames = this.#classNames;
    const changed = await classNames.fetch();
    if (changed && classNames === this.#classNames) this.dispatchEvent(new Event('change'));
  }

  /**
   * Another language. Resolves when everything is in it.
   * @param {readonly string[]} languages as for `languageFor`
   */
  async setLanguages(languages) {
    const turn = ++this.#turn;
    const words = await this.#load(languageFor(languages));
    if (turn !== this.#turn || words === this.#words) return;
    this.#words = words;
    this.#classNames = new ClassNames(words);
    this.dispatchEvent(new Event('change'));
    await this.loadClassNames();
  }

  /**
   * Calls it now, and after every change: for what puts words on the screen.
   * @param {() => void} render
   */
  follow(render) {
    render();
    this.addEventListener('change', render);
  }
}

/**
 * The languages that an element is to speak: its own, that of the text around it, or the browser's.
 * @param {Element} element
 * @returns {readonly string[]}
 */
export function languagesOf(element) {
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
