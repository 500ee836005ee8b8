// First visits: a browser that has just been started and knows nothing opens a page that answers one photo.

/** @import { Contestant } from './contestants.mjs' */
/** @import { NetworkName } from './export/export.mjs' */
/** @import { serve } from './server.mjs' */
import { chromium } from 'playwright-core';
import { executablePath } from '../../../tests/browser/chromium.js';
import { followPeaks } from '../processes.mjs';
import { pageOf } from './first-page.mjs';
import { FLAGS } from './machine.mjs';
import { LINES } from './server.mjs';
import { sentenceOf } from './warm.mjs';

/** Milliseconds for one visit. */
const PATIENCE = 240_000;

/**
 * @typedef {object} Visit
 * @property {keyof typeof LINES} line
 * @property {number} milliseconds from navigation to the answer
 * @property {string} label what it says
 * @property {number} bytes of all files, as sent
 * @property {number | null} memory in bytes: the peaks of the processes that draw and compute; null where the system doesn't tell
 */

/** @typedef {{ contestant: Contestant, reason: string | null, visits: Visit[] }} Cold */

/**
 * @param {Awaited<ReturnType<typeof serve>>} server
 * @param {NetworkName} network
 * @param {readonly Contestant[]} contestants
 * @param {readonly (keyof typeof LINES)[]} lines a visit for each
 * @param {(text: string) => void} say
 * @returns {Promise<Cold[]>}
 */
export async function timeCold(server, network, contestants, lines, say) {
  const found = contestants.map((contestant) => /** @type {Cold} */ ({ contestant, reason: null, visits: [] }));
  server.compress();
  for (const [index, line] of lines.entries()) {
    for (const one of found.filter(({ reason }) => reason === null)) {
      say(`${network}: first visit ${index + 1} of ${lines.length}, line ${line}: ${one.contestant.name}`);
      try {
        one.visits.push({ line, ...(await visit(server, network, one.contestant, line)) });
      } catch (error) {
        one.reason = sentenceOf(error);
        say(`${one.contestant.name} did not answer: ${one.reason}`);
      }
    }
  }
  const labels = new Set(found.flatMap(({ visits }) => visits.map(({ label }) => label)));
  if (labels.size > 1)
    say(`On the ${network} network the pages don’t all say the same, as each resizes the photo by its own means: ${[...labels].join(', ')}.`);
  return found;
}

/**
 * @param {Awaited<ReturnType<typeof serve>>} server
 * @param {NetworkName} network
 * @param {Contestant} contestant
 * @param {keyof typeof LINES} line
 */
async function visit(server, network, contestant, line) {
  const address = server.page(`/cold/${network}/${contestant.id}.html`, pageOf(network, contestant));
  const blank = server.page('/cold/blank.html', '<!doctype html><title>blank</title>');
  const host = await chromium.launchServer({ executablePath, args: [...FLAGS, ...server.flags] });
  try {
    const browser = await chromium.connect(host.wsEndpoint());
    const page = await browser.newPage();
    await page.goto(blank);
    const peaks = followPeaks(/** @type {number} */ (host.process().pid), /^(renderer|gpu-process)$/);
    server.slow(LINES[line]);
    server.count();
    await page.goto(address, { waitUntil: 'commit' });
    await page.waitForFunction(() => 'answered' in globalThis, undefined, { timeout: PATIENCE, polling: 50 });
    const answered = await page.evaluate(() => /** @type {any} */ (globalThis).answered);
    if (answered.error) throw new Error(answered.error);
    return { ...answered, bytes: server.count(), memory: peaks?.() ?? null };
  } finally {
    server.slow(LINES.none);
    await host.close();
  }
}
