/**
 * An element of the page.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * A push button, whose text comes later.
 *
 * @param {string} id unique in its document or shadow root
 * @param {string} look classes of the style sheet
 * @param {() => void} pressed
 */
export function makeButton(id, look, pressed) {
  const button = make('button', { type: 'button', id, class: look, part: 'button' });
  button.addEventListener('click', pressed);
  return button;
}

/**
 * Changes the text only where it differs, so that a live region announces news only.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
