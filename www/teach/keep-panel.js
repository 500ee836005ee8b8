/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Project } from './project.js' */
/** @import { Storage } from './storage.js' */
import { make, makeButton, setText } from '../ui/dom.js';
import { errorText } from '../ui/error-box.js';

/**
 * @typedef {object} KeepHandlers
 * @property {() => void} exportProject
 * @property {(file: File) => void} importProject
 */

/** Keeping the project in this browser, and taking it along as a file. */
export class KeepPanel {
  #localizer;
  #project;
  #storage;
  #nameLabel = make('label', { for: 'project-name' });
  #name = make('input', { id: 'project-name', class: 'class-name', maxlength: '80', autocomplete: 'off' });
  #keep = make('input', { type: 'checkbox', id: 'keep' });
  #keepText = make('span');
  #hint = make('p', { class: 'small' });
  #state = make('p', { id: 'keep-state', class: 'small', role: 'status' });
  #importHint = make('p', { class: 'small' });
  #file = make('input', { type: 'file', id: 'project-file', accept: '.zip,application/zip', hidden: '', tabindex: '-1' });
  #export;
  #import = makeButton('project-import', 'button plain', () => this.#file.click());
  #clear = makeButton('project-clear', 'quiet', () => this.#clearAll());
  /** How many pictures there were when a kept project was opened again. */
  #reopened = 0;

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Project} project
   * @param {Storage} storage
   * @param {KeepHandlers} handlers
   */
  constructor(localizer, project, storage, handlers) {
    this.#localizer = localizer;
    this.#project = project;
    this.#storage = storage;
    this.#export = makeButton('project-export', 'button plain', handlers.exportProject);
    this.root = make(
      'div',
      { class: 'keep' },
      make('p', { class: 'pick' }, this.#nameLabel, this.#name),
      make('label', { class: 'option' }, this.#keep, this.#keepText),
      this.#hint,
      this.#state,
      make('div', { class: 'buttons' }, this.#export, this.#import, this.#clear),
      this.#importHint,
      this.#file,
    );
    this.#name.addEventListener('change', () => (project.name = this.#name.value.trim()));
    this.#keep.addEventListener('change', () => void (this.#keep.checked ? storage.keep() : storage.forget()));
    this.#file.addEventListener('change', () => {
      const file = this.#file.files?.[0];
      this.#file.value = '';
      if (file && this.mayReplace(file.name)) handlers.importProject(file);
    });
    for (const source of [project, storage]) source.addEventListener('change', () => this.#render());
    localizer.follow(() => this.#render());
  }

  /** Says that a project which was kept here is open again. */
  reopened() {
    this.#reopened = this.#project.pictures.length;
    this.#render();
  }

  /**
   * Whether what is here may make way; asked only where something is here.
   * @param {string} name
   */
  mayReplace(name) {
    const empty = this.#project.classes.length === 0 && this.#project.pictures.length === 0;
    return empty || confirm(this.#localizer.words.teach.keep.replace(name));
  }

  #clearAll() {
    if (confirm(this.#localizer.words.teach.keep.confirmClear)) this.#project.clear();
  }

  #render() {
    const { words } = this.#localizer;
    const { keep: own } = words.teach;
    const { state, failure, persistent } = this.#storage;
    const empty = this.#project.classes.length === 0 && this.#project.pictures.length === 0;
    setText(this.#nameLabel, own.projectName);
    if (document.activeElement !== this.#name) this.#name.value = this.#project.name;
    this.#name.placeholder = own.unnamed;
    setText(this.#keepText, own.keep);
    this.#keep.checked = state !== 'off';
    setText(this.#hint, own.keepHint);
    const reopened = this.#reopened > 0 ? `${own.reopened(this.#reopened)} ` : '';
    const said = { off: '', keeping: own.keeping, kept: `${reopened}${own.kept(persistent)}`, failed: failure ? errorText(words, failure, '') : '' };
    setText(this.#state, said[state]);
    this.#state.dataset.state = state;
    setText(this.#export, own.exportProject);
    setText(this.#import, own.importProject);
    setText(this.#importHint, own.importHint);
    setText(this.#clear, own.clear);
    this.#export.disabled = this.#clear.disabled = empty;
  }
}
