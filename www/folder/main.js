import { loadFolderWords } from '../i18n/folder/index.js';
import { Localizer } from '../i18n/localizer.js';
import { byId } from '../ui/dom.js';
import { LanguageSelect, wantedLanguages } from '../ui/language-select.js';
import { SiteNav } from '../ui/site-nav.js';
import { translateDocument } from '../ui/static-text.js';

/*
 * The script of folder.html: the words first, the rest meanwhile, as on the other pages.
 */

const page = import('./folder-page.js');

Localizer.create(wantedLanguages(), loadFolderWords).then(async (localizer) => {
  localizer.follow(() => translateDocument(document, localizer.words, localizer.words.folder.page));
  byId('pages', HTMLElement).replaceWith(new SiteNav(localizer, 'folder').root);
  new LanguageSelect(localizer);
  const { FolderPage } = await page;
  new FolderPage(localizer);
  await localizer.loadClassNames();
});
