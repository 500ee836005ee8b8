// The table of what works in which browser, in README, made by the last run of tests/everywhere:
//
//   node scripts/lib/browsers.mjs            writes it
//   node scripts/lib/browsers.mjs --check    is it what the last run came to? Versions may differ: they change by themselves
//   node scripts/lib/browsers.mjs --forget   before a run
import { readFileSync, writeFileSync } from 'node:fs';
import { forgetResults, readResults } from '../../tests/everywhere/results.js';

const README = new URL('../../README.md', import.meta.url);
const PLACE = /(<!-- browsers: .*? -->\n)[\s\S]*?(\n<!-- \/browsers -->)/;

/** @param {import('../../tests/everywhere/results.js').Results[]} results */
function table(results) {
  const names = [...new Set(results.flatMap(({ steps }) => steps.map(({ name }) => name)))];
  const cell = (/** @type {string} */ name, /** @type {(typeof results)[number]} */ { steps }) => {
    const step = steps.find((other) => other.name === name);
    return step ? (step.passed ? 'works' : 'fails') : 'not tried';
  };
  const rows = [
    ['', ...results.map(({ browser, version }) => `${browser} ${version}`)],
    ['---', ...results.map(() => '---')],
    ...names.map((name) => [name, ...results.map((result) => cell(name, result))]),
  ];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** @param {string} text */
const withoutVersions = (text) => text.replace(/(Chromium|Firefox|WebKit) [\d.]+/g, '$1');

const [, , what] = process.argv;
if (what === '--forget') {
  forgetResults();
} else {
  const results = readResults();
  if (results.length < 3) throw new Error(`Only ${results.map(({ browser }) => browser).join(', ') || 'nothing'} has run: run 'scripts/test everywhere'.`);
  const readme = String(readFileSync(README));
  if (!PLACE.test(readme)) throw new Error('README.md has lost the place for the table of browsers.');
  const now = readme.replace(PLACE, (_, before, after) => `${before}\n${table(results)}\n${after}`);
  if (what !== '--check') writeFileSync(README, now);
  else if (withoutVersions(now) !== withoutVersions(readme)) {
    console.error(`\nglimpse: README.md says otherwise than the last run: 'node scripts/lib/browsers.mjs' writes what that came to:\n\n${table(results)}`);
    process.exitCode = 1;
  }
}
