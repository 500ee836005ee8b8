// Draws how cost grows: two charts beside each other, both axes in powers, so that what grows in proportion is a straight line
// that climbs as fast as the dotted one.

/** @import { Costs } from './costs.mjs' */

/** @typedef {{ name: string, tone: string, points: [number, number][] }} Line */

const [WIDTH, HEIGHT] = [900, 400];
/** Where a chart's own area lies in its half. */
const AREA = { left: 62, top: 56, width: 250, height: 276 };
const HALF = 440;
/** Between the names of two lines. */
const APART = 15;

// A background of its own, so that it can be read whatever is around it; darker where the reader's system is dark.
const STYLE = `
  svg { font: 12px system-ui, sans-serif; }
  .paper { fill: #ffffff; } text { fill: #24292f; } .title { font-size: 14px; font-weight: 600; } .quiet { fill: #57606a; }
  .grid { stroke: #d8dee4; } .even { stroke: #8c959f; stroke-dasharray: 2 4; } .line { fill: none; stroke-width: 2; }
  .a { stroke: #0550ae; } .b { stroke: #bc4c00; } .dot.a, .name.a { fill: #0550ae; stroke: none; } .dot.b, .name.b { fill: #bc4c00; stroke: none; }
  .all { stroke-dasharray: 7 4; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; } text { fill: #e6edf3; } .quiet { fill: #9198a1; } .grid { stroke: #30363d; } .even { stroke: #6e7681; }
    .a { stroke: #79c0ff; } .b { stroke: #ffa657; } .dot.a, .name.a { fill: #79c0ff; } .dot.b, .name.b { fill: #ffa657; }
  }`;

/** @param {Costs} costs @param {number} cores */
export function figureOf({ photos, batches }, cores) {
  const lineOf = (/** @type {'small' | 'photo'} */ network, /** @type {boolean} */ allCores) => ({
    name: `${network} network, ${allCores ? (cores === 1 ? 'all cores (1)' : `${cores} cores`) : 'one core'}`,
    tone: `${network === 'small' ? 'a' : 'b'}${allCores ? ' all' : ''}`,
    points: batches
      .filter((batch) => batch.network === network && batch.allCores === allCores)
      .map(({ images, seconds }) => /** @type {[number, number]} */ ([images, seconds * 1000])),
  });
  const preparing = photos.map(({ width, height, seconds }) => /** @type {[number, number]} */ ([(width * height) / 1e6, seconds * 1000]));
  const charts = [
    chart(0, 'From a photo’s pixels to one view of it', 'megapixels', [{ name: '', tone: 'a', points: preparing }]),
    chart(
      HALF - 24,
      'Networks, from numbers to features',
      'images',
      [lineOf('photo', false), lineOf('photo', true), lineOf('small', false), lineOf('small', true)],
      [...new Set(batches.map(({ images }) => images))],
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
<title>What preparing photos and asking the networks costs natively, and how it grows</title>
<style>${STYLE}
</style>
<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="8"/>
${charts.join('\n')}
</svg>
`;
}

/** @param {number} left @param {string} title @param {string} unit @param {Line[]} lines @param {number[]} [marked] on the axis across */
function chart(left, title, unit, lines, marked) {
  const across = scaleOf(
    lines.flatMap(({ points }) => points.map(([x]) => x)),
    AREA.left,
    AREA.width,
    marked,
  );
  const up = scaleOf(
    lines.flatMap(({ points }) => points.map(([, y]) => y)),
    AREA.top + AREA.height,
    -AREA.height,
  );
  const [right, bottom] = [AREA.left + AREA.width, AREA.top + AREA.height];
  const marks = [
    text(AREA.left, 28, title, 'title'),
    text(AREA.left, 46, 'milliseconds', 'quiet'),
    text(AREA.left, bottom + 38, 'dotted: in proportion', 'quiet'),
    text(right, bottom + 38, unit, 'quiet', 'end'),
    ...up.ticks.flatMap((tick) => [
      `<path class="grid" d="M${AREA.left} ${up.at(tick)}H${right}"/>`,
      text(AREA.left - 8, up.at(tick) + 4, plain(tick), 'quiet', 'end'),
    ]),
    ...across.ticks.flatMap((tick) => [
      `<path class="grid" d="M${across.at(tick)} ${AREA.top}V${bottom}"/>`,
      text(across.at(tick), bottom + 19, plain(tick), 'quiet', 'middle'),
    ]),
    evenly(across, up),
  ];
  /** Names at the ends of their lines, pushed apart from above. */
  let lowest = Number.NEGATIVE_INFINITY;
  for (const { name, tone, points } of [...lines].sort((one, other) => (other.points.at(-1)?.[1] ?? 0) - (one.points.at(-1)?.[1] ?? 0))) {
    const places = points.map(([x, y]) => [across.at(x), up.at(y)]);
    marks.push(`<path class="line ${tone}" d="M${places.map((place) => place.join(' ')).join('L')}"/>`);
    marks.push(...places.map(([x, y]) => `<circle class="dot ${tone}" cx="${x}" cy="${y}" r="3"/>`));
    const [x = 0, y = 0] = places.at(-1) ?? [];
    lowest = Math.max(y + 4, lowest + APART);
    if (name !== '') marks.push(text(x + 9, lowest, name, `name ${tone}`));
  }
  return `<g transform="translate(${left})">\n${marks.join('\n')}\n</g>`;
}

/** What grows in proportion, from the lower left corner or from below it. @param {Scale} across @param {Scale} up */
function evenly(across, up) {
  const steps = Math.min(across.decades, up.decades);
  const [x, y] = [across.least, up.least];
  return `<path class="even" fill="none" d="M${across.at(x)} ${up.at(y)}L${across.at(x * 10 ** steps)} ${up.at(y * 10 ** steps)}"/>`;
}

/**
 * An axis in powers.
 * @typedef {{ at: (value: number) => number, ticks: number[], least: number, decades: number }} Scale
 */

/** @param {number[]} values @param {number} start @param {number} length @param {number[]} [marked] instead of round numbers @returns {Scale} */
function scaleOf(values, start, length, marked) {
  const [least, most] = [Math.min(...values), Math.max(...values)].map(Math.log10);
  const [low = 0, high = 1] = [least, most];
  const [from, to] = [low - 0.05, Math.max(high, low + 1) + 0.05];
  const at = (/** @type {number} */ value) => Number((start + ((Math.log10(value) - from) / (to - from)) * length).toFixed(1));
  const inside = (/** @type {number} */ value) => Math.log10(value) >= from && Math.log10(value) <= to;
  const powers = Array.from({ length: 16 }, (_, index) => 10 ** (index - 8));
  const fine = to - from < 2.5 ? [1, 2, 5] : [1];
  const round = powers.flatMap((power) => fine.map((digit) => digit * power)).filter(inside);
  return { at, ticks: marked ?? round, least: 10 ** from, decades: to - from };
}

/** @param {number} x @param {number} y @param {string} words @param {string} kind @param {string} [anchor] */
function text(x, y, words, kind, anchor = 'start') {
  return `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
}

/** @param {number} value with two digits at most, as round numbers and batches up to 64 are */
const plain = (value) => value.toLocaleString('en', { maximumSignificantDigits: 2 });
