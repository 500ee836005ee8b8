import { make } from '../ui/dom.js';
import { heightFor, paintChart } from './paint-chart.js';

/*
 * What a view shows as one picture with its captions, for people to keep. No network sees it.
 */

/** Pixels. */
const MARGIN = 32;
const GAP = 24;
const LINE = 24;

/**
 * A picture or a chart, or both, with lines under them.
 * @typedef {{ picture?: HTMLCanvasElement, chart?: SVGSVGElement, lines: readonly string[] }} Item
 */

/**
 * @param {object} sheet
 * @param {readonly string[]} sheet.title
 * @param {HTMLElement} [sheet.key] a list, in which a swatch stands before each name
 * @param {readonly Item[]} sheet.items
 * @param {number} sheet.across how many stand beside each other
 * @param {number} sheet.width of each, in pixels
 * @param {Element} place in whose colours and fonts it is drawn
 * @returns {HTMLCanvasElement}
 */
export function drawSheet({ title, key, items, across, width }, place) {
  const { color, fontFamily } = getComputedStyle(place);
  const paper = getComputedStyle(document.documentElement).backgroundColor;
  const canvas = make('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const columns = Math.max(1, Math.min(across, items.length));
  const rows = Array.from({ length: Math.ceil(items.length / columns) }, (_, row) => items.slice(row * columns, (row + 1) * columns));
  const highest = (/** @type {readonly Item[]} */ row) => Math.max(...row.map((item) => heightOf(item, width)));
  canvas.width = 2 * MARGIN + columns * width + (columns - 1) * GAP;
  const head = LINE * (title.length + (key ? 2 : 1));
  canvas.height = 2 * MARGIN + head + rows.reduce((sum, row) => sum + highest(row) + GAP, 0);
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'top';
  const write = (/** @type {readonly string[]} */ lines, /** @type {number} */ left, /** @type {number} */ top, /** @type {number} */ room) => {
    lines.forEach((line, at) => {
      context.fillStyle = color;
      context.font = `${at === 0 && lines.length > 1 ? '600 ' : ''}16px ${fontFamily}`;
      context.fillText(line, left, top + at * LINE, room); // narrower letters, rather than a line that is cut
    });
  };
  write(title, MARGIN, MARGIN, canvas.width - 2 * MARGIN);
  if (key) drawKey(context, key, MARGIN, MARGIN + LINE * title.length, `16px ${fontFamily}`, color);
  let top = MARGIN + head;
  for (const row of rows) {
    row.forEach((item, column) => {
      const left = MARGIN + column * (width + GAP);
      let at = top;
      if (item.picture) {
        const height = (width * item.picture.height) / item.picture.width;
        context.imageSmoothingEnabled = item.picture.width > width;
        context.imageSmoothingQuality = 'high';
        context.drawImage(item.picture, left, at, width, height);
        at += height + 8;
      }
      if (item.chart) {
        context.textBaseline = 'alphabetic';
        paintChart(context, item.chart, left, at, width);
        context.textBaseline = 'top';
        at += heightFor(item.chart, width) + 8;
      }
      write(item.lines, left, at, width);
    });
    top += highest(row) + GAP;
  }
  return canvas;
}

/**
 * @param {Item} item
 * @param {number} width
 */
function heightOf({ picture, chart, lines }, width) {
  return (picture ? (width * picture.height) / picture.width + 8 : 0) + (chart ? heightFor(chart, width) + 8 : 0) + LINE * lines.length;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} key
 * @param {number} left
 * @param {number} top
 * @param {string} font
 * @param {string} colour
 */
function drawKey(context, key, left, top, font, colour) {
  context.font = font;
  let at = left;
  for (const item of key.children) {
    const swatch = /** @type {Element} */ (item.firstElementChild);
    const { borderTopStyle, borderTopColor, borderTopLeftRadius, backgroundColor } = getComputedStyle(swatch);
    context.strokeStyle = borderTopColor;
    context.fillStyle = backgroundColor;
    context.lineWidth = 2;
    context.setLineDash(borderTopStyle === 'dashed' ? [4, 3] : []);
    context.beginPath();
    if (borderTopStyle !== 'none') {
      context.moveTo(at, top + 9);
      context.lineTo(at + 22, top + 9);
      context.stroke();
    } else {
      // A dot or a square, as in the chart.
      if (borderTopLeftRadius === '0px') context.rect(at + 6, top + 4, 10, 10);
      else context.arc(at + 11, top + 9, 5, 0, 2 * Math.PI);
      context.fill();
    }
    context.setLineDash([]);
    context.fillStyle = colour;
    const text = item.textContent ?? '';
    context.fillText(text, at + 30, top);
    at += 30 + context.measureText(text).width + 24;
  }
}
