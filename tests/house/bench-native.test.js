// What scripts/bench-native reads and draws.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { mediansOf } from '../../scripts/lib/bench-native/divan.mjs';
import { figureOf } from '../../scripts/lib/bench-native/figure.mjs';

const PRINTED = `Timer precision: 20 ns
network                fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ batch_on_one_core                 │               │               │               │         │
│  ├─ ("cifar10", 1)   801.3 µs      │ 5.7 ms        │ 1.641 ms      │ 2.975 ms      │ 3       │ 3
│  │                   638.4 item/s  │ 174.9 item/s  │ 609 item/s    │ 336.1 item/s  │         │
│  ╰─ ("photo", 64)    789.6 ms      │ 2.1 s         │ 1.2 s         │ 1.3 s         │ 3       │ 3
│                      81.04 item/s  │ 76.42 item/s  │ 78.59 item/s  │ 78.64 item/s  │         │
├─ ours                801.3 µs      │ 1.605 ms      │ 950 µs        │ 1.16 ms       │ 3       │ 3
╰─ photo_to_tensor                   │               │               │               │         │
   ╰─ (8000, 6000)     67.37 ms      │ 107 ms        │ 84 ms         │ 86.45 ms      │ 3       │ 3
`;

test('the medians are read from what the benchmarks print', () => {
  const found = mediansOf(PRINTED).map(({ bench, argument, seconds }) => [bench, argument, Number(seconds.toPrecision(6))]);
  assert.deepEqual(found, [
    ['batch_on_one_core', '("cifar10", 1)', 0.001641],
    ['batch_on_one_core', '("photo", 64)', 1.2],
    ['ours', '', 0.00095],
    ['photo_to_tensor', '(8000, 6000)', 0.084],
  ]);
  assert.deepEqual(mediansOf(''), []);
});

test('the figure has a mark for everything measured, inside its edges', () => {
  const photos = [224, 1000, 8000].map((width) => ({ width, height: width, seconds: width / 1e4 }));
  const batches = /** @type {const} */ (['small', 'photo']).flatMap((network) =>
    [false, true].flatMap((allCores) => [1, 8, 64].map((images) => ({ network, allCores, images, seconds: (images * (allCores ? 1 : 2)) / 1e3 }))),
  );
  const svg = figureOf({ photos, batches }, 2);
  const marks = [...svg.matchAll(/<circle [^>]*cx="([\d.-]+)" cy="([\d.-]+)"/g)];
  assert.equal(marks.length, photos.length + batches.length);
  const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
  for (const [, x, y] of marks) {
    assert.ok(Number(x) > 0 && Number(x) < width, `${x}`);
    assert.ok(Number(y) > 0 && Number(y) < height, `${y}`);
  }
  assert.ok(!/NaN|undefined|Infinity/.test(svg));
  assert.match(svg, /prefers-color-scheme: dark/);
  for (const { images } of batches) assert.match(svg, new RegExp(`text-anchor="middle">${images}</text>`), 'each batch is named as it is');
});

test('what makes no sense on the command line is refused with a sentence', () => {
  const run = (/** @type {string[]} */ ...args) => spawnSync(process.execPath, ['scripts/lib/bench-native/main.mjs', ...args], { encoding: 'utf8' });
  const help = run('--help');
  assert.equal(help.status, 0);
  assert.match(help.stdout, /--beside/);
  for (const args of [
    ['--rounds', '3'],
    ['--beside', '--rounds', '0'],
    ['--beside', '--network', 'large'],
    ['--beside', '--docs', '--quick'],
  ]) {
    const { status, stderr } = run(...args);
    assert.equal(status, 1, args.join(' '));
    assert.match(stderr, /\nglimpse: .+\.\n$/);
  }
});
