import { Localizer } from '../i18n/localizer.js';
import { LanguageSelect, wantedLanguages } from '../ui/language-select.js';
import { byId } from '../ui/dom.js';
import { SiteNav } from '../ui/site-nav.js';
import { translateDocument } from '../ui/static-text.js';

/*
 * The script of index.html. The words come first, so that nobody waits for the rest of the page to be able to read it;
 * the rest is fetched meanwhile, the engine and its network before the page.
 */

const started = import('./start-engine.js').then(({ startEngine }) => startEngine());
const application = import('./application.js');

Localizer.create(wantedLanguages()).then(async (localizer) => {
  localizer.follow(() => translateDocument(document, localizer.words));
  byId('pages', HTMLElement).replaceWith(new SiteNav(localizer, 'ask').root);
  new LanguageSelect(localizer);
  const { Application } = await application;
  new Application(localizer, await started);
  await localizer.loadClassNames();
});
