/** @import { BackendName, ModelId, Status } from '../core/types.js' */
/** @import { Failure } from '../core/errors.js' */
/** @import { WordsOfBench } from '../i18n/bench/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Machine } from './machine.js' */
/** @import { Times } from './measure.js' */
import { isOfNetwork } from '../core/errors.js';
import { models } from '../core/models.js';
import { samples } from '../core/samples.js';
import { copyText } from '../ui/copy-text.js';
import { byId, make, makeButton, setText } from '../ui/dom.js';
import { RunButton } from '../ui/run-button.js';
import { makeTable, scrolled } from '../ui/table.js';
import { machine } from './machine.js';
import { fetchPhoto, measure } from './measure.js';

/** @type {readonly BackendName[]} */
const BACKENDS = ['cpu', 'webgpu'];
/** How many answers can be timed; the middle one unless somebody chooses. */
const COUNTS = [10, 30, 100];
const USUAL = 30;

/** Ties the parts of bench.html together. */
export class BenchPage {
  #localizer;
  #run;
  #facts = make('dl', { id: 'facts' });
  #countLabel = make('label', { for: 'count' });
  #count = make('select', { id: 'count' });
  #hint = make('p', { class: 'small' });
  #table = make('div', { id: 'times' });
  #explained = make('p', { class: 'small' });
  #copyMarkdown = makeButton('copy-markdown', 'quiet', () => void this.#copy(this.#markdown));
  #copyText = makeButton('copy-text', 'quiet', () => void this.#copy(this.#text));
  #note = make('p', { id: 'copied', class: 'small', role: 'status' });
  #results = make(
    'div',
    { class: 'times', hidden: '' },
    this.#table,
    this.#explained,
    make('p', { class: 'copy' }, this.#copyMarkdown, ' ', this.#copyText),
    this.#note,
  );

  /** @type {Machine | null} */
  #machine = null;
  /** @type {{ model: ModelId, backend: BackendName, found: Times | Status | { failure: Failure } }[]} */
  #found = [];
  /** Of the answers that were timed: what is chosen now may be another number. */
  #timed = USUAL;

  /** @param {Localizer<WordsOfBench>} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#count.append(...COUNTS.map((count) => make('option', { value: String(count) })));
    this.#count.value = String(USUAL);
    this.#run = new RunButton(
      localizer,
      'run-bench',
      ({ bench }) => bench,
      (signal, report) => this.#measure(signal, report),
    );
    byId('machine', HTMLElement).replaceWith(this.#facts);
    byId('measure', HTMLElement).replaceChildren(make('p', { class: 'pick' }, this.#countLabel, this.#count), this.#run.root, this.#hint, this.#results);
    localizer.follow(() => this.#render());
    void this.#describe();
  }

  async #describe() {
    this.#machine = await machine();
    this.#render();
    document.documentElement.dataset.state = 'ready';
  }

  /**
   * @param {AbortSignal} signal
   * @param {(done: number, total: number, what?: string) => void} report
   */
  async #measure(signal, report) {
    const { words } = this.#localizer;
    const [sample] = samples;
    if (!sample) return;
    const photo = await fetchPhoto(sample.url, signal);
    this.#found = [];
    this.#timed = Number(this.#count.value);
    this.#render();
    const turns = models.flatMap((model) => BACKENDS.map((backend) => ({ model, backend })));
    for (const [done, { model, backend }] of turns.entries()) {
      report(done, turns.length, words.bench.measuring(words.modelName(model.id), backendName(backend)));
      const found = await measure(model, backend, photo, this.#timed, signal).catch((/** @type {unknown} */ error) => {
        if (!isOfNetwork(error)) throw error;
        return { failure: error }; // the others may do
      });
      if (signal.aborted) return;
      this.#found.push({ model: model.id, backend, found });
      this.#render();
    }
  }

  #render() {
    const { words } = this.#localizer;
    const { bench } = words;
    setText(this.#countLabel, bench.count);
    for (const option of this.#count.options) setText(option, bench.answers(Number(option.value)));
    setText(this.#hint, bench.hint);
    setText(this.#explained, bench.explained);
    setText(this.#copyMarkdown, bench.copyMarkdown);
    setText(this.#copyText, bench.copyText);
    setText(this.#note, '');
    this.#facts.replaceChildren(...this.#described.map(([fact, value]) => make('div', {}, make('dt', {}, fact), make('dd', {}, value))));
    this.#results.hidden = this.#found.length === 0;
    const rows = this.#rows;
    const table = makeTable(bench.table.caption, this.#head, rows);
    for (const [index, row] of [...(table.tBodies[0]?.rows ?? [])].entries()) {
      const { model, backend, found } = this.#found[index] ?? {};
      Object.assign(row.dataset, { model, backend });
      if (!found || 'first' in found) continue;
      // Why there is nothing to see, in place of the figures.
      const [, reason, ...rest] = row.cells;
      for (const cell of rest) cell.remove();
      if (reason) Object.assign(reason, { colSpan: this.#head.length - 1, className: 'reason' });
    }
    this.#table.replaceChildren(scrolled(bench.table.caption, table));
  }

  get #described() {
    const { bench } = this.#localizer.words;
    if (!this.#machine) return [];
    const { browser, isolated } = this.#machine;
    return /** @type {const} */ ([
      [bench.facts.browser, browser],
      [bench.facts.cores, this.#cores],
      [bench.facts.gpu, this.#gpu],
      [bench.facts.isolated, bench.resolution(isolated)],
    ]);
  }

  get #cores() {
    return this.#machine?.cores ? String(this.#machine.cores) : this.#localizer.words.bench.unknown;
  }

  get #gpu() {
    const { bench } = this.#localizer.words;
    const gpu = this.#machine?.gpu;
    if (!gpu) return bench.noAdapter;
    const name = gpu.name || bench.unknown;
    return gpu.emulated ? bench.emulated(name) : name;
  }

  get #head() {
    const { table } = this.#localizer.words.bench;
    return [table.network, table.first, table.median, table.minimum, table.preparing];
  }

  /** What the table says, the reason alone where there are no figures. */
  get #rows() {
    const { words } = this.#localizer;
    const { bench } = words;
    return this.#found.map(({ model, backend, found }) => {
      const threads = 'threads' in found ? found.threads : 1;
      const named = bench.measuring(words.modelName(model), threads > 1 ? bench.threads(backendName(backend), threads) : backendName(backend));
      if ('failure' in found) return [named, words.failure(found.failure, ''), '', '', ''];
      if ('state' in found) return [named, words.backendReason(found), '', '', ''];
      return [named, bench.seconds(found.first), ...[found.median, found.minimum, found.preparing].map(bench.milliseconds)];
    });
  }

  get #caption() {
    const { bench } = this.#localizer.words;
    const date = new Date().toISOString().slice(0, 10);
    return bench.measured(date, this.#timed, this.#machine?.browser ?? bench.unknown, this.#cores, this.#gpu);
  }

  get #markdown() {
    const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    const rule = `| --- |${' ---: |'.repeat(this.#head.length - 1)}`;
    return [line(this.#head), rule, ...this.#rows.map(line), '', this.#caption, ''].join('\n');
  }

  get #text() {
    return [...[this.#head, ...this.#rows].map((cells) => cells.join('\t')), '', this.#caption, ''].join('\n');
  }

  /** @param {string} text */
  async #copy(text) {
    const { bench } = this.#localizer.words;
    setText(this.#note, (await copyText(text)) ? bench.copied : bench.notCopied);
  }
}

/** The same in every language. @param {BackendName} backend */
const backendName = (backend) => (backend === 'cpu' ? 'CPU' : 'WebGPU');
