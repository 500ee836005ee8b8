// What scripts/bench-native does.
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { writeBetween } from '../between-marks.mjs';
import { measureBeside } from './beside.mjs';
import { measureCosts } from './costs.mjs';
import { figureOf } from './figure.mjs';
import { readOptions, USAGE } from './options.mjs';
import { besideIn, costsIn } from './report.mjs';

const target = `${process.env.CARGO_TARGET_DIR ?? 'target'}/bench/native`;
/** What the figure shows, for those who don't see it. */
const ALTERNATIVE = 'Two charts, both axes in powers. The time to prepare a photo grows with its pixels, that of a network with its images.';
const say = (/** @type {string} */ text) => process.stderr.write(`• ${text}\n`);

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return process.stdout.write(USAGE);
  if (options.json && options.json !== '-') accessSync(dirname(options.json), constants.W_OK); // now, and not after all is measured
  mkdirSync(target, { recursive: true });
  const [date, cores] = [new Date().toISOString().slice(0, 10), cpus().length];
  const setting = { date, processor: cpus()[0]?.model.trim() ?? 'unknown processor', cores, load: loadavg()[0] ?? Number.NaN };
  let figures, text;
  if (options.beside) {
    const networks = await measureBeside(target, options, cores, say);
    [figures, text] = [{ networks }, besideIn(networks, setting)];
  } else {
    const costs = measureCosts(options.quick, say);
    [figures, text] = [costs, costsIn(costs, setting)];
    const drawing = options.docs ? 'docs/native-cost.svg' : `${target}/native-cost.svg`;
    writeFileSync(drawing, figureOf(costs, cores));
    say(`The figure is ${drawing}`);
  }
  const json = `${JSON.stringify({ ...setting, ...figures }, null, 2)}\n`;
  process.stdout.write(options.json === '-' ? json : `${text}\n`);
  if (options.json && options.json !== '-') writeFileSync(options.json, json);
  if (options.docs && options.beside) writeBetween('docs/bench.md', 'native-beside', text);
  if (options.docs && !options.beside) writeBetween('docs/bench.md', 'native-cost', `![${ALTERNATIVE}](native-cost.svg)\n\n${text}`);
}

main().catch((error) => {
  console.error(`\nglimpse: ${error.message}`);
  process.exitCode = 1;
});
