// What `scripts/lib/rust-circles.mjs` calls a circle of imports.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { circles, describe, imports } from '../../scripts/lib/rust-circles.mjs';

/** @param {Record<string, string>} files */
const graph = (files) => imports(new Map(Object.entries({ 'lib.rs': 'pub mod train;', ...files })));

/** @param {Record<string, string>} files */
const found = (files) => circles(graph(files)).map((circle) => circle.join(' → '));

test('a planted circle is found, with the names that cause it', () => {
  const files = {
    'train/mod.rs': 'pub mod a;\npub mod b;\npub mod c;\n',
    'train/a.rs': 'use std::fmt;\nuse super::b::{self, Second as Other};\nfn f() { b::go() }\n',
    'train/b.rs': 'use crate::train::c::Third;\n',
    'train/c.rs': 'fn f() -> super::a::First { todo!() }\n',
  };
  const imported = graph(files);
  const planted = circles(imported);
  assert.deepEqual(planted, [['train/a.rs', 'train/b.rs', 'train/c.rs', 'train/a.rs']]);
  const words = describe(imported, planted[0] ?? []);
  assert.match(words, /^train\/a\.rs → train\/b\.rs → train\/c\.rs → train\/a\.rs\n/);
  assert.match(words, /a\.rs takes .*super::b::Second.*super::b::go/);
  assert.match(words, /b\.rs takes crate::train::c::Third/);
  assert.match(words, /c\.rs takes super::a::First/);
});

test('imports that run one way are no circle', () => {
  assert.deepEqual(
    found({
      'train/mod.rs': 'pub mod a;\npub mod b;\npub mod c;\n',
      'train/a.rs': 'use super::{b::Second, c::Third};\n',
      'train/b.rs': 'use super::c::Third;\n',
      'train/c.rs': '',
    }),
    [],
  );
});

test("a name that is handed on is its file's", () => {
  const through = {
    'train/mod.rs': 'pub mod data;\npub mod user;\n',
    'train/data/mod.rs': 'mod types;\nmod load;\npub use types::Example;\npub use load::{load, Loader as Reader};\n',
    'train/data/types.rs': 'pub struct Example;\n',
    'train/data/load.rs': 'use super::Example;\n',
    'train/user.rs': 'use super::data::{self, Reader};\nfn f() { data::load() }\n',
  };
  assert.deepEqual(found(through), [], 'through a module that only hands on');
  assert.deepEqual([...(graph(through).get('train/user.rs') ?? []).keys()], ['train/data/load.rs']);
  const circle = { ...through, 'train/data/types.rs': 'use crate::train::data::Reader;\npub struct Example;\n' };
  assert.deepEqual(found(circle), ['train/data/types.rs → train/data/load.rs → train/data/types.rs']);
});

test('what a mod.rs defines itself is its own', () => {
  const files = {
    'train/mod.rs': 'pub mod a;\nuse a::First;\npub struct Whole(First);\n',
    'train/a.rs': 'use super::Whole;\n',
  };
  assert.deepEqual(found(files), ['train/mod.rs → train/a.rs → train/mod.rs']);
});

test('tests, comments and strings import nothing', () => {
  const files = {
    'train/mod.rs': 'pub mod a;\npub mod b;\n#[cfg(test)]\nmod testing;\n',
    'train/a.rs': 'use super::b::Second;\n',
    'train/b.rs': `//! See [\`super::a::First\`].
/* use super::a::First; */
const TEXT: &str = "} use super::a::First; {";
const SIGNS: [char; 2] = ['"', '\\''];
#[cfg(test)]
use super::a::First;
#[cfg(test)]
mod tests {
    use super::super::a::First;
    fn f() { if true { super::super::a::go() } }
}
`,
    'train/testing.rs': 'use super::a::First;\nuse super::b::Second;\n',
  };
  assert.deepEqual(found(files), []);
  const imported = { ...files, 'train/b.rs': `${files['train/b.rs']}use super::a::First;\n` };
  assert.equal(found(imported).length, 1, 'and what comes after them is read');
});

test('a module inside a file is that file', () => {
  const files = {
    'train/mod.rs': 'pub mod a;\npub mod b;\n',
    'train/a.rs': 'pub struct First;\n#[cfg(feature = "x")]\nmod inner {\n    use super::First;\n}\n',
    'train/b.rs': 'use super::a::First;\n',
  };
  assert.deepEqual(found(files), []);
});
