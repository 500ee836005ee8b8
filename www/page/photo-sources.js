/** @import { Get } from '../core/controller.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { Failure } from '../core/errors.js';
import { download } from '../core/fetch-progress.js';
import { samples } from '../core/samples.js';
import { whenLaunched } from '../pwa/launched-files.js';
import { shared } from '../pwa/share-target.js';
import { FileInput } from '../ui/file-input.js';
import { SampleList } from '../ui/sample-list.js';
import { isWeights } from '../ui/weights-input.js';
import { linkedPicture } from './linked-picture.js';

/**
 * @typedef {object} PhotoHandlers
 * @property {(name: Phrase, get: Get) => void} open
 * @property {(photos: { name: Phrase, get: Get }[]) => void} openAll
 * @property {(weights: File) => void} openNetwork what came in is no photo but a network
 * @property {(failure: Failure) => void} refuse
 * @property {(over: boolean) => void} dragging whether a file hovers over the page
 */

/**
 * The six ways in: chosen files, a drop anywhere on the page, a paste, a sample, a picture shared by another program, files
 * that the installed page is opened with.
 */
export class PhotoSources {
  #handlers;
  fileInput;
  sampleList;

  /**
   * @param {Localizer} localizer
   * @param {PhotoHandlers} handlers
   */
  constructor(localizer, handlers) {
    const { open, openNetwork, refuse, dragging } = handlers;
    this.#handlers = handlers;
    this.fileInput = new FileInput(window, {
      file: (file, name) => (isWeights(file) ? openNetwork(file) : open(name, () => file)),
      files: (files) => this.#openFiles(files),
      link: (address) => {
        const { name, get } = linkedPicture(address);
        open(name, get);
      },
      nothingDropped: () => refuse(new Failure('nothing-dropped')),
      nothingPasted: () => refuse(new Failure('nothing-pasted')),
      dragging,
    });
    this.sampleList = new SampleList(localizer, ({ address, name }) =>
      open(name, async (signal) => (await download(new URL(address), undefined, { signal })).blob()),
    );
    this.sampleList.show(samples.map(({ id, url }) => ({ id, address: url.href, name: (words) => words.samples[id] })));
  }

  /** Takes in what this page has been opened for, if it has been. */
  async openShared() {
    whenLaunched({
      files: (files) => this.#openFiles(files.map((file) => ({ file, name: () => file.name }))),
      refuse: this.#handlers.refuse,
    });
    await shared(this.#handlers);
  }

  /** @param {readonly { file: File, name: Phrase }[]} files photos, and perhaps a network */
  #openFiles(files) {
    const { openAll, openNetwork } = this.#handlers;
    const network = files.find(({ file }) => isWeights(file));
    if (network) openNetwork(network.file);
    const photos = files.filter(({ file }) => !isWeights(file));
    if (photos.length > 0) openAll(photos.map(({ file, name }) => ({ name, get: () => file })));
  }
}
