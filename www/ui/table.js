import { make } from './dom.js';

/**
 * A table whose first column names the rows.
 *
 * @param {string} caption said to those who don't see what stands above it
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | Node)[])[]} rows
 */
export function makeTable(caption, head, rows) {
  return make(
    'table',
    {},
    make('caption', { class: 'unseen' }, caption),
    make('thead', {}, make('tr', {}, ...head.map((title) => make('th', { scope: 'col' }, title)))),
    make('tbody', {}, ...rows.map(([name = '', ...cells]) => make('tr', {}, make('th', { scope: 'row' }, name), ...cells.map((cell) => make('td', {}, cell))))),
  );
}

/**
 * What may be wider than the page, and is scrolled then, by keys, too.
 *
 * @param {string} label
 * @param {HTMLElement} content
 */
export const scrolled = (label, content) => make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, content);

/**
 * The same figures as a chart's, to be read one by one.
 *
 * @param {string} summary
 * @param {HTMLTableElement} table
 */
export const asTable = (summary, table) => make('details', {}, make('summary', {}, summary), scrolled(summary, table));
