/** @import { InstallPrompt } from '../pwa/install-prompt.js' */
/** @import { OfflineCopy } from '../pwa/offline-copy.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { byId, setText } from '../ui/dom.js';

/** Whether the page works without a network, what can be done about it, and the offer of a newer version. */
export class OfflineStatus {
  #localizer;
  #offlineCopy;
  #update = byId('update', HTMLElement);
  #note = byId('offline', HTMLElement);
  #keep = byId('keep', HTMLButtonElement);
  #remove = byId('remove', HTMLButtonElement);
  #focusLost = false;
  #install = byId('install', HTMLButtonElement);

  /**
   * @param {Localizer} localizer
   * @param {OfflineCopy} offlineCopy
   * @param {InstallPrompt} installPrompt
   */
  constructor(localizer, offlineCopy, installPrompt) {
    this.#localizer = localizer;
    this.#offlineCopy = offlineCopy;
    byId('renew', HTMLButtonElement).addEventListener('click', () => offlineCopy.renew());
    this.#keep.addEventListener('click', () => void offlineCopy.keep());
    this.#remove.addEventListener('click', () => void offlineCopy.remove());
    this.#install.addEventListener('click', () => void installPrompt.ask().catch(() => {})); // the browser's own refusal
    installPrompt.addEventListener('change', () => {
      this.#install.hidden = !installPrompt.offered;
    });
    offlineCopy.addEventListener('change', () => this.#render());
    localizer.addEventListener('change', () => this.#render());
  }

  #render() {
    const { state, renewable } = this.#offlineCopy;
    setText(this.#note, this.#localizer.words.keeping(state));
    this.#note.dataset.state = state.code;
    this.#update.hidden = !renewable;
    const buttons = [this.#keep, this.#remove];
    const focused = buttons.some((button) => button === document.activeElement);
    this.#remove.hidden = state.code !== 'stored';
    this.#keep.hidden = state.code !== 'saving' && state.code !== 'removed';
    // Whoever works with the keyboard goes on where the button was that has just disappeared, and hears what has happened;
    // between the two there may be none for a while.
    this.#focusLost ||= focused && buttons.every(({ hidden }) => hidden);
    if (focused || (this.#focusLost && document.activeElement === document.body)) buttons.find(({ hidden }) => !hidden)?.focus();
    if (buttons.some(({ hidden }) => !hidden)) this.#focusLost = false;
  }
}
