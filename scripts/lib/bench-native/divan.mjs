// Reads what benchmarks print that are made with divan, which has no other form for programs.

/** Seconds. */
const UNITS = /** @type {Record<string, number>} */ ({ ps: 1e-12, ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 });

/**
 * The median of each benchmark in seconds, by its name and its argument: `batch_on_one_core`, `("photo", 4)`.
 *
 * @param {string} text
 * @returns {{ bench: string, argument: string, seconds: number }[]}
 */
export function mediansOf(text) {
  const found = [];
  let bench = '';
  for (const line of text.split('\n')) {
    const [, before, row] = /^([│ ]*)[├╰]─ (.*)$/.exec(line) ?? [];
    if (before === undefined || row === undefined) continue;
    const [start = '', , median = ''] = row.split(' │');
    // A benchmark with arguments has a line of its own, without times, and one below it for each of them.
    const [, name = '', time] = /^(.*?)(?:\s+[\d.]+ (?:ps|ns|µs|ms|s))?\s*$/.exec(start) ?? [];
    if (before === '') bench = name;
    const [, value, unit = ''] = /([\d.]+) (ps|ns|µs|ms|s)\b/.exec(median) ?? [];
    if (value === undefined) continue;
    const scale = UNITS[unit];
    if (scale === undefined || time !== undefined) throw new Error(`This is no line of divan's: ${line}`);
    found.push({ bench, argument: before === '' ? '' : name, seconds: Number(value) * scale });
  }
  return found;
}
