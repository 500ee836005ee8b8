// What stands on the command line of scripts/bench-native.

/** @import { NetworkName } from '../bench/export/export.mjs' */
import { parseArgs } from 'node:util';
import { networksOf, roundsOf } from '../bench/options.mjs';

export const USAGE = `scripts/bench-native [options]: what preparing photos and asking the networks costs natively, and how that grows.

  --beside                instead: glimpse beside onnxruntime and OpenVINO in Python, with the same weights
  --network small|photo   only this network (with --beside)
  --rounds N              so many rounds, in each of which every contestant has its turn (with --beside; 3)
  --quick                 whether it works at all
  --docs                  writes the tables into docs/bench.md, and without --beside the figure to docs/native-cost.svg
  --json FILE|-           the figures as JSON, into a file or instead of the tables
  --help                  this text
`;

/**
 * @typedef {object} Options
 * @property {boolean} beside
 * @property {NetworkName[]} networks
 * @property {number} rounds
 * @property {boolean} quick
 * @property {boolean} docs
 * @property {string | null} json
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      beside: { type: 'boolean' },
      network: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean' },
      docs: { type: 'boolean' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { beside = false, quick = false, docs = false, json = null, help = false } = values;
  const networks = networksOf(values.network);
  const rounds = roundsOf(values.rounds) ?? (quick ? 1 : 3);
  if (!beside && (values.network !== undefined || values.rounds !== undefined)) throw new Error('--network and --rounds go with --beside.');
  if (docs && (quick || values.network !== undefined)) throw new Error('What is written into docs/ is whole: leave --quick and --network out.');
  return { beside, networks, rounds, quick, docs, json, help };
}
