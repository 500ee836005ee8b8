/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Host, Opened, Subject, View } from './types.js' */
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { loadInsideWords } from '../i18n/inside/index.js';
import { Localizer as OwnLocalizer } from '../i18n/localizer.js';
import { make, setText } from '../ui/dom.js';
import { drawPicture } from '../ui/draw.js';
import { CompareView } from './compare-view.js';
import { LabView } from './lab-view.js';
import { LayersView } from './layers-view.js';
import { Tabs } from './tabs.js';

/**
 * Looks inside: what preprocessing does, how networks differ, and what each layer makes of a photo. It is fetched when it is opened for the first time, and
 * holds nothing while it is closed: neither pictures nor workers.
 */
export class InsidePanel {
  #localizer;
  #engine;
  #tabs;
  /** @type {Map<string, View>} by the keys of the tabs */
  #views;
  /** @type {Map<string, Opened | null>} the photo that each of them shows */
  #seen = new Map();
  #note = make('p', { class: 'small', role: 'status' });
  /** @type {Opened | null} */
  #opened = null;
  /** Why the photo can't be shown here. @type {{ failure: Failure, name: Subject['name'] } | null} */
  #trouble = null;
  #turn = new AbortController();

  root;

  /**
   * Resolves when it can be seen: with its words and its style.
   *
   * @param {Localizer} localizer the page's
   * @param {Host} host
   */
  static async create(localizer, host) {
    const own = await OwnLocalizer.create([localizer.words.code], loadInsideWords);
    await Promise.all([own.loadClassNames(), style()]);
    localizer.addEventListener('change', () => void own.setLanguages([localizer.words.code]));
    return new InsidePanel(own, host);
  }

  /**
   * @param {OwnLocalizer<import('../i18n/inside/index.js').WordsOfInside>} localizer
   * @param {Host} host
   */
  constructor(localizer, host) {
    this.#localizer = localizer;
    this.#engine = host.engine;
    this.#views = new Map(
      /** @type {[string, View][]} */ ([
        ['preprocessing', new LabView(localizer, host)],
        ['compare', new CompareView(localizer, host)],
        ['layers', new LayersView(localizer, host)],
      ]),
    );
    const panels = [...this.#views].map(([key, { root }]) => ({ key, panel: root }));
    this.#tabs = new Tabs(panels, () => this.#showViews());
    this.root = make('div', { class: 'inside-panel' }, this.#note, this.#tabs.root);
    localizer.follow(() => {
      const { inside, page } = localizer.words;
      this.#tabs.name(page.inside, (key) => inside.views[/** @type {keyof typeof inside.views} */ (key)]);
      this.#renderNote();
    });
  }

  /** @param {Subject | null} subject null where there is no photo, or the panel is closed */
  async show(subject) {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    this.#opened = null;
    this.#trouble = null;
    this.#showViews();
    this.#renderNote();
    if (!subject) return;
    try {
      const { photo, preview } = await this.#engine.open(await subject.get(signal), signal);
      const picture = make('canvas');
      drawPicture(picture, preview);
      preview.close();
      if (signal.aborted) return;
      this.#opened = { ...subject, photo, picture };
      this.#showViews();
      this.#renderNote();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#trouble = { failure: error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error), name: subject.name };
      this.#renderNote();
    }
  }

  /** Only what is seen works; what another view has found out of the same photo stays there. */
  #showViews() {
    for (const [key, view] of this.#views) {
      if (this.#seen.get(key) === this.#opened) {
        if (key !== this.#tabs.current) view.stop();
      } else if (key === this.#tabs.current || !this.#opened) {
        this.#seen.set(key, this.#opened);
        view.show(this.#opened);
      }
    }
    this.#tabs.root.hidden = !this.#opened;
  }

  #renderNote() {
    const { words } = this.#localizer;
    const said = this.#trouble ? words.failure(this.#trouble.failure, this.#trouble.name(words)) : words.inside.noPhoto;
    setText(this.#note, this.#opened ? '' : said);
  }
}

/** The style sheet, which only this needs. */
function style() {
  const href = new URL('./inside.css', import.meta.url).href;
  const link = make('link', { rel: 'stylesheet', href });
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', () => {
      link.remove(); // so that another try fetches it again
      reject(new Failure('download', { file: 'inside.css' }));
    });
  });
  document.head.append(link);
  return loaded;
}
