/** @import { Words } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make, setText } from './dom.js';

/** @typedef {keyof Words['nav']['pages']} PageId */

/**
 * The pages of the site, in the order of the navigation: where each lies, relative to the site's root, and the word for
 * it (`nav` of the language files). Another page is another line here.
 *
 * @type {readonly { id: PageId, address: string }[]}
 */
const PAGES = [
  { id: 'ask', address: './' },
  { id: 'teach', address: 'teach.html' },
  { id: 'folder', address: 'folder.html' },
];

/** The way from each page of the site to the others, in the header of all of them. */
export class SiteNav {
  #localizer;
  #current;
  #links = PAGES.map(({ id, address }) => ({ id, link: make('a', { id: `nav-${id}` }), url: new URL(`../../${address}`, import.meta.url) }));
  #list = make('ul', {}, ...this.#links.map(({ link }) => make('li', {}, link)));

  root = make('nav', { class: 'pages' }, this.#list);

  /**
   * @param {Localizer} localizer
   * @param {PageId | null} current the page that it stands in; null where that isn't in it
   */
  constructor(localizer, current) {
    this.#localizer = localizer;
    this.#current = current;
    localizer.follow(() => this.#render());
  }

  #render() {
    const { words } = this.#localizer;
    this.root.setAttribute('aria-label', words.nav.label);
    for (const { id, link, url } of this.#links) {
      // A language that the address asks for is asked for on the other page, too.
      if (new URLSearchParams(location.search).has('lang')) url.searchParams.set('lang', words.code);
      link.href = url.href;
      setText(link, words.nav.pages[id]);
      if (id === this.#current) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
}
