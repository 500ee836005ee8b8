/** @import { Localizer } from '../i18n/localizer.js' */
import { recall, remember } from '../core/preferences.js';
import { languages } from '../i18n/index.js';
import { byId, make } from './dom.js';

/**
 * The languages that the page is wanted in: what its address asks for, what was chosen before, what the browser prefers.
 * @returns {readonly string[]}
 */
export function wantedLanguages() {
  const asked = [new URLSearchParams(location.search).get('lang'), recall('lang')];
  return [...asked.filter((tag) => tag !== null), ...navigator.languages];
}

/** Offers the languages that there are, and changes to the one that is chosen. */
export class LanguageSelect {
  #localizer;
  #links = languages.map((code) => ({ code, link: make('a', { lang: code, hreflang: code }, nameOf(code)) }));

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    const nav = byId('languages', HTMLElement);
    nav.append(make('ul', {}, ...this.#links.map(({ link }) => make('li', {}, link))));
    nav.hidden = languages.length < 2;
    for (const { code, link } of this.#links) {
      link.addEventListener('click', (event) => {
        remember('lang', code);
        // Links are links: who wants another tab gets one.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        history.replaceState(history.state, '', link.href);
        // Where the language can't be fetched, the browser says better than the page what is wrong.
        localizer.setLanguages([code]).catch(() => location.reload());
      });
    }
    localizer.follow(() => this.#render());
  }

  #render() {
    for (const { code, link } of this.#links) {
      const address = new URL(location.href);
      address.searchParams.set('lang', code);
      link.href = address.href;
      if (code === this.#localizer.words.code) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }
}

/**
 * What its speakers call it.
 * @param {string} code
 */
function nameOf(code) {
  try {
    return new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // a browser that has no such name
  }
}
