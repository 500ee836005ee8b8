/*
 * Addresses as pages and people have them.
 */

/** @param {string} address relative to the page */
export function parse(address) {
  try {
    return new URL(address, document.baseURI);
  } catch {
    return null;
  }
}

/**
 * The last part of an address, for people.
 * @param {URL} url
 */
export function fileNameOf({ protocol, pathname, host }) {
  if (protocol === 'data:' || protocol === 'blob:') return '';
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || host;
  } catch {
    return last;
  }
}
