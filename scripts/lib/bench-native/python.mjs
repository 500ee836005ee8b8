// The libraries of others: from PyPI, at the versions of peers/requirements.txt, in a virtual environment of their own.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOCK = fileURLToPath(new URL('peers/requirements.txt', import.meta.url));

/**
 * Makes it where it isn't yet.
 *
 * @param {string} folder
 * @param {(text: string) => void} say
 * @returns {string} its Python
 */
export function preparePython(folder, say) {
  const [python, installed] = [`${folder}/bin/python`, `${folder}/installed.txt`];
  if (!existsSync(installed) || String(readFileSync(installed)) !== String(readFileSync(LOCK))) {
    say('Installing onnxruntime, OpenVINO and Pillow for Python (about a minute)');
    rmSync(folder, { recursive: true, force: true });
    run('python3', ['-m', 'venv', folder], 'Python’s virtual environment could not be made (on Debian: apt-get install python3-venv)');
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--requirement', LOCK], 'The libraries could not be installed');
    copyFileSync(LOCK, installed); // last: only what is whole is there
  }
  return python;
}

/**
 * A photo many times as large, as if a camera had taken it.
 *
 * @param {string} python
 * @param {string} photo
 * @param {string} to without loss, so that all decode the same
 * @param {[number, number]} size
 */
export function enlarge(python, photo, to, size) {
  const code =
    'import sys; from PIL import Image; Image.open(sys.argv[1]).convert("RGB").resize((int(sys.argv[3]), int(sys.argv[4])), Image.BICUBIC).save(sys.argv[2], compress_level=1)';
  run(python, ['-c', code, photo, to, ...size.map(String)], 'The large photo could not be made');
}

/** @param {string} command @param {string[]} args @param {string} otherwise */
function run(command, args, otherwise) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error || status !== 0) throw new Error(`${otherwise}: ${error ? error.message : 'the message is above'}.`);
}
