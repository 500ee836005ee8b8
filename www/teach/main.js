import { loadTeachWords } from '../i18n/teach/index.js';
import { Localizer } from '../i18n/localizer.js';
import { byId } from '../ui/dom.js';
import { LanguageSelect, wantedLanguages } from '../ui/language-select.js';
import { SiteNav } from '../ui/site-nav.js';
import { translateDocument } from '../ui/static-text.js';

/*
 * The script of teach.html: the words first, the rest meanwhile, as on the other page.
 */

const workshop = import('./teach-page.js');

Localizer.create(wantedLanguages(), loadTeachWords).then(async (localizer) => {
  localizer.follow(() => translateDocument(document, localizer.words, localizer.words.teach.page));
  byId('pages', HTMLElement).replaceWith(new SiteNav(localizer, 'teach').root);
  new LanguageSelect(localizer);
  const { TeachPage } = await workshop;
  await new TeachPage(localizer).begin();
  await localizer.loadClassNames();
});
