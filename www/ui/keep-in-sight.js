/** So much of a control must be seen for it to count as in sight: pixels may be cut. */
const WHOLE = 0.99;

/**
 * What has the keyboard's focus stays in sight where the page grows or shrinks above it by itself, as it does under a live
 * picture. Whoever scrolls away from it is left where they are.
 *
 * @param {Iterable<Element>} parts of the page whose heights change
 */
export function keepFocusInSight(parts) {
  /** @type {EventTarget | null} what has the focus, while it is in sight */
  let seen = null;
  const sight = new IntersectionObserver(
    (entries) => {
      const last = entries[entries.length - 1];
      seen = last && last.intersectionRatio >= WHOLE ? last.target : null;
    },
    { threshold: WHOLE },
  );
  document.addEventListener('focusin', ({ target }) => {
    sight.disconnect();
    seen = null;
    if (!(target instanceof Element) || !target.matches(':focus-visible')) return;
    seen = target; // the browser scrolls to it
    sight.observe(target);
  });
  document.addEventListener('focusout', () => {
    sight.disconnect();
    seen = null;
  });
  const sizes = new ResizeObserver(() => {
    if (seen instanceof Element) seen.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  for (const part of parts) sizes.observe(part);
}
