/** @import { Phrase } from '../i18n/index.js' */
import { make } from './dom.js';
import { carriesFiles, carriesLink, droppedAddress } from './dropped-files.js';

/**
 * What is done with what comes in.
 *
 * @typedef {object} FileHandlers
 * @property {(file: File, name: Phrase) => void} file
 * @property {(files: { file: File, name: Phrase }[]) => void} [files] several at once; left out where one is enough, and the first picture is taken
 * @property {(address: string) => void} [link] left out where a picture by its address counts as none
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
      const files = [...(this.root.files ?? [])];
      if (files.length > 0) this.#take(files, nameOf);
      this.root.value = ''; // so that the same file can be chosen again
    });
    this.root.multiple = handlers.files !== undefined;
    for (const type of ['dragenter', 'dragleave', 'dragover', 'drop']) {
      area.addEventListener(type, (event) => this.#drag(/** @type {DragEvent} */ (event)));
    }
    area.addEventListener('paste', (event) => this.#paste(/** @type {ClipboardEvent} */ (event)));
  }

  /** Lets the person choose a file. */
  open() {
    this.root.click();
  }

  /**
   * Text that is dragged over the area is none of its business.
   * @param {DragEvent} event
   */
  #drag(event) {
    if (!carriesFiles(event) && !carriesLink(event)) return;
    if (event.type !== 'dragleave') event.preventDefault();
    if (event.type === 'dragenter') this.#hover(+1);
    if (event.type === 'dragleave') this.#hover(-1);
    if (event.type === 'drop') this.#drop(event);
  }

  /** @param {number} change */
  #hover(change) {
    this.#depth = Math.max(0, this.#depth + change);
    this.#handlers.dragging(this.#depth > 0);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.stopPropagation(); // a page around the area that takes files, too, is not to take this one
    this.#hover(-this.#depth);
    const files = [...(event.dataTransfer?.files ?? [])];
    const { link, nothingDropped } = this.#handlers;
    const address = link && files.length === 0 ? droppedAddress(event.dataTransfer) : null;
    if (files.length > 0) this.#take(files, nameOf);
    else if (link && address) link(address);
    else nothingDropped();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])].filter(isPicture);
    if (files.length === 0 && !this.#handlers.nothingPasted) return;
    event.preventDefault();
    event.stopPropagation();
    // A picture that was copied has no name of its own; files that were copied have.
    if (files.length > 0) this.#take(files, files.length > 1 ? nameOf : () => (words) => words.pasted);
    else this.#handlers.nothingPasted?.();
  }

  /**
   * @param {File[]} files at least one
   * @param {(file: File) => Phrase} nameOf
   */
  #take(files, nameOf) {
    const { file, files: several } = this.#handlers;
    const first = files.find(isPicture) ?? files[0];
    if (several && files.length > 1) several(files.map((each) => ({ file: each, name: nameOf(each) })));
    else if (first) file(first, nameOf(first));
  }
}

/** @param {File} file */
const isPicture = ({ type }) => type.startsWith('image/');

/**
 * @param {File} file
 * @returns {Phrase}
 */
const nameOf = (file) => () => file.name;
