/** @import { Preference, Status, Thread } from '../core/types.js' */
import { words } from './words.js';
import { get, say } from '../ui/dom.js';

/** Which backend runs and why, and how far the download is. */
export class StatusView {
  #root = document.documentElement;
  #backend = get('backend', HTMLSelectElement);
  #note = get('backend-note', HTMLElement);
  #progress = get('progress', HTMLElement);
  #text = get('progress-text', HTMLElement);
  #bar = get('progress-bar', HTMLProgressElement);
  #busy = false;
  /** @type {Status | null} */
  #status = null;

  /** @param {(preference: Preference) => void} prefer */
  constructor(prefer) {
    this.#backend.addEventListener('change', () => prefer(/** @type {Preference} */ (this.#backend.value)));
  }

  /**
   * @param {Status} status
   * @param {Thread | null} thread
   */
  show(status, thread) {
    this.#status = status;
    this.#root.dataset.thread = thread ?? 'none';
    this.#backend.value = status.preference;
    this.#backend.disabled = false;
    say(this.#note, words.backendNote(status, thread));
    this.#progress.hidden = status.state !== 'loading';
    if (status.state === 'loading') {
      say(this.#text, words.loading(status.progress));
      if (status.progress?.total) this.#bar.value = status.progress.loaded / status.progress.total;
      else this.#bar.removeAttribute('value');
    }
    this.#hooks();
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.#busy = busy;
    this.#hooks();
  }

  /** What style sheets and tests go by. */
  #hooks() {
    const state = this.#status?.state ?? 'loading';
    this.#root.dataset.state = state === 'ready' && this.#busy ? 'busy' : state;
    if (this.#status?.backend) this.#root.dataset.backend = this.#status.backend;
    else delete this.#root.dataset.backend;
  }
}
