/** @import { Get } from '../core/controller.js' */
/** @import { Phrase } from '../i18n/index.js' */
import { Failure } from '../core/errors.js';
import { parse } from '../core/addresses.js';
import { pictureOf } from '../core/source-to-blob.js';

/**
 * A picture by its address, as it is dragged here from another tab. The page's policy lets it fetch from its own site alone,
 * and so it should: what lies elsewhere would be asked for by somebody who only meant to look at it here. The browser isn't
 * even asked, for it would tell the console.
 *
 * @param {string} address
 * @returns {{ name: Phrase, get: Get }}
 */
export function linkedPicture(address) {
  const url = parse(address);
  if (url?.protocol === 'data:') return { name: (words) => words.widget.given, get: () => unpack(url.href) };
  const { name, get } = pictureOf(address);
  return {
    name: (words) => name || words.widget.given,
    get: (signal) => {
      if (url && url.origin !== location.origin) throw new Failure('picture-elsewhere', { host: url.host || url.protocol });
      return get(signal);
    },
  };
}

/**
 * What a `data:` address holds; the policy forbids fetching one.
 * @param {string} address
 */
function unpack(address) {
  const [, type, base64, body = ''] = /^data:([^;,]*)[^,]*?(;base64)?,(.*)$/s.exec(address) ?? [];
  try {
    const text = decodeURIComponent(body);
    return new Blob([base64 ? Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)) : text], { type: type ?? '' });
  } catch (error) {
    throw new Failure('file-unreadable', {}, error);
  }
}
