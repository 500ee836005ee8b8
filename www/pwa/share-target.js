/** @import { Phrase } from '../i18n/index.js' */
import { Failure, messageOf } from '../core/errors.js';
import { sharedCache } from './cache-names.js';

/*
 * A picture that another program has shared with the page: the service worker has put it aside and opened the page with
 * a query that says so.
 */

/**
 * @param {object} handlers
 * @param {(name: Phrase, get: () => File) => void} handlers.open
 * @param {(failure: Failure) => void} handlers.refuse
 */
export async function shared({ open, refuse }) {
  const address = new URL(location.href);
  const query = address.searchParams.get('shared');
  if (query === null) return;
  address.searchParams.delete('shared');
  history.replaceState(history.state, '', address); // a reload is not another share
  try {
    if (query === 'lost') throw new Failure('shared-lost');
    const file = await take();
    if (file)
      open(
        (words) => file.name || words.shared,
        () => file,
      );
    else throw new Failure('nothing-shared');
  } catch (error) {
    refuse(error instanceof Failure ? error : new Failure('shared-lost', { detail: messageOf(error) }, error));
  }
}

/** @returns {Promise<File | null>} the picture, which is nowhere else from then on */
async function take() {
  const folder = new URL('./', location.href).href;
  const name = sharedCache(folder);
  const kept = await caches.match(`${folder}shared`, { cacheName: name });
  if (!kept) return null;
  const { headers } = kept;
  const blob = await kept.blob();
  await caches.delete(name);
  return new File([blob], decodeURIComponent(headers.get('x-name') ?? ''), { type: headers.get('content-type') ?? '' });
}
