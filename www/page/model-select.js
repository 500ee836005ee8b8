/** @import { ModelId, Status } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { byId, make, setText } from '../ui/dom.js';

/** Which network is asked for, which one answers and why, and another try where it can't be had. */
export class ModelSelect {
  #localizer;
  #select = byId('model', HTMLSelectElement);
  #note = byId('model-note', HTMLElement);
  #retry = byId('model-retry', HTMLButtonElement);
  #usual;
  /** @type {HTMLOptionElement[]} */
  #options = [];
  /** @type {Status | null} */
  #status = null;

  /**
   * @param {Localizer} localizer
   * @param {readonly ModelId[]} models
   * @param {ModelId} usual the one that is taken where nobody has chosen
   * @param {(model: ModelId) => void} choose also called with the same once more, to try again
   */
  constructor(localizer, models, usual, choose) {
    this.#localizer = localizer;
    this.#usual = usual;
    for (const id of models) this.add(id);
    const chosen = () => choose(/** @type {ModelId} */ (this.#select.value));
    this.#select.addEventListener('change', chosen);
    this.#retry.addEventListener('click', () => {
      this.#select.focus(); // the button is about to disappear
      chosen();
    });
    localizer.follow(() => this.#render());
  }

  /**
   * One more to choose from.
   * @param {ModelId} model
   */
  add(model) {
    const option = make('option', { value: model });
    this.#options.push(option);
    this.#select.append(option);
    this.#render();
  }

  focus() {
    this.#select.focus();
  }

  /** @param {Status} status */
  show(status) {
    this.#status = status;
    this.#select.value = status.choice;
    this.#select.disabled = false;
    this.#retry.hidden = status.modelReason.code !== 'failed';
    this.#render();
  }

  #render() {
    const { words } = this.#localizer;
    for (const option of this.#options) {
      const name = words.modelName(option.value);
      setText(option, option.value === this.#usual ? words.usual(name) : name);
    }
    if (this.#status) setText(this.#note, words.modelNote(this.#status));
  }
}
