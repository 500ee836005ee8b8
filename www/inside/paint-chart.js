/*
 * Charts of a few shapes, on the page and on a canvas alike: what is saved is what is seen, in the colours that it has there.
 */

/**
 * @param {readonly (readonly [number, number])[]} points
 * @returns {string} for the attribute `d` of a path
 */
export const lineThrough = (points) => points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join('');

/**
 * @param {CanvasRenderingContext2D} context
 * @param {SVGSVGElement} chart of paths and texts, without transformations
 * @param {number} left
 * @param {number} top
 * @param {number} width
 */
export function paintChart(context, chart, left, top, width) {
  const { x, y, width: inner } = chart.viewBox.baseVal;
  const scale = width / inner;
  context.save();
  context.translate(left, top);
  context.scale(scale, scale);
  context.translate(-x, -y);
  for (const element of chart.querySelectorAll('path, text')) {
    const { stroke, strokeWidth, strokeDasharray, fill, fontSize, fontFamily } = getComputedStyle(element);
    if (element instanceof SVGPathElement) {
      const path = new Path2D(element.getAttribute('d') ?? '');
      if (fill !== 'none') {
        context.fillStyle = fill;
        context.fill(path);
      }
      if (stroke !== 'none') {
        context.strokeStyle = stroke;
        context.lineWidth = parseFloat(strokeWidth);
        context.setLineDash(strokeDasharray === 'none' ? [] : strokeDasharray.split(/[\s,]+/).map(parseFloat));
        context.stroke(path);
      }
    } else {
      context.fillStyle = fill;
      context.font = `${parseFloat(fontSize)}px ${fontFamily}`;
      context.textAlign = /** @type {CanvasTextAlign} */ (element.getAttribute('text-anchor') === 'end' ? 'end' : 'start');
      context.fillText(element.textContent ?? '', Number(element.getAttribute('x')), Number(element.getAttribute('y')));
    }
  }
  context.restore();
}

/** @param {SVGSVGElement} chart */
export const heightFor = (chart, /** @type {number} */ width) => (width * chart.viewBox.baseVal.height) / chart.viewBox.baseVal.width;
