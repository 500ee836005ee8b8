// Gives functions that a module imports short names, in the module and in its glue, and leaves comments and indentation out of the glue:
// `node scripts/lib/short-imports.mjs <folder>`. wasm-bindgen's names end in 16 random digits each, which nothing compresses, and
// stand in both files.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const HEADER = 8;
const IMPORT = 2;
const KINDS = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };

/** @param {number} value in LEB128 */
function encode(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}

/** Reads a module from front to back. */
class Reader {
  /** @param {Buffer} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at] ?? 0;
      this.at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  limits() {
    const more = this.number() & 1;
    this.number();
    if (more) this.number();
  }

  /** What an import is, which is left as it is. */
  description() {
    const start = this.at;
    const kind = this.number();
    if (kind === KINDS.table) this.at += 1;
    if (kind === KINDS.table || kind === KINDS.memory) this.limits();
    else if (kind === KINDS.global) this.at += 2;
    else if (kind === KINDS.tag) this.at += 1;
    if (kind === KINDS.function || kind === KINDS.tag) this.number();
    return this.bytes.subarray(start, this.at);
  }
}

/** The place of a name among all of them, in letters: a, b, …, z, aa, ab, … @param {number} place @returns {string} */
function letters(place) {
  const LETTERS = 26;
  const last = String.fromCharCode(97 + (place % LETTERS));
  return place < LETTERS ? last : letters(Math.floor(place / LETTERS) - 1) + last;
}

/**
 * The module with other names for what it imports, and what each of them was.
 *
 * @param {Buffer} wasm
 */
export function shortenImports(wasm) {
  /** @type {Map<string, string>} */
  const names = new Map();
  /** @type {Uint8Array[]} */
  const parts = [wasm.subarray(0, HEADER)];
  const reader = new Reader(wasm, HEADER);
  while (reader.at < wasm.length) {
    const start = reader.at;
    const section = reader.number();
    const end = reader.number() + reader.at;
    if (section === IMPORT) {
      const count = reader.number();
      /** @type {Uint8Array[]} */
      const entries = [encode(count)];
      for (let each = 0; each < count; each += 1) {
        const [from, name] = [reader.text(), reader.text()];
        // A memory has a short name, which the glue says in many places.
        const isFunction = wasm[reader.at] === KINDS.function;
        const short = isFunction ? (names.get(name) ?? letters(names.size)) : name;
        if (isFunction) names.set(name, short);
        entries.push(encode(Buffer.byteLength(from)), Buffer.from(from), encode(Buffer.byteLength(short)), Buffer.from(short), reader.description());
      }
      const content = Buffer.concat(entries);
      parts.push(Buffer.from([IMPORT]), encode(content.length), content);
    } else parts.push(wasm.subarray(start, end));
    reader.at = end;
  }
  return { wasm: Buffer.concat(parts), names };
}

/**
 * The glue with these names, without comments on lines of their own and without indentation. Throws where a name is not there exactly
 * once, as wasm-bindgen writes it, or where a text has no end.
 *
 * @param {string} glue
 * @param {Map<string, string>} names
 */
export function shortenGlue(glue, names) {
  /** @type {Map<string, number>} */
  const found = new Map();
  const renamed = glue.replace(/[\w$]+/g, (word) => {
    const short = names.get(word);
    if (short === undefined) return word;
    found.set(word, (found.get(word) ?? 0) + 1);
    return short;
  });
  for (const name of names.keys()) {
    if (found.get(name) !== 1) throw new Error(`the glue has the import ${name} ${found.get(name) ?? 0} times, and once was expected`);
  }
  let isWithinText = false;
  const bare = renamed.replace(/^ *\/\*\*$[\s\S]*?^ *\*\/\n/gm, '').replace(/^.*\n?/gm, (line) => {
    const isCode = !isWithinText;
    if (line.split('`').length % 2 === 0) isWithinText = isCode;
    if (!isCode) return line; // of a text of several lines, whose indentation may count
    return /^ *\/\//.test(line) ? '' : line.trimStart();
  });
  if (isWithinText) throw new Error('a text of the glue has no end');
  return bare;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [module, glue] = ['glimpse_bg.wasm', 'glimpse.js'].map((name) => join(process.argv[2] ?? '', name));
  const short = shortenImports(readFileSync(String(module)));
  writeFileSync(String(glue), shortenGlue(String(readFileSync(String(glue))), short.names));
  writeFileSync(String(module), short.wasm);
}
