/** @import { Outcome } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { BarList } from '../ui/bar-list.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';
import { ResultPanel } from '../ui/result-panel.js';

const TOP = 5;

/** The result with everything that the page has room for: the square that the network sees, all classes, names beyond them. */
export class DetailedResult {
  #localizer;
  #panel;
  #seen = make('canvas', { id: 'seen', role: 'img' });
  #seenText = make('span');
  #seenSize = make('span', { id: 'seen-size' });
  #more;
  #widerHeading = make('h2', { id: 'wider-heading' });
  #vocabulary = new BarList('vocabulary');
  #wider = make('div', { id: 'wider', class: 'wider', hidden: '' }, this.#widerHeading, this.#vocabulary.root);
  /** @type {{ outcome: Outcome, remark: Phrase, live: boolean } | null} */
  #shown = null;
  #all = false;

  root;
  announcement;

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#panel = new ResultPanel(localizer);
    const { root, headline, bars, announcement } = this.#panel;
    this.root = root;
    this.announcement = announcement;
    root.setAttribute('role', 'region');
    const finding = make('div', { class: 'finding' });
    headline.replaceWith(finding);
    finding.append(headline, make('figure', {}, this.#seen, make('figcaption', {}, this.#seenText, ' ', this.#seenSize)));
    this.#more = makeButton('more', 'quiet', () => {
      this.#all = !this.#all;
      if (this.#shown) this.#panel.show({ ...this.#shown, top: this.#top }, this.#shown.live);
      this.#render();
    });
    this.#more.setAttribute('aria-controls', bars.id);
    this.#vocabulary.root.setAttribute('aria-labelledby', 'wider-heading');
    bars.after(this.#more, this.#wider);
    localizer.follow(() => {
      root.setAttribute('aria-label', localizer.words.page.answer);
      setText(this.#seenText, localizer.words.page.seen);
      this.#render();
    });
  }

  clear() {
    this.#shown = null;
    this.#panel.clear();
    this.#vocabulary.clear();
    this.#seen.width = this.#seen.height = 0;
  }

  /**
   * @param {Outcome} outcome
   * @param {Phrase} remark why another network than the one asked for has answered, where one has
   * @param {boolean} [live] whether it is one of many: then only an answer that lasts is announced
   */
  show(outcome, remark, live = false) {
    this.#shown = { outcome, remark, live };
    this.#panel.show({ outcome, remark, top: this.#top }, live);
    if (live) this.#panel.announceStable();
    else this.#panel.announce();
    drawPixels(this.#seen, outcome.seen);
    // Pixels that are enlarged are shown as the squares that they are.
    this.#seen.toggleAttribute('data-enlarged', outcome.seen.width < this.#seen.clientWidth);
    this.#render();
  }

  /**
   * Lets people pick a class or a name, or no longer.
   * @param {((subject: { class?: string, name?: string }) => void) | null} pick
   */
  offer(pick) {
    this.#panel.offer(pick && ((label) => pick({ class: label })));
    this.#vocabulary.offer(pick && ((name) => pick({ name })));
  }

  /** @param {{ class?: string, name?: string } | null} subject what has been picked */
  mark(subject) {
    this.#panel.mark(subject?.class ?? null);
    this.#vocabulary.mark(subject?.name ?? null);
  }

  /**
   * The remark on the result shown is another by now.
   * @param {Phrase} remark
   */
  setRemark(remark) {
    if (this.#shown) this.#shown.remark = remark;
    this.#panel.setRemark(remark);
  }

  get #top() {
    return this.#all ? Infinity : TOP;
  }

  #render() {
    if (!this.#shown) return;
    const { words, classNames } = this.#localizer;
    const { ranked, vocabulary, info, seen } = this.#shown.outcome;
    this.#more.hidden = ranked.length <= TOP;
    this.#more.setAttribute('aria-expanded', String(this.#all));
    setText(this.#more, this.#all ? words.showTop(TOP) : words.showAll(ranked.length));
    this.#wider.hidden = !vocabulary;
    if (info.vocabulary) setText(this.#widerHeading, words.wider(info.vocabulary.classes.length));
    this.#vocabulary.show(vocabulary?.slice(0, TOP) ?? [], (label) => classNames.nameOf(label), words.percent);
    this.#seen.setAttribute('aria-label', words.seenAlt(seen.width));
    setText(this.#seenSize, words.seenSize(seen.width));
  }
}
