// Our own benchmarks, compiled and run by cargo.
import { spawnSync } from 'node:child_process';

// Without the trainer, which knows the commit, and so is compiled anew after each.
const CARGO = ['bench', '--quiet', '--locked', '--features', 'decode'];

/**
 * What a benchmark prints.
 *
 * @param {string} bench
 * @param {readonly string[]} args for the benchmark
 */
export function runBench(bench, args) {
  return cargo([...CARGO, '--bench', bench, '--', ...args]);
}

/**
 * Where a benchmark lies, compiled.
 * @param {string} bench
 */
export function compiledBench(bench) {
  const told = cargo([...CARGO, '--bench', bench, '--no-run', '--message-format', 'json-render-diagnostics']);
  const messages = told.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const found = messages.find(({ target, executable }) => target?.name === bench && executable);
  if (!found) throw new Error(`cargo has compiled no benchmark ${bench}.`);
  return String(found.executable);
}

/** @param {string[]} args */
function cargo(args) {
  const { status, error, stdout } = spawnSync('cargo', args, { stdio: ['ignore', 'pipe', 2], encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error || status !== 0) throw new Error(`cargo ${args.join(' ')} failed: ${error ? error.message : 'the message is above'}.`);
  return stdout;
}
