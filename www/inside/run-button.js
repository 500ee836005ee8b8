/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { make, makeButton, setText } from '../ui/dom.js';

/**
 * Starts work that takes a while, shows how far it is, and can end it. The same button does both, so that the focus has a
 * place to stay.
 */
export class RunButton {
  #localizer;
  #textOf;
  #work;
  #button;
  #progress = make('progress', { hidden: '', max: '1' });
  #note = make('p', { class: 'small', role: 'status' });
  /** @type {AbortController | null} while it works */
  #turn = null;

  root;

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {string} id
   * @param {(words: WordsOfInside) => string} textOf
   * @param {(signal: AbortSignal, report: (done: number, total: number, what?: string) => void) => Promise<void>} work
   */
  constructor(localizer, id, textOf, work) {
    this.#localizer = localizer;
    this.#textOf = textOf;
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
        this.#say(what ?? this.#localizer.words.inside.progress(done, total));
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
    const { words } = this.#localizer;
    const text = this.#textOf(words);
    setText(this.#button, working ? words.inside.cancel : text);
    // Which of them is cancelled, for those who hear nothing of what is around the button.
    if (working) this.#button.setAttribute('aria-label', `${words.inside.cancel}: ${text}`);
    else this.#button.removeAttribute('aria-label');
    this.#progress.hidden = !working;
  }
}
