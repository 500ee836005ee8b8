/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make } from './dom.js';

/**
 * A picture to try.
 *
 * @typedef {object} Sample
 * @property {string} id
 * @property {string} address
 * @property {Phrase} name
 */

/** Pictures to try, each a button. */
export class SampleList {
  #localizer;
  #open;
  /** @type {{ sample: Sample, picture: HTMLImageElement }[]} */
  #shown = [];

  root = make('ul', { class: 'samples', part: 'samples' });

  /**
   * @param {Localizer} localizer
   * @param {(sample: Sample) => void} open
   */
  constructor(localizer, open) {
    this.#localizer = localizer;
    this.#open = open;
    localizer.addEventListener('change', () => this.#render());
  }

  /** @param {readonly Sample[]} samples */
  show(samples) {
    if (samples.map(({ address }) => address).join(' ') === this.#shown.map(({ sample }) => sample.address).join(' ')) return;
    this.#shown = samples.map((sample) => {
      // Whoever may not read a picture can't classify it either: `crossorigin` shows that at once.
      const attributes = { src: sample.address, crossorigin: 'anonymous', width: '96', height: '96', draggable: 'false', decoding: 'async' };
      return { sample, picture: make('img', attributes) };
    });
    this.#render();
    this.root.replaceChildren(
      ...this.#shown.map(({ sample, picture }) => {
        const button = make('button', { type: 'button', part: 'sample', 'data-sample': sample.id }, picture);
        button.addEventListener('click', () => this.#open(sample));
        const item = make('li', {}, button);
        // What can't be shown can't be classified.
        picture.addEventListener('error', () => (item.hidden = true));
        picture.addEventListener('load', () => (item.hidden = false));
        return item;
      }),
    );
  }

  #render() {
    for (const { sample, picture } of this.#shown) picture.alt = sample.name(this.#localizer.words);
  }
}
