// Equality first, then time: all contestants in turns, so that a noisy moment hits all alike.

/** @import { NetworkName } from '../bench/export/export.mjs' */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../../../www/core/median.js';
import { exportForBatches, NETWORKS } from '../bench/export/export.mjs';
import { softmax } from '../bench/softmax.mjs';
import { PHOTOS } from '../bench/warm.mjs';
import { compiledBench } from './cargo.mjs';
import { Contestant, OTHERS } from './contestants.mjs';
import { enlarge, preparePython } from './python.mjs';

/** By how much a probability may differ from that of glimpse, of the same numbers; and of a photo, which Pillow rounds to bytes on the way. */
const [TOLERANCE, TOLERANCE_OF_PHOTOS] = [1e-3, 5e-2];
/** Twelve megapixels, as a phone's camera takes them. */
const LARGE = /** @type {[number, number]} */ ([4000, 3000]);
/** Milliseconds between two turns, in which threads that wait for more work fall asleep. */
const BETWEEN = 40;
/** Seconds that a turn takes, and images that each core has in it, or a batch. */
const [TURN, IMAGES] = [0.3, 16];

/**
 * What is timed.
 *
 * @typedef {object} Task
 * @property {string} title
 * @property {boolean} allCores
 * @property {number} batch images at a time, where it is images that were prepared before
 * @property {number} each images in a turn, for each core
 * @property {'sample' | 'large' | null} photo where preparing is part of it
 */

/** @type {Task[]} */
export const TASKS = [
  { title: 'network, one core', allCores: false, batch: 1, each: IMAGES, photo: null },
  { title: `the same, ${IMAGES} at a time`, allCores: false, batch: IMAGES, each: IMAGES, photo: null },
  { title: 'network, all cores', allCores: true, batch: 1, each: IMAGES, photo: null },
  { title: 'small photo, one core', allCores: false, batch: 1, each: IMAGES, photo: 'sample' },
  { title: 'small photo, all cores', allCores: true, batch: 1, each: IMAGES, photo: 'sample' },
  { title: '12 megapixels, one core', allCores: false, batch: 1, each: 1, photo: 'large' },
  { title: '12 megapixels, all cores', allCores: true, batch: 1, each: 1, photo: 'large' },
];

/**
 * What was found of a contestant on a network.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string | null} reason why there are no rates: it says something else, although it computes as exactly
 * @property {number} difference of a probability from glimpse's, at most, of the same numbers
 * @property {number} differenceOfPhotos the same of photos, each prepared by the contestant
 * @property {number[]} rates images per second and core, for each of {@link TASKS}
 */

/**
 * @param {string} target the folder target/bench/native
 * @param {{ networks: NetworkName[], rounds: number, quick: boolean }} options
 * @param {number} cores
 * @param {(text: string) => void} say
 * @returns {Promise<Partial<Record<NetworkName, Row[]>>>}
 */
export async function measureBeside(target, { networks, rounds, quick }, cores, say) {
  const python = preparePython(`${target}/python`, say);
  say('Compiling (some minutes the first time)');
  const program = compiledBench('beside');
  const photos = { sample: `www/samples/${PHOTOS[0]}.jpg`, large: `${target}/large.png` };
  enlarge(python, photos.sample, photos.large, LARGE);
  /** @type {Partial<Record<NetworkName, Row[]>>} */
  const found = {};
  for (const network of networks) {
    exportForBatches(`www/model/${NETWORKS[network]}.safetensors`, target, network);
    const contestants = [Contestant.glimpse(program), ...OTHERS.map((other) => Contestant.of(python, other))];
    try {
      const rows = await agreeing(target, network, contestants, cores, say);
      const turns = rows.map(() => TASKS.map(() => /** @type {number[]} */ ([])));
      for (let round = 1; round <= rounds; round += 1) {
        say(`${network}: round ${round} of ${rounds}`);
        for (const [at, { allCores, batch, each, photo }] of TASKS.entries()) {
          const count = allCores ? each * cores : each;
          const question = { images: `${target}/${network}.f32`, photo: photo && photos[photo], count, batch, all_cores: allCores, seconds: quick ? 0 : TURN };
          for (const [index, contestant] of contestants.entries()) {
            if (rows[index]?.reason) continue;
            const { times } = await contestant.ask('time', question);
            turns[index]?.[at]?.push(...times);
            await pause(BETWEEN);
          }
        }
      }
      found[network] = rows.map((row, index) => ({
        ...row,
        rates: row.reason ? [] : (turns[index] ?? []).map((times, at) => (TASKS[at]?.each ?? 0) / median(times)),
      }));
    } finally {
      for (const contestant of contestants) contestant.end();
    }
  }
  return found;
}

/**
 * Loads all and compares their answers.
 *
 * @param {string} target
 * @param {NetworkName} network
 * @param {Contestant[]} contestants glimpse first
 * @param {number} cores
 * @param {(text: string) => void} say
 */
async function agreeing(target, network, contestants, cores, say) {
  const [facts, images] = [`${target}/${network}.json`, `${target}/${network}.f32`];
  const { temperature } = JSON.parse(String(readFileSync(facts)));
  const photos = PHOTOS.map((name) => `www/samples/${name}.jpg`);
  /** @type {{ images: number[][], photos: number[][] } | null} */
  let expected = null;
  const rows = [];
  for (const contestant of contestants) {
    await contestant.ask('load', { weights: `www/model/${NETWORKS[network]}.safetensors`, network: `${target}/${network}.onnx`, facts, cores });
    if (!expected) await contestant.ask('prepare', { photos, to: images });
    say(`${network}: ${contestant.name} is asked for the same answers`);
    const answers = await contestant.ask('logits', { images, photos });
    expected ??= answers;
    const difference = largestDifference(answers.images, expected?.images ?? [], temperature);
    const differenceOfPhotos = largestDifference(answers.photos, expected?.photos ?? [], temperature);
    // Written so that a difference that is no number fails.
    const agrees = difference <= TOLERANCE && differenceOfPhotos <= TOLERANCE_OF_PHOTOS;
    const reason =
      contestant.exact && !agrees
        ? `${contestant.name} and glimpse disagree on the ${network} network, so that its times say nothing: a probability differs by ${difference.toFixed(4)}, and where each prepares the photo, by ${differenceOfPhotos.toFixed(4)}.`
        : null;
    if (reason) say(reason);
    rows.push({ name: contestant.name, reason, difference, differenceOfPhotos });
  }
  return rows;
}

/** @param {number[][]} answers @param {number[][]} expected @param {number} temperature */
function largestDifference(answers, expected, temperature) {
  const differences = expected.flatMap((logits, image) => {
    const [one, other] = [softmax(logits, temperature), softmax(answers[image] ?? [], temperature)];
    return one.map((probability, index) => Math.abs(probability - (other[index] ?? Number.NaN)));
  });
  return Math.max(0, ...differences); // no number where one of them is none
}
