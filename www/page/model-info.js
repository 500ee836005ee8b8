/** @import { Info, ModelId } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { models } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { byId, make, setText } from '../ui/dom.js';

/** What the weights file says about the network. */
export class ModelInfo {
  #localizer;
  #section = byId('about', HTMLElement);
  #heading = byId('about-heading', HTMLElement);
  #knows = byId('knows', HTMLElement);
  #classes = byId('classes', HTMLElement);
  #beyond = byId('beyond', HTMLElement);
  #facts = byId('facts', HTMLElement);
  #card = byId('card-link', HTMLAnchorElement);
  /** @type {{ model: ModelId, info: Info, size: number | null } | null} */
  #shown = null;

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    localizer.follow(() => this.#render());
  }

  /**
   * @param {ModelId} model
   * @param {Info} info
   * @param {number | null} size bytes of its file
   */
  show(model, info, size) {
    this.#shown = { model, info, size };
    this.#section.hidden = false;
    this.#render();
  }

  #render() {
    if (!this.#shown) return;
    const { model, info, size } = this.#shown;
    const { words, classNames } = this.#localizer;
    const classes = info.classes.filter((label) => label !== info.none);
    setText(this.#heading, words.about(words.modelName(model)));
    setText(this.#knows, words.knows(classes.length));
    this.#classes.replaceChildren(...classes.map((label) => make('li', {}, classNames.nameOf(label))));
    setText(this.#beyond, words.beyond(info.none !== null, info.vocabulary?.classes.length ?? 0));
    const card = cardOf(model, words.code);
    this.#card.hidden = card === null;
    if (card) this.#card.href = card;
    setText(this.#card, words.page.modelCard);
    this.#facts.replaceChildren(...words.facts(info, size).map(([fact, value]) => make('div', {}, make('dt', {}, fact), make('dd', {}, value))));
  }
}

/**
 * Where the model card of a network is shown: of one that the site has, or that has an address.
 *
 * @param {ModelId} model
 * @param {string} language
 */
function cardOf(model, language) {
  const own = networkOfAddress();
  const asked = models.some(({ id }) => id === model) ? model : own?.id === model ? own.weights.href : null;
  if (asked === null) return null;
  const card = new URL('../../card.html', import.meta.url);
  card.searchParams.set('model', asked);
  // A language that the address asks for is asked for there, too.
  if (new URLSearchParams(location.search).has('lang')) card.searchParams.set('lang', language);
  return card.href;
}
