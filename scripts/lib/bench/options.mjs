// What stands on the command line of scripts/bench.

/** @import { NetworkName } from './export/export.mjs' */
import { parseArgs } from 'node:util';
import { NETWORKS } from './export/export.mjs';

export const USAGE = `scripts/bench [options]: glimpse beside TensorFlow.js and onnxruntime-web, with the same weights, in one browser.

  --network small|photo   only this network
  --only ID[,ID…]         only these contestants, beside glimpse's CPU; the beginning of a name is enough: --only onnxruntime
  --rounds N              so many rounds, in each of which every contestant has its turn (12)
  --no-cold               without first visits: time to the first answer, bytes, memory
  --quick                 whether it works at all: two rounds, one first visit, glimpse alone unless --only says otherwise
  --json FILE|-           the figures as JSON, into a file or instead of the tables
  --readme                writes the tables into README.md, too
  --help                  this text
`;

/**
 * @typedef {object} Options
 * @property {NetworkName[]} networks
 * @property {string[] | null} only beginnings of ids
 * @property {number} rounds
 * @property {boolean} cold
 * @property {boolean} quick
 * @property {string | null} json
 * @property {boolean} readme
 * @property {boolean} help
 */

/**
 * The network that is asked for, or all.
 * @param {string | undefined} asked
 */
export function networksOf(asked) {
  const names = /** @type {NetworkName[]} */ (Object.keys(NETWORKS));
  const networks = names.filter((name) => asked === undefined || name === asked);
  if (networks.length === 0) throw new Error(`There is no network '${asked}': say ${names.join(' or ')}.`);
  return networks;
}

/** @param {string | undefined} asked @returns {number | undefined} undefined where it is left open */
export function roundsOf(asked) {
  if (asked === undefined) return undefined;
  const rounds = Number(asked);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`'${asked}' is no number of rounds: say a whole number from 1 on.`);
  return rounds;
}

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      network: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string' },
      'no-cold': { type: 'boolean' },
      quick: { type: 'boolean' },
      json: { type: 'string' },
      readme: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const quick = values.quick ?? false;
  const networks = networksOf(values.network);
  const rounds = roundsOf(values.rounds) ?? (quick ? 2 : 12);
  const only = values.only?.split(',').filter((id) => id !== '') ?? (quick ? ['glimpse-cpu'] : null);
  return { networks, only, rounds, cold: !values['no-cold'], quick, json: values.json ?? null, readme: values.readme ?? false, help: values.help ?? false };
}

/**
 * Those of the contestants that were asked for, and glimpse on the CPU, whose answers all are compared with.
 *
 * @template {{ id: string }} C
 * @param {readonly C[]} all
 * @param {readonly string[] | null} only
 * @returns {C[]}
 */
export function chosen(all, only) {
  for (const start of only ?? []) {
    if (!all.some(({ id }) => id.startsWith(start))) throw new Error(`No contestant is called '${start}…': there are ${all.map(({ id }) => id).join(', ')}.`);
  }
  return all.filter(({ id }) => id === 'glimpse-cpu' || !only || only.some((start) => id.startsWith(start)));
}
