/** @import { Keeper } from '../pwa/registration.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { byId, setText } from '../ui/dom.js';

/** Whether the page works without a network, and the offer of a newer version. */
export class OfflineStatus {
  #localizer;
  #keeper;
  #update = byId('update', HTMLElement);
  #note = byId('offline', HTMLElement);

  /**
   * @param {Localizer} localizer
   * @param {Keeper} keeper
   */
  constructor(localizer, keeper) {
    this.#localizer = localizer;
    this.#keeper = keeper;
    byId('renew', HTMLButtonElement).addEventListener('click', () => keeper.renew());
    keeper.addEventListener('change', () => this.#render());
    localizer.addEventListener('change', () => this.#render());
  }

  #render() {
    const { state, renewable } = this.#keeper;
    setText(this.#note, this.#localizer.words.keeping(state));
    this.#note.dataset.state = state.code;
    this.#update.hidden = !renewable;
  }
}
