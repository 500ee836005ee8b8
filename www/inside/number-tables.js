import { make } from '../ui/dom.js';

/**
 * A patch of numbers as a small table.
 *
 * @param {string} caption
 * @param {ArrayLike<number>} numbers row by row
 * @param {number} columns
 * @param {(value: number) => string} text
 * @param {(at: number) => boolean} [marked]
 */
export function patchTable(caption, numbers, columns, text, marked = () => false) {
  const rows = Array.from({ length: numbers.length / columns }, (_, row) =>
    make(
      'tr',
      {},
      ...Array.from({ length: columns }, (_, column) => {
        const at = row * columns + column;
        const value = text(Number(numbers[at]));
        return make('td', {}, marked(at) ? make('strong', {}, value) : value);
      }),
    ),
  );
  return make('table', { class: 'patch' }, make('caption', {}, caption), make('tbody', {}, ...rows));
}

/**
 * A table with a name in each row.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function rowTable(head, rows) {
  return make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...head.map((text) => (text ? make('th', { scope: 'col' }, text) : make('td', {}))))),
    make('tbody', {}, ...rows.map(([name = '', ...cells]) => make('tr', {}, make('th', { scope: 'row' }, name), ...cells.map((text) => make('td', {}, text))))),
  );
}
