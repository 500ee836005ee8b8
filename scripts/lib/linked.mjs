// Prints what a module is made of, crate by crate, before wasm-opt has been at it:
// `node scripts/lib/linked.mjs target/wasm32-unknown-unknown/wasm/glimpse.wasm`. It is the module that was compiled last.
import { readFileSync } from 'node:fs';

const CODE = 10;
const CUSTOM = 0;
const IMPORT = 2;
const DATA = 11;
const NAMES_OF_FUNCTIONS = 1;

const [, , path = 'target/wasm32-unknown-unknown/wasm/glimpse.wasm'] = process.argv;
const bytes = readFileSync(path);
let at = 8;

/** The next number, in LEB128. */
function number() {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}

/** The next string, after its length. */
function string() {
  const length = number();
  at += length;
  return bytes.toString('utf8', at - length, at);
}

function skipLimits() {
  const flags = number();
  number();
  if (flags & 1) number();
}

/** How many of the imports are functions, which are numbered before the module's own. */
function importedFunctions() {
  let functions = 0;
  for (let left = number(); left > 0; left -= 1) {
    string();
    string();
    const kind = number();
    if (kind === 0) {
      number();
      functions += 1;
    } else if (kind === 1) {
      at += 1;
      skipLimits();
    } else if (kind === 2) skipLimits();
    else at += 2;
  }
  return functions;
}

/** @type {Map<number, string>} */
const names = new Map();
/** @type {number[]} */
let sizes = [];
let imported = 0;
let data = 0;
while (at < bytes.length) {
  const kind = bytes[at];
  at += 1;
  const length = number();
  const end = at + length;
  if (kind === IMPORT) imported = importedFunctions();
  else if (kind === DATA) data = length;
  else if (kind === CODE) {
    sizes = Array.from({ length: number() }, () => {
      const size = number();
      at += size;
      return size;
    });
  } else if (kind === CUSTOM && string() === 'name') {
    while (at < end) {
      const part = number();
      const partEnd = number() + at;
      if (part === NAMES_OF_FUNCTIONS) {
        for (let left = number(); left > 0; left -= 1) {
          const index = number();
          names.set(index, string());
        }
      }
      at = partEnd;
    }
  }
  at = end;
}

const CRATES = [...readFileSync('Cargo.lock', 'utf8').matchAll(/^name = "(.*)"$/gm)].map(([, name]) => `${name}`.replaceAll('-', '_'));
CRATES.push('core', 'alloc', 'std', 'compiler_builtins');

/**
 * The crate, and within our own the room, that a function belongs to: the first one that its mangled name says, and ours where it
 * says ours at all. Of what is generic that is often the one whose code it is, and not the one that wanted it.
 * @param {string} name
 */
function owner(name) {
  const ours = /7glimpse(\d+)/.exec(name);
  if (ours) {
    const from = ours.index + ours[0].length;
    return `glimpse::${name.slice(from, from + Number(ours[1]))}`;
  }
  if (name.includes('glimpse..')) return 'glimpse, as a parameter of others';
  let first = { place: Infinity, crate: 'wasm-bindgen (exports and imports)' };
  for (const crate of CRATES) {
    const places = [name.indexOf(`${crate.length}${crate}`), name.indexOf(`${crate}..`)].filter((place) => place >= 0);
    const place = Math.min(...places);
    if (place < first.place) first = { place, crate };
  }
  return first.crate;
}

/** @type {Map<string, { bytes: number, functions: number }>} */
const crates = new Map();
for (const [index, size] of sizes.entries()) {
  const name = owner(names.get(imported + index) ?? '');
  const known = crates.get(name) ?? { bytes: 0, functions: 0 };
  crates.set(name, { bytes: known.bytes + size, functions: known.functions + 1 });
}
const total = sizes.reduce((sum, size) => sum + size, 0);
const sorted = [...crates].sort(([, a], [, b]) => b.bytes - a.bytes);
/** @param {string} name @param {{ bytes: number, functions: number }} of */
const line = (name, { bytes: size, functions }) =>
  `${String(size).padStart(8)} ${((100 * size) / total).toFixed(1).padStart(5)} % ${String(functions).padStart(5)}  ${name}`;
const small = sorted.filter(([, { bytes: size }]) => size < total / 100).map(([, each]) => each);
for (const [name, each] of sorted.slice(0, sorted.length - small.length)) console.log(line(name, each));
const sum = (/** @type {'bytes' | 'functions'} */ key) => small.reduce((added, each) => added + each[key], 0);
console.log(line(`${small.length} others, each under 1 %`, { bytes: sum('bytes'), functions: sum('functions') }));
console.log(`${String(total).padStart(8)} bytes of code, ${data} of data`);
