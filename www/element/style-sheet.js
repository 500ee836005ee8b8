import css from '../ui/styles.js';

/** @type {WeakMap<Document, CSSStyleSheet>} a style sheet belongs to one document */
const sheets = new WeakMap();

/**
 * Gives a shadow root the style sheet, which all elements of a document share. As a constructed one it needs no leave from
 * a Content-Security-Policy, whatever the page that it stands in allows. Firefox before 101 can't construct one, and gets a
 * `style` element.
 *
 * @param {ShadowRoot} root
 */
export function addStyles(root) {
  if ('adoptedStyleSheets' in root) {
    root.adoptedStyleSheets = [sheetFor(root.ownerDocument)];
  } else if (!(/** @type {ShadowRoot} */ (root).querySelector('style'))) {
    const style = document.createElement('style');
    style.textContent = css;
    /** @type {ShadowRoot} */ (root).prepend(style);
  }
}

/** @param {Document} document */
function sheetFor(document) {
  const known = sheets.get(document);
  if (known) return known;
  const Sheet = document.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
  const sheet = new Sheet();
  sheet.replaceSync(css);
  sheets.set(document, sheet);
  return sheet;
}
