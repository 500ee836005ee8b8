/*
 * How the element looks, in the page's style (`style.css`). As a constructed style sheet it needs no leave from a
 * Content-Security-Policy, whatever the page that it stands in allows.
 *
 * Sizes are in em, of the browser's own font size: a page that sets another one, or another rem, changes nothing here.
 * Inherited properties end at `.frame`; what is left for the page to decide is what the custom properties name.
 */

/** In light surroundings and in dark ones. */
const palette = {
  card: ['#fdfbf7', '#161d20'],
  ink: ['#1b2124', '#ece8df'],
  soft: ['#566067', '#a4aeb1'],
  line: ['#d9d3c5', '#2d373b'],
  track: ['#e7e2d6', '#263034'],
  accent: ['#0b6b5d', '#6cceb8'],
  'accent-ink': ['#ffffff', '#062019'],
  'accent-wash': ['#dcebe6', '#16352f'],
  unsure: ['#8a5200', '#f0bd62'],
  'unsure-bar': ['#c98a1e', '#d79b32'],
  bad: ['#98202f', '#ff9f9c'],
  'bad-wash': ['#f8e4e2', '#351a1c'],
  mat: ['#e9e4d8', '#0a0e10'],
};

/** @param {(light: string, dark: string) => string} choose */
const colours = (choose) =>
  Object.entries(palette)
    .map(([name, [light = '', dark = '']]) => `--${name}: var(--glimpse-${name}, ${choose(light, dark)});`)
    .join(' ');

const css = `
:host {
  display: block;
  min-width: 0;
}

:host([hidden]) {
  display: none;
}

:host([theme='light']) {
  color-scheme: light;
}

:host([theme='dark']) {
  color-scheme: dark;
}

.frame {
  all: initial;
  visibility: inherit;
  pointer-events: inherit;
  color-scheme: inherit;
  direction: ltr;
  unicode-bidi: isolate;
  display: block;
  box-sizing: border-box;
  container-type: inline-size;
  width: 100%;
  max-width: var(--glimpse-max-width, 30em);
  font: medium/1.5 var(--glimpse-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif);
  text-size-adjust: 100%;
  -webkit-text-size-adjust: 100%;
  --heading-font: var(
    --glimpse-heading-font,
    ui-serif, 'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', P052, Georgia, 'Liberation Serif', 'Songti SC', SimSun, 'Noto Serif CJK SC', serif
  );
  --round: var(--glimpse-radius, 0.75em);
  ${colours((light) => light)}
}

@supports (color: light-dark(red, red)) {
  .frame {
    ${colours((light, dark) => `light-dark(${light}, ${dark})`)}
  }
}

*,
*::before,
*::after {
  box-sizing: border-box;
}

[hidden] {
  display: none !important;
}

.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

p,
ol,
ul {
  margin: 0;
  padding: 0;
}

.card,
.waiting {
  position: relative;
  border: 1px solid var(--line);
  border-radius: var(--round);
  background: var(--card);
  color: var(--ink);
  accent-color: var(--accent);
}

/* As large as the empty card will be, so that nothing jumps when that comes. */
.waiting {
  min-height: 20em;
  padding: 1em;
}

.card {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  overflow: hidden;
}

/* Controls */

button {
  font: inherit;
  color: inherit;
  cursor: pointer;
}

:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
  border-radius: 0.35em;
}

.button {
  padding: 0.55em 1.1em;
  border: 0;
  border-radius: 2em;
  background: var(--accent);
  color: var(--accent-ink);
  font-weight: 600;
  line-height: 1.3;
}

.button:hover {
  background: color-mix(in srgb, var(--accent) 86%, var(--ink));
}

.button:focus-visible {
  border-radius: 2em;
}

.plain {
  background: none;
  color: var(--accent);
  box-shadow: inset 0 0 0 2px currentcolor;
}

.plain:hover {
  background: var(--accent-wash);
}

.quiet {
  padding: 0.15em 0;
  border: 0;
  background: none;
  color: var(--accent);
  font-size: 1em;
  text-decoration: underline;
  text-underline-offset: 0.2em;
}

/* The stage is a viewfinder: four corners, which close in when a file hovers over it. */

.stage {
  --corner: 1.75em;
  --thick: 3px;
  --inset: 0.75em;
  --mark: var(--ink);
  position: relative;
  display: grid;
  place-items: center;
  min-height: 13em;
  padding: 1.5em 1em;
}

.stage::before {
  content: '';
  position: absolute;
  z-index: 1;
  inset: var(--inset);
  pointer-events: none;
  background:
    linear-gradient(var(--mark) 0 0) 0 0 / var(--corner) var(--thick),
    linear-gradient(var(--mark) 0 0) 0 0 / var(--thick) var(--corner),
    linear-gradient(var(--mark) 0 0) 100% 0 / var(--corner) var(--thick),
    linear-gradient(var(--mark) 0 0) 100% 0 / var(--thick) var(--corner),
    linear-gradient(var(--mark) 0 0) 0 100% / var(--corner) var(--thick),
    linear-gradient(var(--mark) 0 0) 0 100% / var(--thick) var(--corner),
    linear-gradient(var(--mark) 0 0) 100% 100% / var(--corner) var(--thick),
    linear-gradient(var(--mark) 0 0) 100% 100% / var(--thick) var(--corner);
  background-repeat: no-repeat;
  transition: inset 0.25s ease;
}

[data-stage='empty'] .stage {
  cursor: pointer;
}

[data-dragging] .stage {
  --inset: 1.4em;
  --mark: var(--accent);
  background: var(--accent-wash);
}

.invite {
  display: grid;
  gap: 0.6em;
  justify-items: center;
  text-align: center;
  color: var(--soft);
}

.big {
  font: 500 1.5em/1.2 var(--heading-font);
  color: var(--ink);
}

.ways {
  display: flex;
  flex-wrap: wrap;
  justify-content: center;
  gap: 0.6em;
}

[data-stage='photo'] .stage,
[data-stage='live'] .stage {
  min-height: 0;
  padding: 0;
  background: var(--mat);
}

[data-stage='photo'] .stage::before,
[data-stage='photo'] .invite,
[data-stage='live'] .invite {
  display: none;
}

[data-stage='live'] .stage::before,
[data-stage='photo'][data-dragging] .stage::before {
  --mark: white;
  display: block;
  mix-blend-mode: difference;
}

.photo,
video {
  display: block;
  width: 100%;
  height: auto;
  max-height: 22em;
  object-fit: contain;
}

video {
  aspect-ratio: auto 4 / 3;
}

[data-mirrored] video,
.photo[data-mirrored] {
  transform: scaleX(-1);
}

[data-dragging] .photo {
  opacity: 0.6;
}

.looking {
  position: absolute;
  inset: auto 0 0;
  height: 3px;
  background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat;
  opacity: 0;
}

[data-busy] .looking {
  opacity: 1;
  animation: look 1.1s 0.15s ease-in-out infinite alternate both;
}

@keyframes look {
  from {
    background-position: -20% 0;
  }
  to {
    background-position: 120% 0;
  }
}

/* Below the stage */

.below {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  align-content: start;
  gap: 0.9em;
  padding: 0.75em 1em 1em;
}

.caption {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
  gap: 0.1em 1em;
  font-size: 0.875em;
  color: var(--soft);
}

[data-stage='empty'] .caption {
  display: none;
}

.name {
  flex: 1 1 8em;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.small {
  font-size: 0.8125em;
  line-height: 1.45;
  color: var(--soft);
  overflow-wrap: anywhere;
}

.samples {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(3.25em, 1fr));
  gap: 0.5em;
  margin-top: 0.4em;
  list-style: none;
}

.samples button {
  display: block;
  width: 100%;
  padding: 0;
  border: 0;
  border-radius: 0.5em;
  background: var(--track);
  overflow: hidden;
}

.samples img {
  display: block;
  width: 100%;
  height: auto;
  aspect-ratio: 1;
  object-fit: cover;
  font-size: 0.7em;
  transition: transform 0.25s ease;
}

.samples button:hover img {
  transform: scale(1.06);
}

progress {
  appearance: none;
  display: block;
  width: 100%;
  height: 0.35em;
  margin-top: 0.35em;
  border: 0;
  border-radius: 1em;
  overflow: hidden;
  background: var(--track);
  color: var(--accent);
}

progress::-webkit-progress-bar {
  background: var(--track);
}

progress::-webkit-progress-value {
  background: var(--accent);
}

progress::-moz-progress-bar {
  background: var(--accent);
}

progress:indeterminate {
  background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat var(--track);
  animation: look 1.1s ease-in-out infinite alternate both;
}

progress:indeterminate::-webkit-progress-bar {
  background: none;
}

.error {
  padding: 0.75em 0.9em;
  border-radius: 0.5em;
  background: var(--bad-wash);
  color: var(--bad);
  overflow-wrap: anywhere;
}

.error .button {
  margin-top: 0.6em;
}

/* The answer */

.answer {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 0.75em;
}

.verdict {
  font: 500 1.5em/1.2 var(--heading-font);
  letter-spacing: -0.01em;
  text-wrap: balance;
  overflow-wrap: anywhere;
}

[data-sure='false'] .verdict {
  color: var(--unsure);
}

.confidence {
  margin-top: 0.25em;
  font-size: 0.9375em;
  color: var(--soft);
}

.bars {
  --share-width: 4.25em; /* as wide as “>99.9%” */
  display: grid;
  grid-template-columns: fit-content(55%) minmax(2em, 1fr) var(--share-width);
  gap: 0.45em 0.6em;
  list-style: none;
}

.bars li {
  display: grid;
  grid-column: 1 / -1;
  grid-template-columns: subgrid;
  align-items: center;
}

.bars .label {
  overflow-wrap: anywhere;
}

.bars .bar {
  height: 0.6em;
  border-radius: 1em;
  background: var(--track);
  overflow: hidden;
}

.bars .bar::before {
  content: '';
  display: block;
  height: 100%;
  border-radius: inherit;
  background: var(--soft);
  transform: translateX(calc((var(--share, 0) - 1) * 100%));
  transition: transform 0.6s cubic-bezier(0.2, 0.8, 0.2, 1);
}

[data-stage='live'] .bars .bar::before {
  transition: transform 0.1s linear;
}

.bars .share {
  white-space: nowrap;
  font-variant-numeric: tabular-nums;
  text-align: end;
  color: var(--soft);
}

.bars li:first-child {
  font-weight: 600;
}

.bars li:first-child .share {
  color: inherit;
}

.bars li:first-child .bar::before {
  background: var(--accent);
}

[data-sure='false'] .bars li:first-child .bar::before {
  background: var(--unsure-bar);
}

.timing {
  font-variant-numeric: tabular-nums;
}

.remark {
  color: var(--unsure);
}

/* From 240 pixels on; two columns where there is room for them. */

@container (max-width: 20em) {
  .stage {
    min-height: 11em;
    padding: 1.25em 0.75em;
  }

  .big,
  .verdict {
    font-size: 1.25em;
  }

  .below {
    padding: 0.6em 0.75em 0.75em;
  }

  .bars {
    grid-template-columns: minmax(0, 1fr) var(--share-width);
    gap: 0.2em 0.5em;
  }

  .bars .bar {
    grid-column: 1 / -1;
    grid-row: 2;
  }
}

@container (min-width: 38em) {
  .card {
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }

  .photo,
  video {
    max-height: 28em;
  }
}

@media (prefers-reduced-motion: reduce) {
  *,
  *::before,
  *::after {
    transition: none !important;
    animation: none !important;
  }

  [data-busy] .looking {
    background: var(--accent);
  }
}

@media (forced-colors: active) {
  .bars .bar::before {
    background: Highlight !important;
    forced-color-adjust: none;
  }
}
`;

/** @type {WeakMap<Document, CSSStyleSheet>} a style sheet belongs to one document */
const sheets = new WeakMap();

/**
 * The style sheet, which all elements of a document share.
 * @param {Document} document
 */
export function sheetFor(document) {
  const known = sheets.get(document);
  if (known) return known;
  const Sheet = document.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
  const sheet = new Sheet();
  sheet.replaceSync(css);
  sheets.set(document, sheet);
  return sheet;
}
