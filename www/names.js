import { words } from './words.js';

/*
 * What people read for the class names of a weights file. A name is its own English; whoever prefers Chinese gets that
 * before it, from tables that only they fetch (`names/SOURCES.md` says where those come from). A name that is in none
 * of them, as in somebody's own network, is shown as it is.
 */

const TABLES = [new URL('./names/classes.tsv', import.meta.url), new URL('./names/imagenet.tsv', import.meta.url)];

/** @type {ReadonlyMap<string, string>} by the English name */
let chinese = new Map();

/** @type {Promise<ReadonlyMap<string, string>> | undefined} */
let reading;

/**
 * Fetches the tables where they are wanted.
 * @returns {Promise<boolean>} whether names have changed by it
 */
export async function fetchNames() {
  if (!/^zh\b/i.test(navigator.languages[0] ?? '')) return false;
  chinese = await chineseNames();
  return chinese.size > 0;
}

/** The Chinese names by the English ones; they are fetched once. */
export function chineseNames() {
  return (reading ??= readTables());
}

async function readTables() {
  // A table that can't be had leaves its names in English, and everything else as it is.
  const tables = await Promise.all(
    TABLES.map(async (table) => {
      const response = await fetch(table).catch(() => null);
      return response?.ok ? response.text().catch(() => '') : '';
    }),
  );
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const row of tables.flatMap((table) => table.split('\n').slice(1))) {
    const [, english, name] = row.split('\t');
    if (english && name) names.set(english, name);
  }
  return names;
}

/**
 * @param {string} label
 * @param {string | null} [none] the label that means none of the others
 */
export function nameOf(label, none) {
  const english = label === none ? words.none : label;
  const name = chinese.get(english);
  return name ? `${name} ${english}` : english;
}

/**
 * The same as it stands in a sentence: articles are for English names of things.
 * @param {string} label
 * @param {string | null} none
 */
export function thing(label, none) {
  return label === none || chinese.has(label) ? nameOf(label, none) : words.withArticle(label);
}
