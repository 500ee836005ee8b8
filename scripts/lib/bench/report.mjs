// The figures, and as tables for people.

/** @import { Cold } from './cold.mjs' */
/** @import { NetworkName } from './export/export.mjs' */
/** @import { Machine } from './machine.mjs' */
/** @import { Warm } from './warm.mjs' */
import { median as medianOf } from '../../../www/core/median.js';
import { LINES } from './server.mjs';

/**
 * What was found of a contestant on a network; times in milliseconds, null where nobody has measured.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {'cpu' | 'gpu'} kind
 * @property {string | null} reason why there are no times
 * @property {number | null} first the first inference
 * @property {number | null} median
 * @property {number | null} minimum
 * @property {number} inferences how many the two are of
 * @property {number | null} ratio of the median to that of glimpse on the same kind
 * @property {string | null} reasonCold why there is no first visit
 * @property {Record<string, number | null>} answered from navigation to the first answer, by line
 * @property {number | null} bytes transferred until then
 * @property {number | null} memory in bytes, at its peak, beyond an empty page
 */

/**
 * @typedef {object} Report
 * @property {string} date
 * @property {Machine} machine
 * @property {Record<string, string>} versions
 * @property {number} rounds
 * @property {Partial<Record<NetworkName, Row[]>>} networks
 */

/** Of what was measured, if anything was. @param {readonly (number | null)[]} values */
function median(values) {
  const measured = values.filter((value) => value !== null);
  return measured.length > 0 ? medianOf(measured) : null;
}

/**
 * @param {readonly Warm[]} warm
 * @param {readonly Cold[]} cold
 * @returns {Row[]}
 */
export function rowsOf(warm, cold) {
  const medians = new Map(warm.map(({ contestant, times }) => [contestant.id, median(times)]));
  const glimpse = { cpu: medians.get('glimpse-cpu') ?? null, gpu: medians.get('glimpse-webgpu') ?? null };
  return warm.map(({ contestant, reason, first, times }) => {
    const { id, name, kind } = contestant;
    const { visits = [], reason: reasonCold = null } = cold.find((one) => one.contestant === contestant) ?? {};
    const [own, base] = [medians.get(id) ?? null, glimpse[kind]];
    return {
      id,
      name,
      kind,
      reason,
      first: Number.isFinite(first) ? first : null,
      median: own,
      minimum: times.length > 0 ? Math.min(...times) : null,
      inferences: times.length,
      ratio: own !== null && base !== null ? own / base : null,
      reasonCold,
      answered: Object.fromEntries(
        Object.keys(LINES).map((line) => [line, median(visits.filter((visit) => visit.line === line).map((visit) => visit.milliseconds))]),
      ),
      bytes: median(visits.map(({ bytes }) => bytes)),
      memory: median(visits.map(({ memory }) => memory)),
    };
  });
}

/** @template T @param {T | null} value @param {(value: T) => string} text */
const told = (value, text) => (value === null ? '–' : text(value));
const ms = (/** @type {number} */ value) => `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
const seconds = (/** @type {number} */ value) => `${(value / 1000).toFixed(2)} s`;
const megabytes = (/** @type {number} */ value) => `${(value / 1e6).toFixed(value < 1e8 ? 1 : 0)} MB`;

/** What a table can show, so that one without first visits has no empty columns. */
const COLUMNS = /** @type {{ title: string, cell: (row: Row) => string }[]} */ ([
  { title: 'median', cell: (row) => told(row.median, ms) },
  { title: 'minimum', cell: (row) => told(row.minimum, ms) },
  { title: 'median ÷ glimpse’s', cell: (row) => told(row.ratio, (ratio) => ratio.toFixed(2)) },
  { title: 'first inference', cell: (row) => told(row.first, ms) },
  { title: 'first answer', cell: (row) => told(row.answered.none ?? null, seconds) },
  { title: 'over cable', cell: (row) => told(row.answered.cable ?? null, seconds) },
  { title: 'over 4G', cell: (row) => told(row.answered['4G'] ?? null, seconds) },
  { title: 'transferred', cell: (row) => told(row.bytes, megabytes) },
  { title: 'peak memory', cell: (row) => told(row.memory, megabytes) },
]);

/** @param {readonly Row[]} rows */
function table(rows) {
  const columns = COLUMNS.filter(({ cell }) => rows.some((row) => cell(row) !== '–'));
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...columns.map(({ title }) => title)]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row) => line([row.name, ...columns.map(({ cell }) => cell(row))])),
  ].join('\n');
}

const TITLES = { small: 'Small network', photo: 'Photo network' };

/** @param {Report} report */
export function markdownOf({ date, machine, versions, rounds, networks }) {
  const parts = [];
  const rows = Object.values(networks).flat();
  for (const [network, of] of Object.entries(networks)) {
    parts.push(`**${TITLES[/** @type {NetworkName} */ (network)]}**`, table(of));
    const reasons = of.flatMap(({ name, reason, reasonCold }) => [
      ...(reason === null ? [] : [`${name} can’t run here: ${reason}`]),
      ...(reason === null && reasonCold !== null ? [`${name} gave no answer on a first visit: ${reasonCold}`] : []),
    ]);
    if (reasons.length > 0) parts.push(reasons.map((reason) => `- ${reason}`).join('\n'));
  }
  const library = Object.entries({ tensorflow: 'TensorFlow.js', onnxruntime: 'onnxruntime-web' })
    .filter(([key]) => versions[key])
    .map(([key, name]) => `${name} ${versions[key]}`);
  const adapters = [
    ['WebGPU', machine.webgpu],
    ['WebGL', machine.webgl],
  ].map(([api, adapter]) => adapterSentence(String(api), /** @type {Machine['webgpu']} */ (adapter)));
  parts.push(
    `Measured on ${date} by \`scripts/bench\`: ${machine.processor}, ${machine.cores} cores (load ${machine.load.toFixed(1)} before it began), ${[machine.browser, ...library].join(', ')}; ${rounds === 1 ? '1 round' : `${rounds} rounds`} in turns, one view of a photo, from the prepared numbers to the logits. ${adapters.join(' ')}`,
  );
  if (rows.some(({ bytes }) => bytes !== null)) {
    parts.push(
      'A first visit is a browser that has just been started and a page that answers one photo: glimpse’s engine in its worker, on the CPU with the threads that it takes by itself, the others on the page’s thread; weights in one byte for all, files compressed with Brotli from this machine by HTTP/2, preloaded for all alike, over a line without limits, over cable (5 Mbit/s, 28 ms) and over 4G (9 Mbit/s, 170 ms). Peak memory is that of the processes that draw and compute, beyond an empty page.',
    );
  }
  return parts.join('\n\n');
}

/** @param {string} api @param {Machine['webgpu']} adapter */
function adapterSentence(api, adapter) {
  if (!adapter) return `There was no ${api}.`;
  if (adapter.emulated) return `${api} was emulated on the CPU (${adapter.name}), so its times say nothing of a GPU.`;
  return `${api} ran on ${adapter.name}.`;
}
