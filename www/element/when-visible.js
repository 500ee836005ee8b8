/**
 * Calls once, as soon as any of the element can be seen.
 *
 * @param {Element} element
 * @param {() => void} seen
 * @returns {() => void} stops looking
 */
export function whenVisible(element, seen) {
  if (typeof IntersectionObserver !== 'function') {
    const timer = setTimeout(seen);
    return () => clearTimeout(timer);
  }
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    seen();
  });
  observer.observe(element);
  return () => observer.disconnect();
}
