/** @import { Words } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { make, makeButton, setText } from './dom.js';

/** @typedef {{ run: string, cancel: string, progress: (done: number, total: number) => string }} RunTexts */

/**
 * Starts work that takes a while, shows how far it is, and can end it. The same button does both, so that the focus has a
 * place to stay.
 *
 * @template {Words} [W=Words]
 */
export class RunButton {
  #localizer;
  #textsOf;
  #work;
  #button;
  #progress = make('progress', { hidden: '', max: '1' });
  #note = make('p', { class: 'small', role: 'status' });
  /** @type {AbortController | null} while it works */
  #turn = null;

  root;

  /**
   * @param {Localizer<W>} localizer
   * @param {string} id
   * @param {(words: W) => RunTexts} textsOf
   * @param {(signal: AbortSignal, report: (done: number, total: number, what?: string) => void) => Promise<void>} work
   */
  constructor(localizer, id, textsOf, work) {
    this.#localizer = localizer;
    this.#textsOf = textsOf;
    this.#work = work;
    this.#button = makeButton(id, 'button', () => (this.#turn ? this.stop() : void this.#start()));
    this.#progress.setAttribute('aria-labelledby', id);
    this.root = make('div', { class: 'run' }, this.#button, this.#progress, this.#note);
    localizer.follow(() => this.#render());
  }

  set disabled(/** @type {boolean} */ disabled) {
    this.#button.disabled = disabled;
  }

  /** Ends what is under way. */
  stop() {
    this.#turn?.abort();
    this.#turn = null;
    this.#say('');
    this.#render();
  }

  async #start() {
    const turn = new AbortController();
    this.#turn = turn;
    this.#say('');
    this.#progress.value = 0;
    this.#render();
    try {
      await this.#work(turn.signal, (done, total, what) => {
        if (turn.signal.aborted) return;
        this.#progress.value = done / total;
        this.#say(what ?? this.#textsOf(this.#localizer.words).progress(done, total));
      });
      if (!turn.signal.aborted) this.#say('');
    } catch (error) {
      if (turn.signal.aborted || isAbort(error)) return;
      const failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
      this.#say(this.#localizer.words.failure(failure, ''));
    } finally {
      if (this.#turn === turn) this.#turn = null;
      this.#render();
    }
  }

  /** @param {string} text */
  #say(text) {
    setText(this.#note, text);
  }

  #render() {
    const working = this.#turn !== null;
    const { run, cancel } = this.#textsOf(this.#localizer.words);
    setText(this.#button, working ? cancel : run);
    // Which of them is cancelled, for those who hear nothing of what is around the button.
    if (working) this.#button.setAttribute('aria-label', `${cancel}: ${run}`);
    else this.#button.removeAttribute('aria-label');
    this.#progress.hidden = !working;
  }
}
