/** @import { Keeper } from '../pwa/registration.js' */
import { words } from './words.js';
import { get, say } from '../ui/dom.js';

/** Whether the page works without a network, and the offer of a newer version. */
export class Keeping {
  #bar = get('update', HTMLElement);
  #note = get('offline', HTMLElement);

  /** @param {Keeper} keeper */
  constructor(keeper) {
    get('renew', HTMLButtonElement).addEventListener('click', () => keeper.renew());
    keeper.addEventListener('change', () => this.#show(keeper));
  }

  /** @param {Keeper} keeper */
  #show({ state, renewable }) {
    say(this.#note, words.keeping(state));
    this.#note.dataset.state = state.code;
    this.#bar.hidden = !renewable;
  }
}
