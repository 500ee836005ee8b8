/** @import { Preference, Status, Thread } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { byId, setText } from '../ui/dom.js';

/** Which backend is asked for, which one runs, and why. */
export class BackendSelect {
  #localizer;
  #select = byId('backend', HTMLSelectElement);
  #note = byId('backend-note', HTMLElement);
  /** @type {{ status: Status, thread: Thread | null } | null} */
  #shown = null;

  /**
   * @param {Localizer} localizer
   * @param {(preference: Preference) => void} choose
   */
  constructor(localizer, choose) {
    this.#localizer = localizer;
    this.#select.addEventListener('change', () => choose(/** @type {Preference} */ (this.#select.value)));
    localizer.follow(() => this.#render());
  }

  /**
   * @param {Status} status
   * @param {Thread | null} thread
   */
  show(status, thread) {
    this.#shown = { status, thread };
    this.#select.value = status.preference;
    this.#select.disabled = false;
    this.#render();
  }

  #render() {
    if (this.#shown) setText(this.#note, this.#localizer.words.backendNote(this.#shown.status, this.#shown.thread));
  }
}
