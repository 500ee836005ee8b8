/** @import { Words } from './index.js' */

/*
 * What people read for the class names of a weights file. Those are English; other languages have theirs in tables that
 * only they fetch (`i18n/tables/SOURCES.md` says where those come from). A name that is in none of them, as in somebody's own
 * network, is shown as it is.
 */

const TABLES = [new URL('./tables/classes.tsv', import.meta.url), new URL('./tables/imagenet.tsv', import.meta.url)];

/** @type {Map<string, Promise<ReadonlyMap<string, string>>>} by the column; each is read once */
const known = new Map();

/** The class names of one language. */
export class ClassNames {
  #words;
  /** @type {ReadonlyMap<string, string>} by the English name */
  #names = new Map();

  /** @param {Words} words */
  constructor(words) {
    this.#words = words;
  }

  /**
   * Fetches them where the language has its own.
   * @returns {Promise<boolean>} whether names have changed by it
   */
  async fetch() {
    const column = this.#words.names;
    if (!column) return false;
    const reading = known.get(column) ?? read(column);
    known.set(column, reading);
    this.#names = await reading;
    return this.#names.size > 0;
  }

  /**
   * A class by its name.
   * @param {string} label
   * @param {string | null} [none] the label that means none of the others
   */
  nameOf(label, none) {
    return label === none ? this.#words.none : this.#words.named(label, this.#names.get(label));
  }

  /**
   * The same as it stands within a sentence.
   * @param {string} label
   * @param {string | null} [none]
   */
  thing(label, none) {
    return label === none ? this.#words.none : this.#words.thing(label, this.#names.get(label));
  }
}

/**
 * @param {string} column
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
async function read(column) {
  // A table that can't be had leaves its names in English, and everything else as it is.
  const tables = await Promise.all(
    TABLES.map(async (table) => {
      const response = await fetch(table).catch(() => null);
      return response?.ok ? response.text().catch(() => '') : '';
    }),
  );
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const table of tables) {
    const [head = [], ...rows] = table.split(/\r?\n/).map((row) => row.split('\t'));
    const [from, to] = [head.indexOf('en'), head.indexOf(column)];
    for (const row of rows) {
      const [english, name] = [row[from], row[to]];
      if (english && name) names.set(english, name);
    }
  }
  return names;
}
