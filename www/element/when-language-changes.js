/** @type {Set<() => void>} */
const followers = new Set();
/** @type {MutationObserver | null} */
let observer = null;

/**
 * Calls whenever a `lang` changes that an element may take its language from: its own or that of anything around it, out
 * of all shadow roots. One observer serves all elements of the page.
 *
 * @param {Element} element that is in the document
 * @param {() => void} changed
 * @returns {() => void} stops looking
 */
export function whenLanguageChanges(element, changed) {
  observer ??= new MutationObserver(() => {
    for (const follower of followers) follower();
  });
  // Observing what is observed already changes nothing.
  for (let root = element.getRootNode(); ; root = root.host.getRootNode()) {
    observer.observe(root, { subtree: true, attributeFilter: ['lang'] });
    if (!(root instanceof ShadowRoot)) break;
  }
  followers.add(changed);
  return () => {
    followers.delete(changed);
    if (followers.size > 0) return;
    observer?.disconnect();
    observer = null;
  };
}
