import css from '../ui/styles.js';

/** @type {WeakMap<Document, CSSStyleSheet>} a style sheet belongs to one document */
const sheets = new WeakMap();

/**
 * The style sheet, which all elements of a document share. As a constructed one it needs no leave from a
 * Content-Security-Policy, whatever the page that it stands in allows.
 *
 * @param {Document} document
 */
export function sheetFor(document) {
  const known = sheets.get(document);
  if (known) return known;
  const Sheet = document.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
  const sheet = new Sheet();
  sheet.replaceSync(css);
  sheets.set(document, sheet);
  return sheet;
}
