/** @import { Phrase } from '../i18n/index.js' */
import { make } from './dom.js';

/**
 * What is done with what comes in.
 *
 * @typedef {object} FileHandlers
 * @property {(file: File, name: Phrase) => void} file
 * @property {() => void} nothingDropped
 * @property {() => void} [nothingPasted] left out where a paste without a picture is somebody else's business
 * @property {(over: boolean) => void} dragging whether a file hovers over the area
 */

/** The ways in that need no address: a chosen file, a drop on an area, a paste while something in the area has the focus. */
export class FileInput {
  #handlers;
  /** Of the elements that a file hovers over, how many: dragenter and dragleave come for every one of them. */
  #depth = 0;

  /** Never seen: a button opens it. It must be in the document, for that is where files are chosen from. */
  root = make('input', { type: 'file', id: 'file', accept: 'image/*', hidden: '', tabindex: '-1' });

  /**
   * @param {Window | HTMLElement} area
   * @param {FileHandlers} handlers
   */
  constructor(area, handlers) {
    this.#handlers = handlers;
    this.root.addEventListener('change', () => {
      const file = this.root.files?.[0];
      if (file) handlers.file(file, () => file.name);
      this.root.value = ''; // so that the same file can be chosen again
    });
    area.addEventListener('dragenter', (event) => {
      event.preventDefault();
      this.#hover(+1);
    });
    area.addEventListener('dragleave', () => this.#hover(-1));
    area.addEventListener('dragover', (event) => event.preventDefault());
    area.addEventListener('drop', (event) => this.#drop(/** @type {DragEvent} */ (event)));
    area.addEventListener('paste', (event) => this.#paste(/** @type {ClipboardEvent} */ (event)));
  }

  /** Lets the person choose a file. */
  open() {
    this.root.click();
  }

  /** @param {number} change */
  #hover(change) {
    this.#depth = Math.max(0, this.#depth + change);
    this.#handlers.dragging(this.#depth > 0);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    event.stopPropagation(); // a page around the area that takes files, too, is not to take this one
    this.#hover(-this.#depth);
    const files = [...(event.dataTransfer?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
    if (file) this.#handlers.file(file, () => file.name);
    else this.#handlers.nothingDropped();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (!file && !this.#handlers.nothingPasted) return;
    event.preventDefault();
    event.stopPropagation();
    if (file) this.#handlers.file(file, (words) => words.pasted);
    else this.#handlers.nothingPasted?.();
  }
}
