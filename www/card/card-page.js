/** @import { WordsOfCard } from '../i18n/card/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Binding, Card, Measured, Method } from './types.js' */
import { Failure, messageOf } from '../core/errors.js';
import { download } from '../core/fetch-progress.js';
import { byId, make, makeButton, setText } from '../ui/dom.js';
import { carriesFiles, droppedFiles } from '../ui/dropped-files.js';
import { ErrorBox } from '../ui/error-box.js';
import { bindingOf } from './binding.js';
import { classBars } from './class-bars.js';
import { comparisonTable } from './comparison-table.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { figuresTable } from './figures-table.js';
import { readComparison } from './read-comparison.js';
import { reliabilityChart } from './reliability-chart.js';
import { Sources } from './sources.js';
import { trainingCurves } from './training-curves.js';

const COMPARISON = new URL('../model/compare.json', import.meta.url);
/** So much of a checksum is shown. */
const DIGITS = 12;

/** Ties the parts of card.html together. */
export class CardPage {
  #localizer;
  #sources = new Sources();
  #error;
  #confusion;

  #networkLabel = make('label', { for: 'model' });
  #network = make('select', { id: 'model' });
  #files = make('input', { type: 'file', id: 'files', accept: '.safetensors,.json', multiple: '', hidden: '' });
  #open = makeButton('open', 'quiet', () => this.#files.click());
  #hint = make('p', { class: 'small' });
  #loading = make('p', { id: 'loading' });
  #binding = make('p', { id: 'binding' });
  #status = make('div', { role: 'status' }, this.#loading, this.#binding);
  #facts = make('dl', { id: 'facts' });
  #onLabel = make('label', { for: 'on' });
  #on = make('select', { id: 'on' });
  #pick = make('p', { class: 'pick' }, this.#onLabel, this.#on);
  #about = make('p', { id: 'about-pictures', class: 'small' });
  #figures = make('div', { class: 'scroll' });
  #sections = byId('measured', HTMLElement);
  #places = /** @type {const} */ (['reliability', 'classes', 'training', 'comparison']).map((name) => byId(name, HTMLElement));

  /** @type {Card | null} */
  #card = null;
  /** @type {Binding} */
  #bound = 'checking';
  /** @type {Failure | null} */
  #failure = null;
  /** @type {readonly Method[]} */
  #methods = [];
  /** Of the newest choice: how often somebody has chosen. */
  #turn = 0;

  /** @param {Localizer<WordsOfCard>} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#error = new ErrorBox(localizer, () => void this.#load());
    this.#confusion = new ConfusionMatrix(localizer);
    byId('error', HTMLElement).replaceWith(this.#error.root);
    byId('unready', HTMLElement).replaceWith(this.#status);
    byId('network', HTMLElement).replaceChildren(
      make('p', { class: 'pick' }, this.#networkLabel, this.#network, this.#open),
      this.#files,
      this.#hint,
      this.#facts,
    );
    byId('figures', HTMLElement).replaceChildren(this.#pick, this.#about, this.#figures);
    byId('confusion', HTMLElement).replaceChildren(this.#confusion.root);
    this.#listen();
    localizer.follow(() => this.#render());
    void this.#load();
    void this.#compare();
  }

  #listen() {
    this.#network.addEventListener('change', () => {
      this.#sources.chosen = this.#network.value;
      void this.#load();
    });
    this.#on.addEventListener('change', () => this.#renderMeasured());
    this.#files.addEventListener('change', () => {
      this.#take([...(this.#files.files ?? [])]);
      this.#files.value = ''; // so that the same can be chosen again
    });
    addEventListener('dragover', (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    addEventListener('drop', async (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.#take((await droppedFiles(event.dataTransfer)).map(({ file }) => file));
    });
  }

  /** @param {readonly File[]} files */
  #take(files) {
    this.#sources.open(files);
    void this.#load();
  }

  /** Reads the card that is chosen, shows it, and checks then whose it is. */
  async #load() {
    this.#turn += 1;
    const turn = this.#turn;
    const { source } = this.#sources;
    this.#card = null;
    this.#failure = null;
    this.#bound = 'checking';
    this.#render();
    try {
      const card = await source?.card();
      if (turn !== this.#turn || !card) return;
      this.#card = card;
      this.#render();
      const weights = source?.weights?.();
      const bound = weights
        ? await weights.then(
            (bytes) => bindingOf(card, bytes),
            () => /** @type {const} */ ('unreachable'),
          )
        : 'no-file';
      if (turn === this.#turn) this.#bound = bound;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
    }
    if (turn === this.#turn) this.#render();
  }

  /** The comparison is beside the point of a card: where it can't be had, nothing is said of it. */
  async #compare() {
    const response = await download(COMPARISON).catch(() => null);
    this.#methods = readComparison((await response?.text().catch(() => '')) ?? '');
    this.#render();
  }

  #render() {
    const { words } = this.#localizer;
    const { card: own } = words;
    const card = this.#card;
    setText(this.#networkLabel, words.page.network);
    setText(this.#open, own.open);
    setText(this.#hint, own.hint);
    setText(this.#onLabel, own.on);
    setText(this.#loading, own.loading);
    this.#network.replaceChildren(...this.#sources.list.map(({ id, file }) => make('option', { value: id }, file ?? words.modelName(id))));
    this.#network.value = this.#sources.chosen;
    if (this.#failure) this.#error.show(this.#failure, () => '', true);
    else this.#error.clear();
    this.#loading.hidden = card !== null || this.#failure !== null;
    this.#binding.hidden = card === null;
    this.#binding.dataset.binding = this.#bound;
    setText(this.#binding, card ? own.binding(this.#bound, card.weights.file, card.weights.sha256.slice(0, DIGITS)) : '');
    document.documentElement.dataset.state = this.#failure ? 'failed' : card ? 'ready' : 'loading';
    this.#facts.hidden = card === null;
    this.#sections.hidden = card === null;
    const [, , training, comparison] = this.#places;
    training?.replaceChildren(...(card ? trainingCurves(words, card) : []));
    comparison?.replaceChildren(...comparisonTable(words, this.#methods));
    byId('comparison-part', HTMLElement).hidden = this.#methods.length === 0;
    if (!card) return;
    const facts = [...words.facts(card.network, card.weights.bytes), /** @type {const} */ ([own.cardOf, card.written])];
    this.#facts.replaceChildren(...facts.map(([fact, value]) => make('div', {}, make('dt', {}, fact), make('dd', {}, value))));
    const chosen = Math.max(0, this.#on.selectedIndex);
    const option = (/** @type {Measured} */ { on, source, metrics }, /** @type {number} */ at) =>
      make('option', { value: String(at) }, own.measured(on, source, metrics.images));
    this.#on.replaceChildren(...card.measured.map(option));
    this.#on.selectedIndex = Math.min(chosen, card.measured.length - 1);
    this.#renderMeasured();
  }

  /** What was found on the pictures that are chosen. */
  #renderMeasured() {
    const { words } = this.#localizer;
    const { card: own } = words;
    const card = this.#card;
    const measured = card?.measured[this.#on.selectedIndex];
    for (const part of this.#sections.querySelectorAll('.of-measured')) part.toggleAttribute('hidden', !measured);
    this.#pick.hidden = !measured;
    setText(this.#about, measured ? own.about(measured.on) : own.nothingMeasured);
    if (!card || !measured) return this.#figures.replaceChildren();
    const { metrics } = measured;
    const { classes, none } = card.network;
    const [reliability, bars] = this.#places;
    this.#figures.replaceChildren(figuresTable(words, metrics));
    reliability?.replaceChildren(...reliabilityChart(words, metrics));
    bars?.replaceChildren(...classBars(this.#localizer, metrics, none));
    this.#confusion.show(metrics, classes, none);
  }
}
