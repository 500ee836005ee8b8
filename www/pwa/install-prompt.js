/**
 * What browsers that let pages be installed say before they offer it by themselves.
 * @typedef {Event & { prompt(): Promise<unknown> }} InstallEvent
 */

/** The browser's offer to install the page. A `change` event tells that `offered` has become another. */
export class InstallPrompt extends EventTarget {
  /** @type {InstallEvent | null} */
  #event = null;

  constructor() {
    super();
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault(); // the page has a button for it
      this.#become(/** @type {InstallEvent} */ (event));
    });
    addEventListener('appinstalled', () => this.#become(null));
  }

  get offered() {
    return this.#event !== null;
  }

  /** Has the browser ask the person; it does so once for each offer. */
  async ask() {
    const event = this.#event;
    this.#become(null);
    await event?.prompt();
  }

  /** @param {InstallEvent | null} event */
  #become(event) {
    this.#event = event;
    this.dispatchEvent(new Event('change'));
  }
}
