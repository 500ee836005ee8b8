/** @import { AtThreshold } from '../core/types.js' */
import { corners, shape } from './svg.js';

/** Side of the drawing, and what is left around it for the line's width. */
const SIDE = 100;

/** Precision (up) over recall (to the right), both from 0 to 1, and a mark where the threshold stands. */
export class PrecisionRecallChart {
  #line = shape('polyline', { class: 'curve' });
  #mark = shape('circle', { class: 'mark', r: '4' });

  /** @param {SVGSVGElement} root */
  constructor(root) {
    root.setAttribute('viewBox', `-4 -4 ${SIDE + 8} ${SIDE + 8}`);
    const frame = shape('path', { class: 'frame', d: `M0 0V${SIDE}H${SIDE}` });
    root.replaceChildren(frame, this.#line, this.#mark);
  }

  /** @param {readonly AtThreshold[]} points */
  draw(points) {
    this.#line.setAttribute('points', corners(points.map(({ recall, precision }) => [recall * SIDE, (1 - precision) * SIDE])));
  }

  /** @param {AtThreshold | null} at null where there is no answer yes */
  mark(at) {
    this.#mark.toggleAttribute('hidden', !at);
    if (!at) return;
    this.#mark.setAttribute('cx', String(at.recall * SIDE));
    this.#mark.setAttribute('cy', String((1 - at.precision) * SIDE));
  }
}
