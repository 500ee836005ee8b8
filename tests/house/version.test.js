// That the page's foot says the version and links to the source, where Cargo.toml names them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { versionLine } from '../../scripts/lib/version.mjs';

test('the version is the package’s own, and the source is linked where it is named', () => {
  const manifest = '[package]\nname = "x"\nversion = "1.2.3"\n\n[dependencies]\nother = { version = "9" }\nversion = "8"\nrepository = "https://no.example"\n';
  assert.equal(versionLine(manifest), '<p id="version">glimpse 1.2.3</p>');
  const named = manifest.replace('\n\n', '\nrepository = "https://example.org/?a=1&b=2"\n\n');
  assert.equal(versionLine(named), '<p id="version">glimpse 1.2.3 <a href="https://example.org/?a=1&amp;b=2" data-word="sourceCode">Source code</a></p>');
  assert.throws(() => versionLine('[dependencies]\nversion = "1"\n'), /names no version/);
  assert.match(versionLine(readFileSync(new URL('../../Cargo.toml', import.meta.url), 'utf8')), /glimpse \d+\.\d+\.\d+/);
});
