/** @import { ChildProcess } from 'node:child_process' */
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * Programs that tests start: until they are there, and when they go away.
 */

/**
 * Rejects when the program ends, or never started.
 *
 * @param {ChildProcess} program
 * @param {string} name
 * @returns {Promise<never>}
 */
export function ended(program, name) {
  /** @type {Promise<never>} */
  const gone = new Promise((_, reject) => {
    program.once('error', (error) => reject(new Error(`${name} could not be started (${error.message}): run 'scripts/setup test', which installs it`)));
    program.once('exit', (code, signal) => reject(new Error(`${name} has ended (${signal ?? code})`)));
  });
  gone.catch(() => {}); // who wants to know asks
  return gone;
}

/**
 * Ends a program and waits until it has.
 *
 * @param {ChildProcess} program
 * @param {NodeJS.Signals} [signal]
 */
export async function end(program, signal = 'SIGTERM') {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const gone = new Promise((resolve) => program.once('exit', resolve));
  program.kill(signal);
  await Promise.race([gone, pause(5000).then(() => program.kill('SIGKILL'))]);
}

/**
 * Asks until there is an answer. What throws has none yet.
 *
 * @template T
 * @param {string} what
 * @param {number} patience in milliseconds
 * @param {() => T | null | undefined | false | Promise<T | null | undefined | false>} ask
 * @param {() => unknown} [more] what is known where it never came
 * @returns {Promise<T>}
 */
export async function eventually(what, patience, ask, more = () => '') {
  const start = Date.now();
  /** @type {unknown} */
  let trouble;
  while (Date.now() - start < patience) {
    try {
      const found = await ask();
      if (found) return found;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    await pause(50);
  }
  throw new Error(`never within ${patience / 1000} s: ${what} ${await more()}`, { cause: trouble });
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
