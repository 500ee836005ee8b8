import { loadCardWords } from '../i18n/card/index.js';
import { Localizer } from '../i18n/localizer.js';
import { byId } from '../ui/dom.js';
import { LanguageSelect, wantedLanguages } from '../ui/language-select.js';
import { SiteNav } from '../ui/site-nav.js';
import { translateDocument } from '../ui/static-text.js';

/*
 * The script of card.html: the words first, the rest meanwhile, as on the other pages.
 */

const page = import('./card-page.js');

Localizer.create(wantedLanguages(), loadCardWords).then(async (localizer) => {
  localizer.follow(() => translateDocument(document, localizer.words, localizer.words.card.page));
  byId('pages', HTMLElement).replaceWith(new SiteNav(localizer, null).root);
  new LanguageSelect(localizer);
  const { CardPage } = await page;
  new CardPage(localizer);
  await localizer.loadClassNames();
});
