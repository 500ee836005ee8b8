/** @import { Outcome } from '../core/types.js' */
import { Steady } from '../camera/stable-value.js';
import { headlineOf, inWords } from '../core/headline.js';
import { names, words } from '../page/words.js';
import { Announcer } from './announcer.js';
import { Bars } from './bar-list.js';
import { get, say } from './dom.js';
import { drawPixels } from './draw.js';

const TOP = 5;

/** The verdict, the bars, the square that the network sees, which network it was and what it took. */
export class Answer {
  #panel = get('answer', HTMLElement);
  #how = get('how', HTMLElement);
  #verdict = get('verdict', HTMLElement);
  #confidence = get('confidence', HTMLElement);
  #remark = get('remark', HTMLElement);
  #announcer = new Announcer(get('announcement', HTMLElement));
  #ranked = new Bars(get('ranked', HTMLOListElement), words.percent);
  #more = get('more', HTMLButtonElement);
  #wider = get('wider', HTMLElement);
  #widerHeading = get('wider-heading', HTMLElement);
  #vocabulary = new Bars(get('vocabulary', HTMLOListElement), words.percent);
  #seen = get('seen', HTMLCanvasElement);
  #seenSize = get('seen-size', HTMLElement);
  #timing = get('timing', HTMLElement);
  /** @type {Outcome | null} */
  #outcome = null;
  #all = false;
  #steady = new Steady();

  constructor() {
    this.#more.addEventListener('click', () => {
      this.#all = !this.#all;
      if (this.#outcome) this.#list(this.#outcome);
    });
  }

  clear() {
    this.#outcome = null;
    this.#steady = new Steady();
    this.#panel.hidden = true;
    this.#how.hidden = false;
    this.#ranked.show([], String);
    this.#vocabulary.show([], String);
    for (const text of [this.#verdict, this.#confidence, this.#remark, this.#timing]) text.textContent = '';
    this.#announcer.clear();
    for (const fact of Object.keys(this.#timing.dataset)) delete this.#timing.dataset[fact];
    this.#seen.width = this.#seen.height = 0;
  }

  /**
   * @param {Outcome} outcome
   * @param {string} remark why another network than the one asked for has answered, where one has
   * @param {boolean} [live] whether it is one of many: then only an answer that lasts is announced
   */
  show(outcome, remark, live = false) {
    const headline = headlineOf(outcome);
    if (!headline) return;
    this.#outcome = outcome;
    this.#how.hidden = true;
    this.#panel.hidden = false;
    this.#say(outcome);
    say(this.#remark, remark);
    if (!live || this.#steady.add(headline.label, performance.now())) this.#announce();
    this.#list(outcome);
    this.#see(outcome);
    this.#tell(outcome);
  }

  /**
   * The remark on the answer shown is another by now.
   * @param {string} remark
   */
  remark(remark) {
    if (!this.#outcome || this.#remark.textContent === remark) return;
    say(this.#remark, remark);
    if (remark) this.#announcer.tell(remark);
  }

  /** Says the names again, which have changed. */
  rename() {
    if (!this.#outcome) return;
    this.#say(this.#outcome);
    this.#list(this.#outcome);
  }

  #announce() {
    this.#announcer.tell([this.#verdict, this.#confidence, this.#remark].map((part) => part.textContent).join(' ').trim());
  }

  /** @param {Outcome} outcome */
  #say(outcome) {
    const { verdict, confidence } = inWords(outcome, words, names);
    this.#panel.dataset.sure = String(outcome.sure);
    say(this.#verdict, verdict);
    say(this.#confidence, confidence);
  }

  /** @param {Outcome} outcome */
  #list({ ranked, vocabulary, info }) {
    const shown = this.#all ? ranked : ranked.slice(0, TOP);
    this.#ranked.show(shown, (label) => names.nameOf(label, info.none));
    this.#more.hidden = ranked.length <= TOP;
    this.#more.setAttribute('aria-expanded', String(this.#all));
    say(this.#more, this.#all ? words.showTop(TOP) : words.showAll(ranked.length));
    this.#wider.hidden = !vocabulary;
    if (info.vocabulary) say(this.#widerHeading, words.wider(info.vocabulary.classes.length));
    this.#vocabulary.show(vocabulary?.slice(0, TOP) ?? [], (label) => names.nameOf(label));
  }

  /** @param {Outcome} outcome */
  #see({ seen }) {
    drawPixels(this.#seen, seen);
    // Pixels that are enlarged are shown as the squares that they are.
    this.#seen.toggleAttribute('data-enlarged', seen.width < this.#seen.clientWidth);
    this.#seen.setAttribute('aria-label', words.seenAlt(seen.width));
    say(this.#seenSize, words.seenSize(seen.width));
  }

  /** @param {Outcome} outcome */
  #tell({ model, backend, milliseconds }) {
    // For whoever measures: unrounded.
    this.#timing.dataset.preprocess = String(milliseconds.preprocess);
    this.#timing.dataset.network = String(milliseconds.network);
    this.#timing.dataset.backend = backend;
    this.#timing.dataset.model = model;
    say(this.#timing, words.timing(model, backend, milliseconds.preprocess, milliseconds.network));
  }
}
