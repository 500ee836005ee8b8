// The processes that a browser is made of, and their memory: Linux only, it reads /proc.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** @param {number} pid */
const read = (pid, /** @type {string} */ what) => {
  try {
    return String(readFileSync(`/proc/${pid}/${what}`));
  } catch {
    return ''; // it has ended
  }
};

/** The processes that a browser is made of, and what each is for. @param {number} root */
export function processesOf(root) {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(/\) \S (\d+)/.exec(read(Number(name), 'stat'))?.[1])]),
  );
  const within = (/** @type {number} */ pid) => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(within).map((pid) => ({ pid, type: /--type=([\w-]+)/.exec(read(pid, 'cmdline'))?.[1] ?? 'browser' }));
}

/** A figure of a process, in bytes. @param {number} pid */
const figure = (pid, /** @type {'VmRSS' | 'VmHWM'} */ name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(pid, 'status'))?.[1] ?? 0) * 1024;

/** Has the highest figure of a process begin anew. Browsers start helpers that end at once. @param {number} pid @returns {boolean} whether it lives */
function forget(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' || /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * From here on, the system keeps the highest figure of each process.
 *
 * @param {number} root the browser's first process
 * @param {RegExp} types of the processes that count
 * @returns {((only?: RegExp) => number) | null} by how many bytes they have grown, at most, each at its own peak; one that came
 *   later with all that it has. Null on other systems.
 */
export function followPeaks(root, types) {
  if (!existsSync('/proc/self/clear_refs')) return null;
  const processes = processesOf(root).filter(({ type, pid }) => types.test(type) && forget(pid));
  const before = new Map(processes.map(({ pid }) => [pid, figure(pid, 'VmRSS')]));
  return (only = types) =>
    processesOf(root)
      .filter(({ type }) => only.test(type))
      .reduce((sum, { pid }) => sum + Math.max(0, figure(pid, 'VmHWM') - (before.get(pid) ?? 0)), 0);
}
