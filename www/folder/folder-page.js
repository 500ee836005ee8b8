/** @import { WordsOfFolder } from '../i18n/folder/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { Failure } from '../core/errors.js';
import { byId, make, makeButton, setText } from '../ui/dom.js';
import { DownloadProgress } from '../ui/download-progress.js';
import { carriesFiles, chosenFiles, droppedFiles } from '../ui/dropped-files.js';
import { ErrorBox } from '../ui/error-box.js';
import { saveFile } from '../ui/save-file.js';
import { AnswerTable, certaintyOf } from './answer-table.js';
import { Batch } from './batch.js';
import { toCsv, toJson } from './export.js';
import { Networks } from './networks.js';
import { PhotoDialog } from './photo-dialog.js';

/** What a failure is called that is about no photo. */
const NO_NAME = () => '';
/** Before the label of a class in the values of the filter. */
const CLASS = 'class:';

/** Ties the parts of folder.html together. */
export class FolderPage {
  #localizer;
  #networks = new Networks();
  #engine = this.#networks.engine();
  #batch = new Batch(this.#engine);
  #table;
  #dialog;
  #error;
  #download;

  #folder = make('input', { type: 'file', id: 'folder', webkitdirectory: '', hidden: '' });
  #files = make('input', { type: 'file', id: 'files', accept: 'image/*', multiple: '', hidden: '' });
  #hint = make('p', { class: 'small' });
  #chooseFolder = makeButton('choose-folder', 'button', () => this.#folder.click());
  #chooseFiles = makeButton('choose-files', 'button plain', () => this.#files.click());
  #networkLabel = make('label', { for: 'model' });
  #network = make('select', { id: 'model' });

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
    this.#dialog = new PhotoDialog(localizer);
    this.#table = new AnswerTable(localizer, (row) => void this.#dialog.open(row));
    this.#error = new ErrorBox(localizer, () => this.#retry());
    this.#download = new DownloadProgress(localizer);
    this.#results = make(
      'div',
      { class: 'results' },
      make('p', { class: 'pick' }, this.#filterLabel, this.#filter),
      this.#shown,
      make('div', { class: 'scroll' }, this.#table.root),
      make('div', { class: 'buttons' }, this.#csv, this.#json, this.#clear),
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
      this.#hint,
      make('div', { class: 'buttons' }, this.#chooseFolder, this.#chooseFiles),
      make('p', { class: 'pick' }, this.#networkLabel, this.#network),
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
    this.#filter.addEventListener('change', () => this.#render());
    this.#batch.addEventListener('change', () => this.#render());
    addEventListener('dragover', (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    addEventListener('drop', async (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      this.#batch.add(await droppedFiles(event.dataTransfer));
    });
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
    setText(this.#refused, refused.length === 0 ? '' : own.refused(refused));
    this.#others.hidden = others === 0;
    setText(this.#others, others === 0 ? '' : own.others(others));
  }

  #renderRows() {
    const { folder: own } = this.#localizer.words;
    const { rows } = this.#batch;
    /** @type {Map<string, { name: string, count: number }>} */
    const counts = new Map();
    let unsure = 0;
    for (const { answer } of rows) {
      if (certaintyOf(answer) === 'unsure') unsure += 1;
      const label = answer.ranked[0]?.label ?? '';
      const known = counts.get(label) ?? { name: this.#localizer.classNames.nameOf(label, answer.noneLabel), count: 0 };
      known.count += 1;
      counts.set(label, known);
    }
    const wanted = this.#filter.value;
    fill(this.#filter, [
      ['', own.counted(own.all, rows.length)],
      ['unsure', own.counted(own.unsure, unsure)],
      ...[...counts].map(([label, { name, count }]) => /** @type {[string, string]} */ ([CLASS + label, own.counted(name, count)])),
    ]);
    if ([...this.#filter.options].some(({ value }) => value === wanted)) this.#filter.value = wanted;
    const { value } = this.#filter;
    this.#table.show(
      rows.filter(({ answer }) => value === '' || (value === 'unsure' ? certaintyOf(answer) === 'unsure' : CLASS + (answer.ranked[0]?.label ?? '') === value)),
    );
    this.#results.hidden = rows.length === 0;
    setText(this.#shown, own.shown(this.#table.shown.length, rows.length));
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
