/**
 * Calls once, as soon as any of the element can be seen.
 *
 * @param {Element} element
 * @param {() => void} visible
 * @returns {() => void} stops looking
 */
export function whenVisible(element, visible) {
  if (typeof IntersectionObserver !== 'function') {
    const timer = setTimeout(visible);
    return () => clearTimeout(timer);
  }
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    visible();
  });
  observer.observe(element);
  return () => observer.disconnect();
}
