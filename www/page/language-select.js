import { languages } from '../i18n/index.js';
import { remember } from '../core/preferences.js';
import { get, make } from '../ui/dom.js';
import { fill, words } from './words.js';

/*
 * Says in index.html what is said there in the language in use, and offers the others. A script of its own, so that
 * nobody waits for the rest of the page to be able to read it.
 */

document.documentElement.lang = words.code;
fill(document);

const nav = get('languages', HTMLElement);
nav.append(
  make(
    'ul',
    {},
    ...languages.map((code) => {
      const here = new URL(location.href);
      here.searchParams.set('lang', code);
      const link = make('a', { href: here.href, lang: code, hreflang: code }, nameOf(code));
      if (code === words.code) link.setAttribute('aria-current', 'true');
      link.addEventListener('click', () => remember('lang', code));
      return make('li', {}, link);
    }),
  ),
);
nav.hidden = languages.length < 2;

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
