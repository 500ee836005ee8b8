// Equality first, then time: all contestants in one page, in turns, so that a noisy moment hits all alike.

/** @import { Page } from 'playwright-core' */
/** @import { Contestant } from './contestants.mjs' */
/** @import { NetworkName } from './export/export.mjs' */
import { setTimeout as pause } from 'node:timers/promises';
import { softmax } from './softmax.mjs';

/** Whose answers must be the same. The first is the one that is timed. */
export const PHOTOS = ['cat', 'ship'];
/** By how much a probability may differ from that of glimpse on the CPU. */
const TOLERANCE = 1e-3;
/** Milliseconds for whatever is asked of a contestant, unless somebody says otherwise, and how long a turn is meant to last. */
const [PATIENCE, TURN] = [180_000, 250];
/** Milliseconds later, what the page itself gives up on has been told; and in which a frame goes, unless the page's thread is kept busy. */
const GRACE = 5_000;
/** Inferences in a turn, at most. */
const MOST = 32;

/**
 * What came of a contestant: its times in milliseconds, or why there are none.
 *
 * @typedef {object} Warm
 * @property {Contestant} contestant
 * @property {string | null} reason why it can't run here
 * @property {number} first the first inference
 * @property {number[]} times of all that count
 */

/** @typedef {{ index: number, probability: number }} Ranked */

/**
 * @param {Page} page at host.html
 * @param {NetworkName} network
 * @param {readonly Contestant[]} contestants glimpse's CPU among them
 * @param {number} rounds
 * @param {number} temperature of the network's answer
 * @param {(text: string) => void} say
 * @param {number} [patience] milliseconds for whatever is asked of a contestant
 * @returns {Promise<Warm[]>}
 */
export async function timeWarm(page, network, contestants, rounds, temperature, say, patience = PATIENCE) {
  const found = contestants.map((contestant) => /** @type {Warm} */ ({ contestant, reason: null, first: Number.NaN, times: [] }));
  /** @param {string} call @param {unknown[]} given @returns {Promise<any>} */
  const bench = async (call, ...given) => {
    const limit = new AbortController();
    const asked = page.evaluate(([name, args]) => /** @type {any} */ (globalThis).bench[name](...args), /** @type {[string, unknown[]]} */ ([call, given]));
    asked.catch(() => {}); // it may come after nobody waits
    const late = pause(call === 'drop' ? GRACE : patience + GRACE, undefined, { signal: limit.signal }).then(
      () => Promise.reject(new Error(`It has not answered for ${patience / 1000} seconds.`)),
      () => {}, // it was in time
    );
    return Promise.race([asked, late]).finally(() => limit.abort());
  };
  /** Lists one that has failed, and goes on with the others. @param {Warm} one @param {unknown} error */
  const drop = async (one, error) => {
    if (one.contestant.id === 'glimpse-cpu' || error instanceof Disagreement) throw error;
    one.reason = sentenceOf(error);
    one.times = [];
    await bench('drop', one.contestant.id).catch(() => {}); // it keeps the page's thread busy: the next one says so
    say(`${one.contestant.name} can’t run here: ${one.reason}`);
  };
  const [photo = ''] = PHOTOS;

  // The contestant that all are compared with comes first, and must run.
  const [judge, ...others] = [...found].sort((one, other) => Number(other.contestant.id === 'glimpse-cpu') - Number(one.contestant.id === 'glimpse-cpu'));
  if (judge?.contestant.id !== 'glimpse-cpu') throw new Error('glimpse on the CPU, which others are compared with, is missing.');
  await bench('load', judge.contestant, network, patience);
  await bench('prepare', judge.contestant.id, PHOTOS);
  /** @type {Map<string, Ranked[]>} */
  const expected = new Map();
  for (const name of PHOTOS) {
    const { ranked, milliseconds } = await bench('answer', judge.contestant.id, name);
    if (name === photo) judge.first = milliseconds;
    expected.set(name, ranked);
  }
  for (const one of others) {
    const { id, name } = one.contestant;
    say(`${network}: ${name} is asked for the same answers`);
    try {
      await bench('load', one.contestant, network, patience);
      for (const picture of PHOTOS) {
        const { milliseconds, ranked, logits } = await bench('answer', id, picture);
        if (picture === photo) one.first = milliseconds;
        const difference = largestDifference(expected.get(picture) ?? [], probabilityOf(ranked, logits, temperature));
        // Written so that a difference that is no number fails.
        if (!(difference <= TOLERANCE)) {
          throw new Disagreement(
            `${name} and glimpse disagree about ${picture}.jpg on the ${network} network: a probability differs by ${difference.toFixed(4)}.`,
          );
        }
      }
    } catch (error) {
      await drop(one, error);
    }
  }

  /** How many inferences make a turn. @type {Map<Warm, number>} */
  const counts = new Map();
  for (let round = 0; round <= rounds; round += 1) {
    if (round > 0) say(`${network}: round ${round} of ${rounds}`);
    for (const one of found.filter(({ reason }) => reason === null)) {
      try {
        const times = await bench('turn', one.contestant.id, photo, counts.get(one) ?? 1);
        // The round before the first only finds out how fast each is.
        if (round === 0) counts.set(one, Math.min(MOST, Math.max(1, Math.round(TURN / times[0]))));
        else one.times.push(...times);
      } catch (error) {
        await drop(one, error);
      }
    }
  }
  return found;
}

/** Two contestants say different things: then their times say nothing. */
export class Disagreement extends Error {}

/** The first line of what went wrong, without where in the code. @param {unknown} error */
export function sentenceOf(error) {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.replace(/^page\.evaluate: /, '').replace(/^Error: /, '');
}

/**
 * @param {Ranked[] | undefined} ranked
 * @param {number[] | undefined} logits
 * @param {number} temperature
 * @returns {(index: number) => number | undefined}
 */
function probabilityOf(ranked, logits, temperature) {
  if (ranked) return (index) => ranked.find((one) => one.index === index)?.probability;
  const probabilities = softmax(logits ?? [], temperature);
  return (index) => probabilities[index] ?? Number.NaN;
}

/**
 * Over all that are told: every class, or the likeliest ten of a thousand names. One that the other doesn't tell of counts as
 * unlikely.
 *
 * @param {Ranked[]} expected
 * @param {(index: number) => number | undefined} probability
 */
function largestDifference(expected, probability) {
  return Math.max(...expected.map((one) => Math.abs(one.probability - (probability(one.index) ?? 0))));
}
