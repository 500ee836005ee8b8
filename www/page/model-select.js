/** @import { ModelId, Status } from '../core/types.js' */
import { words } from './words.js';
import { get, make, say } from '../ui/dom.js';

/** Which network is asked for, which one answers and why, and another try where it can't be had. */
export class Picker {
  #root = document.documentElement;
  #model = get('model', HTMLSelectElement);
  #note = get('model-note', HTMLElement);
  #retry = get('model-retry', HTMLButtonElement);

  /**
   * @param {readonly ModelId[]} models
   * @param {ModelId} usual the one that is taken where nobody has chosen
   * @param {(model: ModelId) => void} choose also called with the same once more, to try again
   */
  constructor(models, usual, choose) {
    this.#model.replaceChildren(
      ...models.map((id) => make('option', { value: id }, id === usual ? words.usual(words.modelName(id)) : words.modelName(id))),
    );
    const chosen = () => choose(/** @type {ModelId} */ (this.#model.value));
    this.#model.addEventListener('change', chosen);
    this.#retry.addEventListener('click', () => {
      this.#model.focus(); // the button is about to disappear
      chosen();
    });
  }

  /** @param {Status} status */
  show(status) {
    this.#model.value = status.choice;
    this.#model.disabled = false;
    say(this.#note, words.modelNote(status));
    this.#retry.hidden = status.modelReason.code !== 'failed';
    if (status.model) this.#root.dataset.model = status.model;
    else delete this.#root.dataset.model;
  }
}
