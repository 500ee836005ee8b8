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

/**
 * @typedef {object} PhotoHandlers
 * @property {(name: Phrase, get: Get) => void} open
 * @property {(failure: Failure) => void} refuse
 * @property {(over: boolean) => void} dragging whether a file hovers over the page
 */

/**
 * The six ways in: a chosen file, a drop anywhere on the page, a paste, a sample, a picture shared by another program, a file
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
    const { open, refuse, dragging } = handlers;
    this.#handlers = handlers;
    this.fileInput = new FileInput(window, {
      file: (file, name) => open(name, () => file),
      nothingDropped: () => refuse(new Failure('nothing-dropped')),
      nothingPasted: () => refuse(new Failure('nothing-pasted')),
      dragging,
    });
    this.sampleList = new SampleList(localizer, ({ address, name }) =>
      open(name, async (signal) => (await download(new URL(address), undefined, { signal })).blob()),
    );
    this.sampleList.show(samples.map(({ id, url }) => ({ id, address: url.href, name: (words) => words.samples[id] })));
  }

  /** Takes in the picture that this page has been opened for, if it has been. */
  async openShared() {
    const { open, refuse } = this.#handlers;
    whenLaunched({
      files: (files) => {
        const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
        if (file)
          open(
            () => file.name,
            () => file,
          );
      },
      refuse,
    });
    await shared(this.#handlers);
  }
}
