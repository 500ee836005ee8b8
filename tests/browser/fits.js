/** @import { Page } from 'playwright-core' */

/**
 * What doesn't fit in the page as it is shown now: what sticks out of it, what is cut off, and what lies over something
 * else. The name of a photo may be cut off, for an ellipsis says so.
 *
 * @param {Page} page
 * @param {string} [scrolled] a selector of what may be wider than the page, because it is scrolled sideways by itself
 * @returns {Promise<string[]>}
 */
export function misfitsOf(page, scrolled = ':not(*)') {
  return page.evaluate((scrolled) => {
    const width = document.documentElement.clientWidth;
    const shown = [...document.body.querySelectorAll('*')].filter(
      (element) =>
        element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.matches('.unseen, option') && !element.closest(scrolled),
    );
    const called = (/** @type {Element} */ element) =>
      `${element.localName}${element.id && `#${element.id}`} “${(element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)}”`;
    /** @type {string[]} */
    const misfits = [];
    if (document.documentElement.scrollWidth > width) misfits.push(`the page is ${document.documentElement.scrollWidth - width} pixels too wide`);

    // Only what takes up room of its own: text, and controls.
    /** @type {{ element: Element, boxes: DOMRect[] }[]} */
    const pieces = [];
    for (const element of shown) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
      const cuts = overflowX !== 'visible' && overflowY !== 'auto' && textOverflow !== 'ellipsis' && element.textContent?.trim();
      if (cuts && !element.matches('.stage, .bar') && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
        misfits.push(`cut off: ${called(element)}`);
      }
      const texts = [...element.childNodes].filter((node) => node instanceof Text && node.data.trim());
      const boxes = texts.flatMap((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return [...range.getClientRects()];
      });
      if (element.matches('select, input, canvas, video, img, progress')) boxes.push(element.getBoundingClientRect());
      if (boxes.length && textOverflow !== 'ellipsis') pieces.push({ element, boxes });
    }
    for (const { element, boxes } of pieces) {
      if (boxes.some(({ left, right }) => left < -0.5 || right > width + 0.5)) misfits.push(`sticks out: ${called(element)}`);
      const frame = element.closest('button, .button, li, .stage, .notice, .bars')?.getBoundingClientRect();
      if (frame && boxes.some(({ left, right }) => left < frame.left - 1 || right > frame.right + 1))
        misfits.push(`sticks out of its frame: ${called(element)}`);
    }
    pieces.forEach(({ element, boxes }, at) => {
      for (const other of pieces.slice(at + 1)) {
        if (element.contains(other.element) || other.element.contains(element)) continue;
        const over = boxes.some((a) =>
          // Lines that are set tight touch each other; letters lie on letters only where more of them is shared.
          other.boxes.some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5),
        );
        if (over) misfits.push(`one over the other: ${called(element)} and ${called(other.element)}`);
      }
    });
    return misfits;
  }, scrolled);
}
