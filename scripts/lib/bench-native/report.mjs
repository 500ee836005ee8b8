// The figures as tables for people.

/** @import { NetworkName } from '../bench/export/export.mjs' */
/** @import { Row } from './beside.mjs' */
/** @import { Costs } from './costs.mjs' */
import { TASKS } from './beside.mjs';

/** @typedef {{ date: string, processor: string, cores: number, load: number }} Setting */

const TITLES = { small: 'Small network', photo: 'Photo network' };

/** @param {readonly (readonly string[])[]} rows the titles first */
function table([titles = [], ...rows]) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const ms = (/** @type {number} */ seconds) => {
  const value = seconds * 1000;
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
};

/** @param {Setting} setting @param {string} command */
const measured = ({ date, processor, cores, load }, command) =>
  `Measured on ${date} by \`${command}\`: ${processor}, ${cores} cores (load ${load.toFixed(1)} before it began), medians.`;

/** @param {Costs} costs @param {Setting} setting */
export function costsIn({ photos, batches }, setting) {
  const sizes = [...new Set(batches.map(({ images }) => images))];
  const lines = /** @type {const} */ ([
    ['small', false],
    ['small', true],
    ['photo', false],
    ['photo', true],
  ]);
  const of = (/** @type {number} */ size, /** @type {NetworkName} */ network, /** @type {boolean} */ allCores) => {
    const found = batches.find((batch) => batch.images === size && batch.network === network && batch.allCores === allCores);
    return found ? ms(found.seconds) : '–';
  };
  return [
    table([
      ['a photo’s pixels to one view of the photo network', 'megapixels', 'time', 'per megapixel'],
      ...photos.map(({ width, height, seconds }) => {
        const megapixels = (width * height) / 1e6;
        return [`${width} × ${height}`, megapixels.toFixed(megapixels < 1 ? 2 : 0), ms(seconds), ms(seconds / megapixels)];
      }),
    ]),
    table([
      ['images', ...lines.map(([network, allCores]) => `${network} network, ${allCores ? `${setting.cores} cores` : 'one core'}`)],
      ...sizes.map((size) => [String(size), ...lines.map(([network, allCores]) => of(size, network, allCores))]),
    ]),
    measured(setting, 'scripts/bench-native'),
  ].join('\n\n');
}

/** @param {Partial<Record<NetworkName, Row[]>>} networks @param {Setting} setting */
export function besideIn(networks, setting) {
  const rate = (/** @type {number} */ value) => value.toFixed(value < 10 ? 1 : 0);
  const share = (/** @type {number} */ value) => (value < 1e-4 ? '0' : value.toFixed(4));
  const tables = Object.entries(networks).flatMap(([network, rows]) => {
    const [glimpse] = rows;
    return [
      `**${TITLES[/** @type {NetworkName} */ (network)]}**, images per second and core, and in brackets how many times glimpse’s`,
      table([
        ['', ...TASKS.map(({ title }) => title), 'probabilities differ by'],
        ...rows.map((row) => [
          row.name,
          ...TASKS.map((_, task) => {
            const [own, base] = [row.rates[task], glimpse?.rates[task]];
            if (own === undefined || base === undefined) return '–';
            return row === glimpse ? rate(own) : `${rate(own)} (${(own / base).toFixed(2)})`;
          }),
          row === glimpse ? '–' : `${share(row.difference)}; ${share(row.differenceOfPhotos)}`,
        ]),
      ]),
      ...rows.flatMap(({ reason }) => (reason ? [reason] : [])),
    ];
  });
  return [...tables, measured(setting, 'scripts/bench-native --beside')].join('\n\n');
}
