/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { InsidePanel } from '../inside/inside-panel.js' */
/** @import { Host, Subject } from '../inside/types.js' */
import { Failure, messageOf } from '../core/errors.js';
import { byId, make } from '../ui/dom.js';

/** The panel that looks inside, closed at first: not even its code is fetched before somebody opens it. */
export class Inside {
  #localizer;
  #host;
  #root = byId('inside', HTMLDetailsElement);
  #place = byId('inside-place', HTMLElement);
  /** @type {Promise<InsidePanel> | null} */
  #loading = null;
  /** @type {InsidePanel | null} */
  #panel = null;
  /** @type {Subject | null} */
  #subject = null;

  /**
   * @param {Localizer} localizer
   * @param {Host} host
   */
  constructor(localizer, host) {
    this.#localizer = localizer;
    this.#host = host;
    this.#root.addEventListener('toggle', () => void this.#toggle());
  }

  /** @param {Subject | null} subject the photo that is shown, with its answer */
  show(subject) {
    this.#subject = subject;
    if (this.#root.open) void this.#panel?.show(subject);
  }

  async #toggle() {
    if (!this.#root.open) {
      void this.#panel?.show(null); // gives everything back
      return;
    }
    try {
      this.#loading ??= this.#load();
      this.#panel = await this.#loading;
    } catch (error) {
      this.#loading = null; // so that the next time tries again
      const failure = error instanceof Failure ? error : new Failure('download', { file: 'inside-panel.js', detail: messageOf(error) }, error);
      this.#place.replaceChildren(make('p', { role: 'alert' }, this.#localizer.words.failure(failure, '')));
      return;
    }
    if (this.#root.open) void this.#panel.show(this.#subject);
  }

  async #load() {
    const { InsidePanel } = await import('../inside/inside-panel.js');
    const panel = await InsidePanel.create(this.#localizer, this.#host);
    this.#place.replaceChildren(panel.root);
    return panel;
  }
}
