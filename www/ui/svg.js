/**
 * A shape of an SVG drawing. Its look is the style sheet's.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function shape(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * The corners of a line, as `polyline` takes them.
 * @param {readonly (readonly [x: number, y: number])[]} points
 */
export const corners = (points) => points.map(([x, y]) => `${x},${y}`).join(' ');
