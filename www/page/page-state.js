/** @import { LiveState, Status, Thread } from '../core/types.js' */

/** The page's state as attributes of its root element, for style sheets and tests. */
export class PageState {
  #facts = document.documentElement.dataset;
  #busy = false;
  /** @type {Status | null} */
  #status = null;

  /**
   * @param {Status} status
   * @param {Thread | null} thread
   */
  show(status, thread) {
    this.#status = status;
    this.#facts.thread = thread ?? 'none';
    this.#set('model', status.model);
    this.#render();
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.#busy = busy;
    this.#render();
  }

  /** Whether a photo is being looked at; one that waits for the engine isn't. */
  get busy() {
    return this.#facts.state === 'busy';
  }

  /** @param {LiveState} state */
  setLive(state) {
    this.#set('live', state === 'off' ? null : state);
  }

  #render() {
    const state = this.#status?.state ?? 'loading';
    this.#set('state', state === 'ready' && this.#busy ? 'busy' : state);
    this.#set('backend', this.#status?.backend ?? null);
  }

  /**
   * @param {string} name
   * @param {string | null} value
   */
  #set(name, value) {
    if (value === null) delete this.#facts[name];
    else this.#facts[name] = value;
  }
}
