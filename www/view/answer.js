/** @import { Outcome, Ranked } from '../types.js' */
import { words } from '../words.js';
import { get, make, say } from './dom.js';
import { drawPixels } from './draw.js';

const TOP = 5;

/** The verdict, the bars, the square that the network sees, and what it took. */
export class Answer {
  #panel = get('answer', HTMLElement);
  #how = get('how', HTMLElement);
  #verdict = get('verdict', HTMLElement);
  #confidence = get('confidence', HTMLElement);
  #announcement = get('announcement', HTMLElement);
  #ranked = get('ranked', HTMLOListElement);
  #more = get('more', HTMLButtonElement);
  #seen = get('seen', HTMLCanvasElement);
  #seenSize = get('seen-size', HTMLElement);
  #timing = get('timing', HTMLElement);
  /** @type {Ranked[]} */
  #classes = [];
  #all = false;

  constructor() {
    this.#more.addEventListener('click', () => {
      this.#all = !this.#all;
      this.#list();
    });
  }

  clear() {
    this.#panel.hidden = true;
    this.#how.hidden = false;
    this.#classes = [];
    this.#ranked.replaceChildren();
    this.#verdict.textContent = '';
    this.#confidence.textContent = '';
    this.#announcement.textContent = '';
    this.#timing.textContent = '';
    delete this.#timing.dataset.backend;
    this.#seen.width = this.#seen.height = 0;
  }

  /** @param {Outcome} outcome */
  show({ ranked, sure, seen, backend, milliseconds }) {
    const best = ranked[0];
    if (!best) return;
    this.#how.hidden = true;
    this.#panel.hidden = false;
    this.#panel.dataset.sure = String(sure);
    say(this.#verdict, words.verdict(best.label, sure));
    say(this.#confidence, words.confidence(best.probability, sure));
    say(this.#announcement, `${this.#verdict.textContent} ${this.#confidence.textContent}`);
    this.#classes = ranked;
    this.#list();
    drawPixels(this.#seen, seen);
    this.#seen.setAttribute('aria-label', words.seenAlt(seen.width));
    say(this.#seenSize, words.seenSize(seen.width));
    // For whoever measures: unrounded.
    this.#timing.dataset.preprocess = String(milliseconds.preprocess);
    this.#timing.dataset.network = String(milliseconds.network);
    this.#timing.dataset.backend = backend;
    say(this.#timing, words.timing(backend, milliseconds.preprocess, milliseconds.network));
  }

  #list() {
    const shown = this.#all ? this.#classes : this.#classes.slice(0, TOP);
    while (this.#ranked.children.length > shown.length) this.#ranked.lastElementChild?.remove();
    const fresh = this.#ranked.children.length === 0;
    shown.forEach((entry, place) => {
      const known = this.#ranked.children[place];
      const item = known instanceof HTMLLIElement ? known : this.#ranked.appendChild(row());
      const [label, bar, share] = /** @type {HTMLElement[]} */ ([...item.children]);
      item.dataset.label = entry.label;
      item.dataset.probability = String(entry.probability);
      if (label) say(label, entry.label);
      if (share) say(share, words.percent(entry.probability));
      if (fresh) void item.offsetWidth; // a style at zero first, so that the bar grows
      bar?.style.setProperty('--share', String(entry.probability));
    });
    this.#more.hidden = this.#classes.length <= TOP;
    this.#more.setAttribute('aria-expanded', String(this.#all));
    say(this.#more, this.#all ? words.showTop(TOP) : words.showAll(this.#classes.length));
  }
}

function row() {
  return make(
    'li',
    {},
    make('span', { class: 'label' }),
    make('span', { class: 'bar', 'aria-hidden': 'true' }),
    make('span', { class: 'share' }),
  );
}
