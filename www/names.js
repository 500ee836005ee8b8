import { words } from './words.js';

/*
 * What people read for the class names of a weights file. A name is its own English; whoever prefers Chinese gets that
 * before it, from tables that only they fetch (`names/SOURCES.md` says where those come from). A name that is in none
 * of them, as in somebody's own network, is shown as it is.
 */

const TABLES = ['./names/classes.tsv', './names/imagenet.tsv'];

/** @type {Map<string, string>} by the English name */
const chinese = new Map();

/**
 * Fetches the tables where they are wanted.
 * @returns {Promise<boolean>} whether names have changed by it
 */
export async function fetchNames() {
  if (!/^zh\b/i.test(navigator.languages[0] ?? '')) return false;
  // A table that can't be had leaves its names in English, and everything else as it is.
  const tables = await Promise.all(
    TABLES.map(async (table) => {
      const response = await fetch(new URL(table, import.meta.url)).catch(() => null);
      return response?.ok ? response.text() : '';
    }),
  );
  for (const row of tables.flatMap((table) => table.split('\n').slice(1))) {
    const [, english, name] = row.split('\t');
    if (english && name) chinese.set(english, name);
  }
  return chinese.size > 0;
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
