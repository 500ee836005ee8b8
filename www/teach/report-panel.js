/** @import { Report } from '../core/types.js' */
/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { LazyPictures } from '../ui/lazy-pictures.js' */
/** @import { PictureHandlers } from './picture-list.js' */
/** @import { Picture, Project } from './project.js' */
/** @import { Taught, Teacher } from './teacher.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { PictureList } from './picture-list.js';

/** So many photos are named as suspicious; the others follow when these have been dealt with. */
const SUSPECTS = 12;
/** Milliseconds between two reports while pictures keep coming. */
const PAUSE = 300;

/** How good what has been taught is: in a sentence, in tables, and by the photos that it gets wrong. */
export class ReportPanel {
  #localizer;
  #project;
  #teacher;
  #lazy;
  #handlers;
  #summary = make('p', { id: 'accuracy', class: 'lead-figure' });
  #notes = make('div', { class: 'notes' });
  #figures = make('div', { class: 'scroll', tabindex: '0', role: 'group' });
  #confusion = make('div', { class: 'scroll', tabindex: '0', role: 'group' });
  #cellHeading = make('h3', { id: 'cell-heading', tabindex: '-1' });
  #cellPictures;
  #cell = make('div', { class: 'cell-photos', hidden: '' }, this.#cellHeading);
  #suspects = make('div', { class: 'suspects' });
  /** @type {PictureList[]} one for each suspect, to be let go */
  #suspectLists = [];
  /** @type {{ truth: number, answer: number | null } | null} the cell that is open, by classes of the project */
  #open = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #last = -Infinity;

  root = make('div', { class: 'report' }, this.#summary, this.#notes, this.#figures, this.#confusion, this.#cell, this.#suspects);

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Project} project
   * @param {Teacher} teacher
   * @param {LazyPictures} lazy
   * @param {PictureHandlers} handlers
   */
  constructor(localizer, project, teacher, lazy, handlers) {
    this.#localizer = localizer;
    this.#project = project;
    this.#teacher = teacher;
    this.#lazy = lazy;
    this.#handlers = handlers;
    this.#cellPictures = new PictureList(lazy, handlers);
    this.#cell.append(this.#cellPictures.root);
    teacher.addEventListener('change', () => this.#soon());
    localizer.follow(() => this.#render());
  }

  /** While pictures keep coming, not at every one of them. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#render(), Math.max(0, this.#last + PAUSE - performance.now()));
  }

  #render() {
    this.#last = performance.now();
    const { report: own } = this.#localizer.words.teach;
    const taught = this.#teacher.taught;
    const accuracy = taught?.report.accuracy ?? null;
    this.#figures.setAttribute('aria-label', own.table);
    this.#confusion.setAttribute('aria-label', own.confusion);
    for (const part of [this.#figures, this.#confusion, this.#suspects]) part.hidden = accuracy === null;
    if (!taught || accuracy === null) {
      setText(this.#summary, own.lacks);
      this.#summary.removeAttribute('data-accuracy');
      this.#cell.hidden = true;
      this.#renderNotes(taught);
      return;
    }
    const { predictions, interval } = taught.report;
    const right = predictions.filter(({ truth, answer }) => truth === answer).length;
    this.#summary.dataset.accuracy = String(accuracy);
    setText(this.#summary, own.accuracy(right, predictions.length, accuracy, interval.low, interval.high));
    this.#renderNotes(taught);
    this.#renderFigures(taught);
    this.#renderConfusion(taught);
    this.#renderCell(taught);
    this.#renderSuspects(taught);
  }

  /** @param {Taught | null} taught */
  #renderNotes(taught) {
    const { report: own } = this.#localizer.words.teach;
    const said = [];
    if (taught) {
      const { report } = taught;
      for (const [one, other] of report.alike)
        said.push(make('p', { class: 'notice', role: 'status' }, own.alike(this.#nameOf(taught, one), this.#nameOf(taught, other))));
      if (typeof report.accuracy === 'number') said.push(make('p', { class: 'small' }, own.how));
      if (report.copies > 0) said.push(make('p', { class: 'small' }, own.copies(report.copies)));
      const { recall = 1, images = 0 } = report.classes[report.helps] ?? {};
      const name = this.#nameOf(taught, report.helps);
      if (recall < 1) said.push(make('p', { id: 'helps' }, images === 0 ? own.helpsFew(name) : own.helps(name, recall)));
    }
    this.#notes.replaceChildren(...said);
  }

  /** @param {Taught} taught */
  #renderFigures(taught) {
    const { report: own } = this.#localizer.words.teach;
    const head = [own.class, own.count, own.precision, own.recall, own.f1].map((title) => make('th', { scope: 'col' }, title));
    const rows = taught.report.classes.map(({ images, precision, recall, f1 }, at) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, this.#nameOf(taught, at)),
        make('td', {}, String(taught.pictures.filter((id) => this.#project.picture(id)?.place === taught.classes[at]).length)),
        ...[precision, recall, f1].map((share) => make('td', {}, own.share(images === 0 ? null : share))),
      ),
    );
    this.#figures.replaceChildren(
      make('table', { class: 'figures' }, make('caption', {}, own.table), make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows)),
    );
  }

  /** @param {Taught} taught */
  #renderConfusion(taught) {
    const { report: own } = this.#localizer.words.teach;
    const focused = document.activeElement instanceof HTMLElement && this.#confusion.contains(document.activeElement) ? document.activeElement.id : '';
    const { confusion } = taught.report;
    const columns = confusion[0]?.length ?? 0;
    const head = Array.from({ length: columns }, (_, at) => make('th', { scope: 'col' }, this.#nameOf(taught, at)));
    const rows = confusion.map((row, truth) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, this.#nameOf(taught, truth)),
        ...row.map((count, answer) => make('td', truth === answer ? { class: 'hit' } : {}, count === 0 ? '·' : this.#makeCell(taught, truth, answer, count))),
      ),
    );
    this.#confusion.replaceChildren(
      make(
        'table',
        { class: 'confusion' },
        make('caption', {}, own.confusion, make('span', { class: 'small' }, own.confusionHint)),
        make('thead', {}, make('tr', {}, make('td'), ...head)),
        make('tbody', {}, ...rows),
      ),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  /**
   * @param {Taught} taught
   * @param {number} truth
   * @param {number} answer
   * @param {number} count
   */
  #makeCell(taught, truth, answer, count) {
    const { report: own } = this.#localizer.words.teach;
    const [trueClass, answeredClass] = [taught.classes[truth] ?? 0, taught.classes[answer] ?? null];
    const button = makeButton(`cell-${trueClass}-${answeredClass ?? 'none'}`, 'cell', () => {
      const same = this.#open?.truth === trueClass && this.#open.answer === answeredClass;
      this.#open = same ? null : { truth: trueClass, answer: answeredClass };
      this.#render();
    });
    button.setAttribute('aria-label', own.cell(this.#nameOf(taught, truth), this.#nameOf(taught, answer), count));
    button.setAttribute('aria-expanded', String(this.#open?.truth === trueClass && this.#open.answer === answeredClass));
    button.append(String(count));
    return button;
  }

  /** @param {Taught} taught */
  #renderCell(taught) {
    const { report: own } = this.#localizer.words.teach;
    const open = this.#open;
    const truth = open ? taught.classes.indexOf(open.truth) : -1;
    const answer = open?.answer === null ? taught.classes.length : taught.classes.indexOf(open?.answer ?? -1);
    const found = taught.report.predictions.filter((each) => each.truth === truth && each.answer === answer);
    const pictures = found.flatMap(({ picture }) => this.#pictureAt(taught, picture) ?? []);
    this.#cell.hidden = pictures.length === 0;
    if (pictures.length > 0) setText(this.#cellHeading, own.cell(this.#nameOf(taught, truth), this.#nameOf(taught, answer), pictures.length));
    this.#cellPictures.show(pictures);
  }

  /** @param {Taught} taught */
  #renderSuspects(taught) {
    const { report: own } = this.#localizer.words.teach;
    for (const list of this.#suspectLists) list.clear();
    this.#suspectLists = [];
    const { suspicious, predictions } = taught.report;
    const focused = this.#suspects.contains(document.activeElement);
    const items = suspicious.slice(0, SUSPECTS).flatMap((place) => {
      const picture = this.#pictureAt(taught, place);
      const found = predictions.find((each) => each.picture === place);
      if (!picture || !found) return [];
      const list = new PictureList(this.#lazy, this.#handlers);
      list.show([picture]);
      this.#suspectLists.push(list);
      return [this.#makeSuspect(taught, list, picture, found)];
    });
    this.#suspects.hidden = items.length === 0;
    const heading = make('h3', {}, own.suspicious);
    this.#suspects.replaceChildren(heading, make('p', { class: 'small' }, own.suspiciousHint), make('ul', {}, ...items));
    // Whoever deals with one after the other by key goes on with the next.
    if (focused) (this.#suspects.querySelector('button') ?? this.#confusion).focus();
  }

  /**
   * @param {Taught} taught
   * @param {PictureList} list
   * @param {Picture} picture
   * @param {Report['predictions'][number]} prediction
   */
  #makeSuspect(taught, list, { id, name: file }, { truth, answer }) {
    const { report: own, classes } = this.#localizer.words.teach;
    const name = this.#nameOf(taught, answer);
    const place = taught.classes[answer];
    const text = make('p', {}, own.suspect(this.#nameOf(taught, truth), name));
    const item = make('li', { class: 'suspect' }, list.root, text);
    if (place === undefined) return item;
    const move = makeButton(`suspect-${id}`, 'quiet', () => this.#project.movePictures([id], place));
    move.append(own.moveTo(name));
    move.setAttribute('aria-label', classes.of(own.moveTo(name), file));
    item.append(move);
    return item;
  }

  /**
   * @param {Taught} taught
   * @param {number} at a place in the report
   */
  #pictureAt(taught, at) {
    return this.#project.picture(taught.pictures[at] ?? 0);
  }

  /**
   * @param {Taught} taught
   * @param {number} at a place in the report
   */
  #nameOf(taught, at) {
    const id = taught.classes[at];
    return id === undefined ? this.#localizer.words.teach.report.none : (this.#project.class(id)?.name ?? '');
  }
}
