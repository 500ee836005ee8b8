/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Dropped } from '../ui/dropped-files.js' */
/** @import { LazyPictures } from '../ui/lazy-pictures.js' */
/** @import { PictureHandlers } from './picture-list.js' */
/** @import { Project } from './project.js' */
/** @import { Teacher } from './teacher.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { carriesFiles, chosenFiles, droppedFiles } from '../ui/dropped-files.js';
import { GroupMap } from './group-map.js';
import { GroupRow } from './group-row.js';
import { DRAGGED } from './picture-list.js';

/** More groups than that are no groups any longer. */
const MOST = 60;

/** What has been grouped: the pictures in the order that the learner knows, and the group of each. */
/** @typedef {{ ids: number[], suggested: number, most: number, groups: number, places: Uint32Array }} Grouping */

/** The pictures that are in no class yet, in groups of what looks alike. A group that is named becomes a class. */
export class GroupView {
  #localizer;
  #project;
  #teacher;
  #lazy;
  #handlers;
  #hint = make('p', { class: 'small' });
  #files = make('input', { type: 'file', accept: 'image/*', multiple: '', hidden: '', tabindex: '-1', id: 'group-files' });
  #folders = make('input', { type: 'file', webkitdirectory: '', multiple: '', hidden: '', tabindex: '-1', id: 'group-folders' });
  #choose = makeButton('group-choose', 'button plain', () => this.#files.click());
  #chooseFolder = makeButton('group-choose-folder', 'button plain', () => this.#folders.click());
  #count = make('p', { id: 'group-count' });
  #group = makeButton('group-now', 'button', () => void this.group());
  #clear = makeButton('group-clear', 'quiet', () => this.#project.removePictures(this.#waiting().map(({ id }) => id)));
  #label = make('label', { for: 'groups' });
  #slider = make('input', { type: 'range', id: 'groups', min: '2', step: '1' });
  #chosen = make('output', { for: 'groups', id: 'groups-chosen', 'aria-live': 'off' });
  #draw = makeButton('group-map', 'button plain', () => void this.#drawMap());
  #note = make('p', { class: 'small', role: 'status' });
  #bar = make('div', { class: 'group-bar' }, make('p', { class: 'pick' }, this.#label, this.#slider, this.#chosen), this.#draw);
  #rows = make('div', { class: 'group-rows' });
  #map;
  /** @type {GroupRow[]} */
  #shown = [];
  /** @type {Grouping | null} */
  #grouping = null;
  #turn = 0;

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Project} project
   * @param {Teacher} teacher
   * @param {LazyPictures} lazy
   * @param {{ files: (files: Dropped[]) => void, pictures: PictureHandlers, failure: (failure: unknown) => void }} handlers
   */
  constructor(localizer, project, teacher, lazy, handlers) {
    this.#localizer = localizer;
    this.#project = project;
    this.#teacher = teacher;
    this.#lazy = lazy;
    this.#handlers = handlers;
    this.#map = new GroupMap(localizer);
    const ways = make('div', { class: 'buttons' }, this.#choose, this.#chooseFolder, this.#group, this.#clear);
    this.root = make(
      'div',
      { class: 'group-view' },
      this.#hint,
      ways,
      this.#count,
      this.#note,
      this.#bar,
      this.#map.root,
      this.#rows,
      this.#files,
      this.#folders,
    );
    for (const input of [this.#files, this.#folders]) {
      input.addEventListener('change', () => {
        handlers.files(chosenFiles(input));
        input.value = '';
      });
    }
    this.root.addEventListener('dragover', (event) => event.preventDefault());
    this.root.addEventListener('drop', (event) => void this.#drop(event));
    this.#slider.addEventListener('input', () => void this.#cut(Number(this.#slider.value)));
    project.addEventListener('change', () => this.#render());
    localizer.follow(() => this.#render());
  }

  /** Groups what is in no class. */
  async group() {
    const ids = this.#waiting().map(({ id }) => id);
    if (ids.length < 2) return;
    const turn = ++this.#turn;
    this.#map.clear();
    setText(this.#note, this.#localizer.words.teach.group.grouping);
    try {
      const { suggested, most } = await this.#teacher.group(ids);
      const places = await this.#teacher.cut(suggested);
      if (turn !== this.#turn) return;
      this.#grouping = { ids, suggested, most: Math.min(most, Math.max(MOST, suggested)), groups: suggested, places };
    } catch (error) {
      this.#handlers.failure(error);
    }
    setText(this.#note, '');
    this.#render();
  }

  #waiting() {
    return this.#project.picturesOf(null).filter(({ embedding }) => embedding);
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    event.preventDefault();
    event.stopPropagation(); // the page around it would make classes of the folders
    const dragged = event.dataTransfer?.getData(DRAGGED);
    if (dragged) this.#project.movePictures([Number(dragged)], null);
    else if (carriesFiles(event)) this.#handlers.files(await droppedFiles(event.dataTransfer));
  }

  /** @param {number} groups */
  async #cut(groups) {
    const grouping = this.#grouping;
    if (!grouping) return;
    grouping.groups = groups;
    this.#render();
    try {
      const places = await this.#teacher.cut(groups);
      if (grouping !== this.#grouping || grouping.groups !== groups) return; // the slider has gone on
      grouping.places = places;
      this.#render();
    } catch (error) {
      this.#handlers.failure(error);
    }
  }

  async #drawMap() {
    // Of pictures that have gone meanwhile the learner knows no place.
    if (this.#grouping?.ids.some((id) => !this.#project.picture(id))) await this.group();
    const grouping = this.#grouping;
    if (!grouping) return;
    setText(this.#note, this.#localizer.words.teach.group.mapping);
    try {
      const places = await this.#teacher.map();
      if (grouping !== this.#grouping) return;
      // Those that have a class by now stand where they stood.
      await this.#map.draw(
        grouping.ids.map((id) => this.#project.picture(id)?.thumbnail ?? null),
        places,
      );
    } catch (error) {
      this.#handlers.failure(error);
    } finally {
      setText(this.#note, '');
    }
  }

  #render() {
    const { teach } = this.#localizer.words;
    const { group: own } = teach;
    const waiting = this.#waiting();
    if (waiting.length === 0 && this.#grouping) {
      this.#grouping = null;
      this.#map.clear();
    }
    setText(this.#hint, own.hint);
    setText(this.#choose, own.choose);
    setText(this.#chooseFolder, own.folder);
    setText(this.#group, own.group);
    setText(this.#clear, own.clear);
    setText(this.#count, own.waiting(waiting.length));
    setText(this.#label, own.slider);
    setText(this.#draw, own.map);
    this.#count.hidden = this.#clear.hidden = waiting.length === 0;
    this.#group.hidden = waiting.length < 2;
    this.#bar.hidden = !this.#grouping;
    if (this.#grouping) {
      const { most, groups, suggested } = this.#grouping;
      this.#slider.max = String(most);
      this.#slider.value = String(groups);
      setText(this.#chosen, own.chosen(groups, suggested));
      this.#slider.setAttribute('aria-valuetext', own.chosen(groups, suggested));
    }
    this.#renderRows(new Set(waiting.map(({ id }) => id)));
  }

  /** @param {Set<number>} waiting */
  #renderRows(waiting) {
    const grouping = this.#grouping;
    /** @type {number[][]} */
    const rows = [];
    grouping?.ids.forEach((id, at) => {
      if (waiting.has(id)) (rows[grouping.places[at] ?? 0] ??= []).push(id);
    });
    while (this.#shown.length > rows.length) this.#shown.pop()?.close();
    while (this.#shown.length < rows.length) {
      const number = this.#shown.length;
      const row = new GroupRow(number + 1, this.#lazy, this.#handlers.pictures, (name) => this.#makeClass(number, name));
      this.#shown.push(row);
      this.#rows.append(row.root);
    }
    this.#shown.forEach((row, at) => {
      const pictures = (rows[at] ?? []).flatMap((id) => this.#project.picture(id) ?? []);
      row.root.hidden = pictures.length === 0;
      row.show(this.#localizer, pictures);
    });
  }

  /**
   * The pictures of a group go into the class of that name, which may be there already.
   *
   * @param {number} group
   * @param {string} name
   */
  #makeClass(group, name) {
    const grouping = this.#grouping;
    if (!grouping) return;
    const waiting = new Set(this.#waiting().map(({ id }) => id));
    const ids = grouping.ids.filter((id, at) => grouping.places[at] === group && waiting.has(id));
    const { id } = this.#project.classNamed(name) ?? this.#project.addClass(name);
    this.#project.movePictures(ids, id);
    this.#shown
      .find(({ root }) => !root.hidden)
      ?.root.querySelector('input')
      ?.focus();
  }
}
