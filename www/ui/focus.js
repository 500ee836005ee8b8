/*
 * Whoever works with the keyboard goes on near the control that disappears under their hands.
 */

/**
 * What has the focus around a node: in its document, or in its shadow root.
 * @param {Node} node
 */
export function focusedAround(node) {
  const root = node.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
}

/** @param {Element} control */
export function isUsable(control) {
  return control.getClientRects().length > 0 && !control.matches(':disabled');
}

/**
 * Gives the focus to the first of them that can take it.
 * @param {Iterable<HTMLElement>} controls
 * @param {FocusOptions} [options]
 */
export function focusFirst(controls, options = { preventScroll: true }) {
  [...controls].find(isUsable)?.focus(options);
}
