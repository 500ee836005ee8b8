// The libraries of others: from npm, at the versions of peers/package-lock.json, into target/bench.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const LOCK = 'package-lock.json';
const BACKENDS = ['wasm', 'webgl', 'webgpu'];

/**
 * Installs them where they aren't yet, and puts what a page loads of them into `target/bench/peers`.
 *
 * @param {string} target the folder target/bench
 * @param {(text: string) => void} say
 * @returns {Record<string, string>} their versions
 */
export function preparePeers(target, say) {
  const install = `${target}/npm`;
  mkdirSync(install, { recursive: true });
  const wanted = String(readFileSync(`${here}peers/${LOCK}`));
  const there = existsSync(`${install}/installed.json`) && String(readFileSync(`${install}/installed.json`)) === wanted;
  if (!there) {
    say('Installing TensorFlow.js and onnxruntime-web (under a minute)');
    for (const file of ['package.json', LOCK]) copyFileSync(`${here}peers/${file}`, `${install}/${file}`);
    run('npm', ['ci', '--prefix', install, '--no-audit', '--no-fund', '--loglevel=error'], 'The libraries could not be installed');
    copyFileSync(`${install}/${LOCK}`, `${install}/installed.json`); // last: only what is whole is there
  }
  const [modules, out] = [`${install}/node_modules`, `${target}/peers`];
  mkdirSync(out, { recursive: true });
  const entries = BACKENDS.map((backend) => `${here}page/tensorflow-${backend}.mjs`);
  const options = ['--bundle', '--minify', '--format=esm', '--log-level=warning', `--outdir=${out}`, `--alias:@tensorflow=${modules}/@tensorflow`];
  run(`${modules}/.bin/esbuild`, [...entries, ...options], 'TensorFlow.js could not be bundled');
  for (const folder of ['@tensorflow/tfjs-backend-wasm', 'onnxruntime-web']) {
    cpSync(`${modules}/${folder}/dist`, out, { recursive: true, filter: (file) => !/\.(?!wasm$|mjs$)\w+$/.test(file) });
  }
  const version = (/** @type {string} */ name) => String(JSON.parse(String(readFileSync(`${modules}/${name}/package.json`))).version);
  return { tensorflow: version('@tensorflow/tfjs-core'), onnxruntime: version('onnxruntime-web') };
}

/** @param {string} command @param {string[]} args @param {string} otherwise */
function run(command, args, otherwise) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error || status !== 0) throw new Error(`${otherwise}: ${error ? error.message : 'the message is above'}.`);
}
