/** @import { ModelId, Outcome, Ranked, Speed } from '../core/types.js' */
/** @import { Backend } from './backend.js' */
import { Failure } from '../core/errors.js';
import { median } from '../core/median.js';
import { testPicture } from './test-picture.js';

/*
 * What WebGPU has to pass before it may answer: is it right, and is it faster? Shader compilers are sometimes wrong, and with
 * small networks a CPU often wins.
 */

/** By how much a probability on WebGPU may differ from the CPU's: one part in a hundred. */
const TOLERANCE = 0.01;
const ROUNDS = 5;
/** Milliseconds after which the slower one has lost without more rounds. */
const ENOUGH = 1_500;

/**
 * Runs the first pass on WebGPU, which compiles its shaders, and compares it with the CPU where that has the network,
 * too. Rejects with a `Failure` where WebGPU fails or is wrong.
 *
 * @param {Backend} gpu
 * @param {Backend} cpu
 * @param {ModelId} model
 */
export async function verifyGpu(gpu, cpu, model) {
  const size = gpu.info(model)?.preprocessing.input_size ?? 1;
  const picture = testPicture(size);
  const answer = await gpu.classify(model, picture, {});
  const expected = await classifyIfLoaded(cpu, model, picture);
  if (!expected) return;
  const difference = largestDifference(expected, answer);
  // Written so that a difference that is no number fails.
  if (!(difference <= TOLERANCE)) throw new Failure('webgpu-wrong', { difference });
}

/**
 * Times both on the same picture, in turns. Both share a thread, so the CPU's other calls wait while WebGPU has its turn:
 * they would count as its time. Where it has lost anyway, nobody waits for it.
 *
 * @param {Backend} gpu
 * @param {Backend} cpu
 * @param {ModelId} model
 * @returns {Promise<Speed | null>} medians, null where the CPU has dropped out
 */
export async function compareSpeed(gpu, cpu, model) {
  const size = gpu.info(model)?.preprocessing.input_size ?? 1;
  const picture = testPicture(size);
  const times = { cpu: /** @type {number[]} */ ([]), webgpu: /** @type {number[]} */ ([]) };
  const spent = (/** @type {number[]} */ list) => list.reduce((sum, time) => sum + time, 0);
  while (times.cpu.length < ROUNDS && Math.max(spent(times.cpu), spent(times.webgpu)) < ENOUGH) {
    const ofCpu = await classifyIfLoaded(cpu, model, picture);
    if (!ofCpu) return null;
    /** @type {Promise<Outcome> | undefined} */
    let turn;
    await cpu.hold(() => Promise.race([(turn = gpu.classify(model, picture, {})), pause(ENOUGH)]).catch(() => {}));
    for (const answer of [ofCpu, await turn]) {
      if (answer) times[answer.backend].push(answer.milliseconds.preprocess + answer.milliseconds.network);
    }
  }
  return { cpu: median(times.cpu), webgpu: median(times.webgpu) };
}

/**
 * The CPU's answer; null where it hasn't the network or has crashed: then there is nothing to compare with, and that isn't
 * WebGPU's fault.
 *
 * @param {Backend} cpu
 * @param {ModelId} model
 * @param {ImageData} picture
 */
async function classifyIfLoaded(cpu, model, picture) {
  if (!cpu.has(model)) return null;
  return cpu.classify(model, picture, {}).catch((error) => {
    if (cpu.has(model)) throw error;
    return null;
  });
}

/** @param {number} time milliseconds */
function pause(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}

/**
 * Over all classes, and over the names that are among the likeliest in both.
 *
 * @param {Outcome} one
 * @param {Outcome} other
 */
function largestDifference(one, other) {
  const classes = differences(one.ranked, other.ranked).map((difference) => difference ?? Number.NaN);
  const names = differences(one.vocabulary ?? [], other.vocabulary ?? []).map((difference) => difference ?? 0);
  return Math.max(...classes, ...names);
}

/**
 * @param {readonly Ranked[]} one
 * @param {readonly Ranked[]} other
 */
function differences(one, other) {
  const probabilities = new Map(other.map(({ index, probability }) => [index, probability]));
  return one.map(({ index, probability }) => {
    const found = probabilities.get(index);
    return found === undefined ? undefined : Math.abs(probability - found);
  });
}
