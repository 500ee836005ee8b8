/** @import { Row } from './batch.js' */
/** @import { Ranked } from '../core/types.js' */
import { single, toJsonLine } from '../core/answer-json.js';

/*
 * The answers as files, with the columns and names of `glimpse classify --format csv` and `--format json`.
 */

/** How many classes and names a line of the table has, as `--top-k` has it where nobody says. */
const TOP = 3;

/**
 * @param {readonly Row[]} rows
 * @returns {string} a table with a line for each picture
 */
export function toCsv(rows) {
  const lines = rows.map(({ path, answer }) => [
    ['picture', path],
    ['sure', String(answer.sure)],
    ...columns('class', answer.ranked),
    ...columns('name', answer.vocabulary ?? []),
  ]);
  const titles = lines[0]?.map(([title = '']) => title) ?? [];
  return [titles, ...lines.map((line) => line.map(([, value = '']) => value))].map((line) => `${line.map(field).join(',')}\n`).join('');
}

/**
 * @param {readonly Row[]} rows
 * @returns {string} a line of JSON for each picture, with all classes
 */
export function toJson(rows) {
  return rows.map(({ path, answer }) => toJsonLine(path, answer)).join('');
}

/**
 * @param {'class' | 'name'} what
 * @param {readonly Ranked[]} ranked
 */
function columns(what, ranked) {
  const title = what === 'class' ? 'probability' : `${what}_probability`;
  return ranked.slice(0, TOP).flatMap(({ label, probability }, place) => [
    [`${what}_${place + 1}`, label],
    [`${title}_${place + 1}`, plain(single(probability))],
  ]);
}

/** Without an exponent. @param {number} value in `[0, 1]` */
function plain(value) {
  const [mantissa = '', exponent] = String(value).split('e-');
  return exponent ? `0.${'0'.repeat(Number(exponent) - 1)}${mantissa.replace('.', '')}` : mantissa;
}

/** @param {string} text */
const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
