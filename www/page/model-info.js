/** @import { Info } from '../core/types.js' */
import { names, words } from './words.js';
import { get, make, say } from '../ui/dom.js';

/** What the weights file says about the network. */
export class About {
  #box = get('about', HTMLElement);
  #heading = get('about-heading', HTMLElement);
  #knows = get('knows', HTMLElement);
  #classes = get('classes', HTMLElement);
  #beyond = get('beyond', HTMLElement);
  #facts = get('facts', HTMLElement);

  /**
   * @param {string} name
   * @param {Info} info
   * @param {number | null} size bytes of its file
   */
  offer(name, info, size) {
    const classes = info.classes.filter((label) => label !== info.none);
    this.#box.hidden = false;
    say(this.#heading, words.about(name));
    say(this.#knows, words.knows(classes.length));
    this.#classes.replaceChildren(...classes.map((label) => make('li', {}, names.nameOf(label))));
    say(this.#beyond, words.beyond(info.none !== null, info.vocabulary?.classes.length ?? 0));
    this.#facts.replaceChildren(
      ...words.facts(info, size).map(([fact, value]) => make('div', {}, make('dt', {}, fact), make('dd', {}, value))),
    );
  }
}
