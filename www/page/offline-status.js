/** @import { OfflineCopy } from '../pwa/offline-copy.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { byId, setText } from '../ui/dom.js';

/** Whether the page works without a network, and the offer of a newer version. */
export class OfflineStatus {
  #localizer;
  #offlineCopy;
  #update = byId('update', HTMLElement);
  #note = byId('offline', HTMLElement);

  /**
   * @param {Localizer} localizer
   * @param {OfflineCopy} offlineCopy
   */
  constructor(localizer, offlineCopy) {
    this.#localizer = localizer;
    this.#offlineCopy = offlineCopy;
    byId('renew', HTMLButtonElement).addEventListener('click', () => offlineCopy.renew());
    offlineCopy.addEventListener('change', () => this.#render());
    localizer.addEventListener('change', () => this.#render());
  }

  #render() {
    const { state, renewable } = this.#offlineCopy;
    setText(this.#note, this.#localizer.words.keeping(state));
    this.#note.dataset.state = state.code;
    this.#update.hidden = !renewable;
  }
}
