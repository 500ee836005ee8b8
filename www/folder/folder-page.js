/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Dropped } from '../ui/dropped-files.js' */
/** @import { Row } from './batch.js' */
import { Failure } from '../core/errors.js';
import { byId, make, makeButton, setText } from '../ui/dom.js';
import { DownloadProgress } from '../ui/download-progress.js';
import { carriesFiles, chosenFiles, droppedFiles } from '../ui/dropped-files.js';
import { ErrorBox } from '../ui/error-box.js';
import { saveFile } from '../ui/save-file.js';
import { isWeights, WeightsInput } from '../ui/weights-input.js';
import { AnswerTable } from './answer-table.js';
import { Batch } from './batch.js';
import { ClassTable } from './class-table.js';
import { toCsv, toJson } from './export.js';
import { Networks } from './networks.js';
import { PhotoDialog } from './photo-dialog.js';
import { certaintyOf, classOf, Tally } from './tally.js';

/** What a failure is called that is about no photo. */
const NO_NAME = () => '';
/** Before the label of a class in the values of the filter. */
const CLASS = 'class:';
/** So many unreadable photos are named; of more, the number is told. */
const NAMED = 12;

/** Ties the parts of folder.html together. */
export class FolderPage {
  #localizer;
  #networks = new Networks();
  #engine = this.#networks.engine();
  #batch = new Batch(this.#engine);
  #tally = new Tally();
  #classes;
  #table;
  #dialog;
  /** The frame in which what has changed will be shown. @type {number | null} */
  #frame = null;
  #error;
  #download;

  #folder = make('input', { type: 'file', id: 'folder', webkitdirectory: '', hidden: '' });
  #files = make('input', { type: 'file', id: 'files', accept: 'image/*', multiple: '', hidden: '' });
  #hint = make('p', { class: 'small' });
  #chooseFolder = makeButton('choose-folder', 'button', () => this.#folder.click());
  #chooseFiles = makeButton('choose-files', 'button plain', () => this.#files.click());
  #networkLabel = make('label', { for: 'model' });
  #network = make('select', { id: 'model' });
  #weights;

  #progressText = make('p', { id: 'working-text' });
  #bar = make('progress', { max: '1', 'aria-labelledby': 'working-text' });
  #cancel = makeButton('cancel', 'quiet', () => this.#batch.cancel());
  #working = make('div', { class: 'progress', hidden: '' }, this.#progressText, this.#bar, this.#cancel);
  #refused = make('p', { id: 'refused', class: 'error', hidden: '' });
  #others = make('p', { id: 'others', class: 'small', hidden: '' });

  #filterLabel = make('label', { for: 'filter' });
  #filter = make('select', { id: 'filter' });
  #shown = make('p', { id: 'shown', class: 'small' });
  #csv = makeButton('export-csv', 'button plain', () => saveFile(new Blob([toCsv(this.#table.shown)], { type: 'text/csv' }), 'answers.csv'));
  #json = makeButton('export-json', 'button plain', () => saveFile(new Blob([toJson(this.#table.shown)], { type: 'application/x-ndjson' }), 'answers.jsonl'));
  #clear = makeButton('clear', 'quiet', () => this.#batch.clear());
  #results;

  /** @param {Localizer<WordsOfFolder>} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    this.#dialog = new PhotoDialog(localizer, async (file, signal) => (await this.#engine.open(file, signal)).preview);
    this.#classes = new ClassTable(localizer, (label) => {
      this.#filter.value = label === null ? '' : CLASS + label;
      this.#showFiltered();
    });
    this.#table = new AnswerTable(localizer, (row) => void this.#dialog.open(row));
    this.#weights = new WeightsInput(localizer, (file) => this.#openNetwork(file));
    this.#error = new ErrorBox(localizer, () => this.#retry());
    this.#download = new DownloadProgress(localizer);
    this.#results = make(
      'div',
      { class: 'results' },
      make('div', { class: 'scroll' }, this.#classes.root),
      make(
        'div',
        { class: 'listed' },
        make('p', { class: 'pick' }, this.#filterLabel, this.#filter),
        this.#shown,
        this.#table.root,
        make('div', { class: 'buttons' }, this.#csv, this.#json, this.#clear),
      ),
    );
    this.#mount();
    this.#listen();
    this.#follow();
    localizer.follow(() => this.#render());
  }

  #mount() {
    byId('progress', HTMLElement).replaceWith(this.#download.root);
    byId('error', HTMLElement).replaceWith(this.#error.root);
    byId('looking', HTMLElement).replaceWith(make('div', { class: 'looking' }, this.#working, make('div', { role: 'status' }, this.#refused, this.#others)));
    byId('photos-place', HTMLElement).append(
      make(
        'div',
        { class: 'ways-in' },
        this.#hint,
        make('div', { class: 'buttons' }, this.#chooseFolder, this.#chooseFiles),
        make('p', { class: 'pick' }, this.#networkLabel, this.#network, this.#weights.root),
      ),
      ...[this.#folder, this.#files],
    );
    byId('table-place', HTMLElement).append(this.#results, this.#dialog.root);
  }

  #listen() {
    for (const input of [this.#folder, this.#files]) {
      input.addEventListener('change', () => {
        this.#batch.add(chosenFiles(input));
        input.value = ''; // so that the same can be chosen again
      });
    }
    this.#network.addEventListener('change', () => {
      this.#networks.choose(this.#network.value);
      this.#changeEngine();
    });
    this.#filter.addEventListener('change', () => this.#showFiltered());
    this.#batch.addEventListener('answered', (event) => {
      const row = /** @type {CustomEvent<Row>} */ (event).detail;
      this.#tally.add(row.answer);
      if (this.#isWanted(row)) this.#table.add(row);
    });
    this.#batch.addEventListener('emptied', () => {
      this.#tally.clear();
      this.#table.show([]);
    });
    // Photos come faster than screens.
    this.#batch.addEventListener('change', () => {
      this.#frame ??= requestAnimationFrame(() => this.#render());
    });
    addEventListener('dragover', (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    addEventListener('drop', async (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.#take(await droppedFiles(event.dataTransfer));
    });
  }

  /** A weights file that is dropped by itself is a network; one within a folder is not meant. @param {readonly Dropped[]} dropped */
  #take(dropped) {
    const networks = dropped.filter(({ file, folder }) => folder === '' && isWeights(file));
    const network = networks[networks.length - 1];
    if (network) this.#openNetwork(network.file);
    this.#batch.add(dropped.filter((each) => !networks.includes(each)));
  }

  /** @param {File} file */
  #openNetwork(file) {
    this.#networks.open(file);
    this.#changeEngine();
  }

  #changeEngine() {
    const before = this.#engine;
    this.#engine = this.#networks.engine();
    this.#follow();
    this.#batch.answerBy(this.#engine);
    before.end();
  }

  #follow() {
    const engine = this.#engine;
    engine.addEventListener('change', () => {
      if (engine === this.#engine) this.#render();
    });
    engine.start();
  }

  #retry() {
    if (this.#engine.status.state === 'failed' || this.#engine.status.modelReason.code === 'failed') this.#engine.start();
    void this.#batch.work();
  }

  #render() {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    const { words } = this.#localizer;
    const { folder: own } = words;
    for (const [element, text] of /** @type {[Element, string][]} */ ([
      [this.#hint, own.hint],
      [this.#chooseFolder, own.chooseFolder],
      [this.#chooseFiles, own.chooseFiles],
      [this.#networkLabel, words.page.network],
      [this.#cancel, own.cancel],
      [this.#filterLabel, own.filter],
      [this.#csv, own.csv],
      [this.#json, own.json],
      [this.#clear, own.clear],
    ])) {
      setText(element, text);
    }
    fill(
      this.#network,
      this.#networks.list.map(({ id }) => [id, words.modelName(id)]),
    );
    this.#network.value = this.#networks.chosen;
    this.#renderNews();
    this.#renderRows();
  }

  #renderNews() {
    const { folder: own } = this.#localizer.words;
    const { status, failure } = this.#engine;
    document.documentElement.dataset.state = status.state;
    if (status.state === 'loading') this.#download.show(status.progress);
    else this.#download.hide();
    const shown = status.state === 'failed' ? (failure ?? new Failure('unexpected')) : this.#batch.failure;
    if (shown) this.#error.show(shown, NO_NAME, true);
    else this.#error.clear();
    const { progress, refused, others } = this.#batch;
    this.#working.hidden = !progress;
    if (progress) {
      this.#bar.value = progress.done / progress.total;
      setText(this.#progressText, own.working(progress.done, progress.total));
    }
    this.#refused.hidden = refused.length === 0;
    setText(this.#refused, refused.length === 0 ? '' : own.refused(refused.slice(0, NAMED), Math.max(0, refused.length - NAMED)));
    this.#others.hidden = others === 0;
    setText(this.#others, others === 0 ? '' : own.others(others));
  }

  #renderRows() {
    const { words, classNames } = this.#localizer;
    const { folder: own } = words;
    const { count, unsure, classes } = this.#tally;
    const wanted = this.#filter.value;
    fill(this.#filter, [
      ['', own.counted(own.all, count)],
      ['unsure', own.counted(own.unsure, unsure)],
      ...classes.map(
        ({ label, noneLabel, count }) => /** @type {[string, string]} */ ([CLASS + label, own.counted(classNames.nameOf(label, noneLabel), count)]),
      ),
    ]);
    if ([...this.#filter.options].some(({ value }) => value === wanted)) this.#filter.value = wanted;
    else this.#table.show(this.#batch.rows); // there is no photo of that class any longer
    const { value } = this.#filter;
    this.#classes.show(classes, value.startsWith(CLASS) ? value.slice(CLASS.length) : null);
    this.#table.render();
    this.#results.hidden = count === 0;
    setText(this.#shown, own.shown(this.#table.shown.length, count));
  }

  #showFiltered() {
    this.#table.show(this.#batch.rows.filter((row) => this.#isWanted(row)));
    this.#render();
  }

  /** @param {Row} row */
  #isWanted({ answer }) {
    const { value } = this.#filter;
    return value === '' || (value === 'unsure' ? certaintyOf(answer) === 'unsure' : CLASS + classOf(answer) === value);
  }
}

/**
 * The options of a choice. Those that stay are left alone, so that a list that is open is not closed.
 *
 * @param {HTMLSelectElement} select
 * @param {[value: string, text: string][]} entries
 */
function fill(select, entries) {
  const fits = entries.length === select.options.length && entries.every(([value], place) => select.options[place]?.value === value);
  if (!fits) select.replaceChildren(...entries.map(([value]) => make('option', { value })));
  entries.forEach(([, text], place) => {
    const option = select.options[place];
    if (option) setText(option, text);
  });
}
