/** @import { Curves, Reply } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { AnswerFigures } from './answer-figures.js';
import { make, setText } from './dom.js';

/** A question of yes or no, its answer, and how good such answers are. */
export class YesNo {
  #localizer;
  #question = make('span');
  #answer = make('strong');
  #why = make('span', { class: 'small' });
  #figures;
  /** @type {{ reply: Reply, none: string | null } | null} */
  #shown = null;

  /** The question and its answer, to be read out. */
  spoken = make('p', { id: 'reply' }, this.#question, ' ', this.#answer, ' ', this.#why);
  root = make('div', { class: 'asked', part: 'reply', hidden: '' }, this.spoken);

  /** @param {Localizer} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#figures = new AnswerFigures(localizer);
    this.root.append(this.#figures.root);
    localizer.follow(() => this.#render());
  }

  /**
   * @param {Reply} reply
   * @param {Curves | null} curves
   * @param {string | null} none the class that means none of the others
   * @param {boolean} drawn whether there is a picture of the curve
   */
  show(reply, curves, none, drawn) {
    this.#shown = { reply, none };
    this.#figures.draw(drawn);
    this.#figures.show(reply.threshold === null ? null : curves);
    this.#figures.mark(reply.threshold ?? 1);
    this.#render();
  }

  /** Nothing is asked. */
  clear() {
    this.#shown = null;
    this.#figures.show(null);
    this.#render();
  }

  #render() {
    this.root.hidden = this.#shown === null;
    for (const part of [this.#question, this.#answer, this.#why]) setText(part, '');
    if (!this.#shown) return;
    const { reply, none } = this.#shown;
    const { words, classNames } = this.#localizer;
    const { widget } = words;
    const thing = reply.group ? words.groups[reply.group] : words.list(reply.classes.map((label) => classNames.thing(label, none)));
    setText(this.#question, widget.asks(thing));
    this.#answer.dataset.answer = reply.yes === null ? '' : reply.yes ? 'yes' : 'no';
    if (reply.unknown.length > 0) setText(this.#why, widget.unknownClasses(reply.unknown));
    else if (reply.threshold === null) setText(this.#why, widget.noThreshold);
    else if (reply.probability !== null) {
      setText(this.#answer, reply.yes ? words.yes : words.no);
      setText(this.#why, widget.because(words.percent(reply.probability), words.percent(reply.threshold)));
    }
  }
}
