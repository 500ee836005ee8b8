import { loadBenchWords } from '../i18n/bench/index.js';
import { Localizer } from '../i18n/localizer.js';
import { byId } from '../ui/dom.js';
import { LanguageSelect, wantedLanguages } from '../ui/language-select.js';
import { SiteNav } from '../ui/site-nav.js';
import { translateDocument } from '../ui/static-text.js';

/*
 * The script of bench.html: the words first, the rest meanwhile, as on the other pages.
 */

const page = import('./bench-page.js');

Localizer.create(wantedLanguages(), loadBenchWords).then(async (localizer) => {
  localizer.follow(() => translateDocument(document, localizer.words, localizer.words.bench.page));
  byId('pages', HTMLElement).replaceWith(new SiteNav(localizer, null).root);
  new LanguageSelect(localizer);
  const { BenchPage } = await page;
  new BenchPage(localizer);
});
