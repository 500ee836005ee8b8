import { download } from '../core/fetch-progress.js';
import { Failure } from '../core/errors.js';
import { shared } from '../pwa/share-target.js';
import { samples } from '../core/samples.js';
import { words } from '../page/words.js';
import { get, make } from './dom.js';

/*
 * The five ways in: a chosen file, a drop anywhere on the page, a paste, a sample, a picture shared by another program.
 */

/**
 * @typedef {object} Takes
 * @property {(name: string, get: (signal: AbortSignal) => Blob | Promise<Blob>) => void} open
 * @property {(failure: Failure) => void} refuse
 */

/** @param {Takes} takes */
export function listen(takes) {
  chosen(takes);
  dropped(takes);
  pasted(takes);
  sampled(takes);
  shared(takes);
}

/** @param {Takes} takes */
function chosen({ open }) {
  const input = get('file', HTMLInputElement);
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) open(file.name, () => file);
    input.value = ''; // so that the same file can be chosen again
  });
  // The whole empty stage is a button for those who point; the others have the input itself. A live picture fills it, too.
  const stage = get('drop', HTMLElement);
  stage.addEventListener('click', ({ target }) => {
    const handled = target instanceof Element && target.closest('label, input, button');
    const filled = 'photo' in stage.dataset || 'live' in document.documentElement.dataset;
    if (!handled && !filled) input.click();
  });
}

/** @param {Takes} takes */
function dropped({ open, refuse }) {
  const root = document.documentElement;
  let depth = 0; // dragenter and dragleave come for every element passed
  const over = (/** @type {number} */ change) => {
    depth = Math.max(0, depth + change);
    root.toggleAttribute('data-dragging', depth > 0);
  };
  addEventListener('dragenter', (event) => {
    event.preventDefault();
    over(+1);
  });
  addEventListener('dragleave', () => over(-1));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    over(-depth);
    const files = [...(event.dataTransfer?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
    if (file) open(file.name, () => file);
    else refuse(new Failure('nothing-dropped'));
  });
}

/** @param {Takes} takes */
function pasted({ open, refuse }) {
  addEventListener('paste', (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    event.preventDefault();
    if (file) open(words.pasted, () => file);
    else refuse(new Failure('nothing-pasted'));
  });
}

/** @param {Takes} takes */
function sampled({ open }) {
  const list = get('samples', HTMLElement);
  list.replaceChildren(
    ...samples.map(({ id, url }) => {
      const picture = make('img', { src: url.href, alt: words.samples[id], width: '96', height: '96', draggable: 'false', decoding: 'async' });
      const button = make('button', { type: 'button', 'data-sample': id }, picture);
      button.addEventListener('click', () => {
        open(words.samples[id], async (signal) => (await download(url, undefined, { signal })).blob());
      });
      return make('li', {}, button);
    }),
  );
}
