/** @import { Outcome, Wishes } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Opened } from './types.js' */
/** @import { Variant } from './variants.js' */
import { single } from '../core/answer-json.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { RunButton } from '../ui/run-button.js';
import { fileNameFor, saveJson } from '../ui/save-file.js';
import { variantsOf } from './variants.js';

/** Every way to prepare the photo, and what the network says to each. */
export class WaysTable {
  #localizer;
  #engine;
  #heading = make('h3');
  #why = make('p', { class: 'why' });
  #run;
  #head = make('tr');
  #rows = make('tbody', { id: 'ways' });
  #table = make('table', { class: 'ways-table' }, make('thead', {}, this.#head), this.#rows);
  #save = makeButton('save-ways', 'quiet', () => this.#saveNumbers());
  /** @type {Wishes['framing']} */
  #framing = null;
  /** @type {Opened | null} */
  #opened = null;
  /** @type {{ variant: Variant, outcome: Outcome }[]} */
  #answered = [];

  root = make('section', { class: 'part' });

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {Pick<EngineClient, 'classify'>} engine
   */
  constructor(localizer, engine) {
    this.#localizer = localizer;
    this.#engine = engine;
    this.#run = new RunButton(
      localizer,
      'run-ways',
      ({ inside }) => ({ ...inside, run: inside.table.run }),
      (signal, report) => this.#work(signal, report),
    );
    this.root.append(this.#heading, this.#why, this.#run.root, this.#table, this.#save);
    localizer.follow(() => this.#render());
  }

  /** @param {Opened | null} opened */
  show(opened) {
    this.#opened = opened;
    this.#framing = opened?.wishes.framing ?? null;
    this.#forget();
  }

  stop() {
    this.#run.stop();
  }

  /** @param {Wishes['framing']} framing of the ways that differ in their steps */
  see(framing) {
    this.#framing = framing;
    this.#forget();
  }

  #forget() {
    this.#run.stop();
    this.#answered = [];
    this.#render();
  }

  /**
   * @param {AbortSignal} signal
   * @param {(done: number, total: number) => void} report
   */
  async #work(signal, report) {
    const opened = this.#opened;
    if (!opened) return;
    const variants = variantsOf(opened.outcome.info, this.#framing);
    this.#answered = [];
    for (const variant of variants) {
      report(this.#answered.length, variants.length);
      const outcome = await this.#engine.classify(opened.photo, variant.wishes, signal);
      if (signal.aborted) return;
      this.#answered.push({ variant, outcome });
    }
    this.#render();
  }

  #render() {
    const { words, classNames } = this.#localizer;
    const { table } = words.inside;
    setText(this.#heading, table.heading);
    setText(this.#why, table.why);
    setText(this.#save, table.save);
    this.#table.hidden = this.#save.hidden = this.#answered.length === 0;
    const best = this.#opened?.outcome.ranked[0];
    if (this.#answered.length === 0 || !best) return;
    const none = this.#opened?.outcome.info.none;
    const columns = [table.way, words.inside.answer, table.share(classNames.nameOf(best.label, none))];
    this.#head.replaceChildren(...columns.map((text) => make('th', { scope: 'col' }, text)));
    this.#rows.replaceChildren(
      ...this.#answered.map(({ variant, outcome }) => {
        const [top] = outcome.ranked;
        const way = table.ways[/** @type {keyof typeof table.ways} */ (variant.key)];
        const share = outcome.ranked.find(({ label }) => label === best.label)?.probability ?? 0;
        const said = top ? words.inside.said(classNames.nameOf(top.label, none), words.percent(top.probability)) : '';
        const row = make('tr', { 'data-way': variant.key, 'data-share': String(share) }, make('th', { scope: 'row' }, variant.usual ? table.usual(way) : way));
        row.append(make('td', {}, said), make('td', {}, words.percent(share)));
        row.toggleAttribute('data-other', top?.label !== best.label);
        return row;
      }),
    );
  }

  #saveNumbers() {
    const opened = this.#opened;
    if (!opened) return;
    const name = opened.name(this.#localizer.words);
    const ways = this.#answered.map(({ variant, outcome }) => ({
      way: variant.key,
      trained_so: variant.usual,
      options: variant.wishes,
      sure: outcome.sure,
      ranked: outcome.ranked.map(({ label, probability }) => ({ label, probability: single(probability) })),
    }));
    saveJson({ picture: name, network: opened.outcome.model, ways }, `glimpse-${fileNameFor(name.replace(/\.\w+$/, ''), 'photo')}-steps.json`);
  }
}
