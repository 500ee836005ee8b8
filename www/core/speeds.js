/** @import { Status } from './types.js' */
import { recall, remember } from './preferences.js';

/*
 * What the backends have taken on this machine, kept for the next visit: where the CPU is faster, the WebGPU module
 * isn't even fetched again. It holds for a week after the last measurement and for one version of the browser, because drivers and browsers
 * change.
 */

const KEY = 'speeds';
const WEEK = 7 * 24 * 60 * 60 * 1000;

/** @returns {Status['speeds']} */
export function recallSpeeds() {
  try {
    const { browser, since, speeds } = JSON.parse(recall(KEY) ?? '{}');
    const holds = browser === navigator.userAgent && Date.now() - since < WEEK;
    return holds && Object.values(speeds).every(isSpeed) ? speeds : {};
  } catch {
    return {}; // somebody else's entry: measure again
  }
}

/** @param {any} entry */
function isSpeed(entry) {
  return entry?.cpu > 0 && entry?.webgpu > 0;
}

/** @param {Status['speeds']} speeds */
export function rememberSpeeds(speeds) {
  if (Object.keys(speeds).length === 0) return;
  if (JSON.stringify(recallSpeeds()) === JSON.stringify(speeds)) return;
  remember(KEY, JSON.stringify({ browser: navigator.userAgent, since: Date.now(), speeds }));
}
