/* Written by scripts/lib/styles.mjs from styles.css: change that instead. */
export default `
:root,
.frame {
--card: var(--glimpse-card, #fdfbf7);
--ink: var(--glimpse-ink, #1b2124);
--soft: var(--glimpse-soft, #566067);
--line: var(--glimpse-line, #d9d3c5);
--track: var(--glimpse-track, #e7e2d6);
--accent: var(--glimpse-accent, #0b6b5d);
--accent-ink: var(--glimpse-accent-ink, #fff);
--accent-wash: var(--glimpse-accent-wash, #dcebe6);
--unsure: var(--glimpse-unsure, #8a5200);
--unsure-bar: var(--glimpse-unsure-bar, #a9700f);
--bad: var(--glimpse-bad, #98202f);
--bad-wash: var(--glimpse-bad-wash, #f8e4e2);
--mat: var(--glimpse-mat, #e9e4d8);
--round: var(--glimpse-radius, 0.75em);
--font: var(
--glimpse-font,
system-ui,
-apple-system,
'Segoe UI',
Roboto,
'Noto Sans',
'Liberation Sans',
'PingFang SC',
'Microsoft YaHei',
'Noto Sans CJK SC',
'Source Han Sans SC',
'WenQuanYi Micro Hei',
sans-serif
);
--heading-font: var(
--glimpse-heading-font,
ui-serif,
'Iowan Old Style',
'Palatino Linotype',
Palatino,
'URW Palladio L',
P052,
Georgia,
'Liberation Serif',
'Songti SC',
'Noto Serif CJK SC',
'Noto Serif SC',
'Source Han Serif SC',
'Microsoft YaHei',
serif
);
}
@media (prefers-color-scheme: dark) {
:root {
--card: var(--glimpse-card, #161d20);
--ink: var(--glimpse-ink, #ece8df);
--soft: var(--glimpse-soft, #a4aeb1);
--line: var(--glimpse-line, #2d373b);
--track: var(--glimpse-track, #263034);
--accent: var(--glimpse-accent, #6cceb8);
--accent-ink: var(--glimpse-accent-ink, #062019);
--accent-wash: var(--glimpse-accent-wash, #16352f);
--unsure: var(--glimpse-unsure, #f0bd62);
--unsure-bar: var(--glimpse-unsure-bar, #d79b32);
--bad: var(--glimpse-bad, #ff9f9c);
--bad-wash: var(--glimpse-bad-wash, #351a1c);
--mat: var(--glimpse-mat, #0a0e10);
}
}
@supports (color: light-dark(red, red)) {
:root,
.frame {
--card: var(--glimpse-card, light-dark(#fdfbf7, #161d20));
--ink: var(--glimpse-ink, light-dark(#1b2124, #ece8df));
--soft: var(--glimpse-soft, light-dark(#566067, #a4aeb1));
--line: var(--glimpse-line, light-dark(#d9d3c5, #2d373b));
--track: var(--glimpse-track, light-dark(#e7e2d6, #263034));
--accent: var(--glimpse-accent, light-dark(#0b6b5d, #6cceb8));
--accent-ink: var(--glimpse-accent-ink, light-dark(#fff, #062019));
--accent-wash: var(--glimpse-accent-wash, light-dark(#dcebe6, #16352f));
--unsure: var(--glimpse-unsure, light-dark(#8a5200, #f0bd62));
--unsure-bar: var(--glimpse-unsure-bar, light-dark(#a9700f, #d79b32));
--bad: var(--glimpse-bad, light-dark(#98202f, #ff9f9c));
--bad-wash: var(--glimpse-bad-wash, light-dark(#f8e4e2, #351a1c));
--mat: var(--glimpse-mat, light-dark(#e9e4d8, #0a0e10));
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
p,
ol,
ul {
margin: 0;
padding: 0;
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
.small {
font-size: 0.8125em;
line-height: 1.45;
color: var(--soft);
overflow-wrap: anywhere;
}
button {
font: inherit;
color: inherit;
cursor: pointer;
}
:disabled {
opacity: 0.6;
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
text-decoration: underline;
text-underline-offset: 0.2em;
}
.stage {
--corner: 1.75em;
--thick: 3px;
--inset: 0.75em;
--mark: var(--ink);
position: relative;
display: grid;
grid-template-columns: minmax(0, 1fr);
place-items: center;
min-height: 13em;
padding: 1.5em 1em;
overflow: hidden;
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
.stage[data-state='empty'] {
cursor: pointer;
}
.stage[data-dragging] {
--inset: 1.4em;
--mark: var(--accent);
background: var(--accent-wash);
}
.stage:not([data-state='empty']) {
min-height: 0;
padding: 0;
background: var(--mat);
}
.stage[data-state='photo']:not([data-dragging])::before,
.stage:not([data-state='empty']) .invite {
display: none;
}
.stage:not([data-state='empty'])::before {
--mark: white;
filter: drop-shadow(0 0 2px rgb(0 0 0 / 80%));
}
.invite {
display: grid;
gap: 0.6em;
justify-items: center;
text-align: center;
color: var(--soft);
}
.big {
font: 500 1.5em / 1.2 var(--heading-font);
color: var(--ink);
}
.ways {
display: flex;
flex-wrap: wrap;
justify-content: center;
gap: 0.6em;
}
.photo,
.stage video {
display: block;
width: 100%;
height: auto;
max-height: 22em;
object-fit: contain;
}
.stage video {
aspect-ratio: auto 4 / 3;
}
[data-mirrored] {
transform: scaleX(-1);
}
[data-dragging] .photo {
opacity: 0.6;
}
.working {
position: absolute;
inset: 0 0 auto;
height: 3px;
background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat;
opacity: 0;
}
[data-busy] .working {
opacity: 1;
animation: working 1.1s 0.15s ease-in-out infinite alternate both;
}
@keyframes working {
from {
background-position: -20% 0;
}
to {
background-position: 120% 0;
}
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
.name {
flex: 1 1 8em;
min-width: 0;
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
.camera {
display: grid;
grid-template-columns: minmax(0, 1fr);
gap: 0.75em;
}
.buttons {
display: flex;
flex-wrap: wrap;
align-items: center;
gap: 0.6em;
}
.samples {
display: grid;
grid-template-columns: repeat(auto-fill, minmax(3.25em, 1fr));
gap: 0.5em;
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
.progress {
display: grid;
gap: 0.35em;
font-size: 0.8125em;
font-variant-numeric: tabular-nums;
color: var(--soft);
}
progress {
appearance: none;
display: block;
width: 100%;
height: 0.4em;
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
transition: inline-size 0.2s;
}
progress::-moz-progress-bar {
background: var(--accent);
}
progress:indeterminate {
background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat var(--track);
animation: working 1.1s ease-in-out infinite alternate both;
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
.answer {
display: grid;
grid-template-columns: minmax(0, 1fr);
gap: 0.75em;
}
.verdict {
font: 500 1.5em / 1.2 var(--heading-font);
letter-spacing: -0.015em;
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
.asked {
padding-block: 0.5em;
border-block: 1px solid var(--line);
}
.asked strong {
font: 500 1.25em / 1.3 var(--heading-font);
}
.asked [data-answer='yes'] {
color: var(--accent);
}
.answer-figures:not([hidden]) {
display: grid;
grid-template-columns: 7.5em minmax(0, 1fr);
gap: 0.5em 1.25em;
align-items: start;
margin-top: 0.5em;
}
.answer-figures[data-undrawn] {
grid-template-columns: minmax(0, 1fr);
}
.answer-figures details {
grid-column: 1 / -1;
min-width: 0;
}
.answer-figures .frame,
.answer-figures .curve {
fill: none;
stroke: var(--line);
stroke-width: 1.5;
}
.answer-figures .curve {
stroke: var(--accent);
stroke-width: 2;
}
.answer-figures .mark {
fill: var(--ink);
}
.answer-figures .scroll {
overflow-x: auto;
}
.answer-figures table {
border-collapse: collapse;
font-variant-numeric: tabular-nums;
font-size: 0.875em;
}
.answer-figures summary {
font-size: 0.875em;
cursor: pointer;
}
.answer-figures td {
padding-inline-start: 1em;
white-space: nowrap;
text-align: end;
}
.answer-figures th {
font-weight: inherit;
text-align: end;
}
.answer-figures th:first-child {
text-align: start;
}
.bars {
--share-width: 4.25em;
display: grid;
grid-template-columns: fit-content(55%) minmax(2em, 1fr) minmax(var(--share-width), max-content);
gap: 0.45em 0.6em;
list-style: none;
}
.bars li {
display: grid;
grid-column: 1 / -1;
grid-template-columns: subgrid;
align-items: center;
}
.label {
overflow-wrap: anywhere;
}
.bar {
height: 0.6em;
border-radius: 1em;
background: var(--track);
overflow: hidden;
}
.bar::before {
content: '';
display: block;
height: 100%;
border-radius: inherit;
background: var(--soft);
transform: translateX(calc((var(--share, 0) - 1) * 100%));
transition: transform 0.6s cubic-bezier(0.2, 0.8, 0.2, 1);
}
[data-live] .bar::before {
transition: transform 0.1s linear;
}
.share {
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
[data-sure='false'] > .bars li:first-child .bar::before {
background: var(--unsure-bar);
}
.overlay {
position: absolute;
z-index: 1;
pointer-events: none;
}
.where-panel {
display: grid;
grid-template-columns: minmax(0, 1fr);
gap: 0.75em;
width: 100%;
}
.legend canvas {
display: block;
width: 100%;
height: 0.9em;
background: white;
border: 1px solid var(--line);
}
.legend .ends {
display: flex;
justify-content: space-between;
font-variant-numeric: tabular-nums;
}
.subject {
text-align: start;
}
.subject:focus-visible {
outline-offset: 0;
}
.subject[aria-pressed='true'] {
font-weight: 600;
text-decoration-thickness: 0.2em;
}
.timing {
font-variant-numeric: tabular-nums;
}
.remark {
color: var(--unsure);
}
:lang(zh) :is(.big, .verdict) {
line-height: 1.3;
letter-spacing: 0;
}
:lang(zh) .big {
word-break: keep-all;
overflow-wrap: anywhere;
text-wrap: wrap;
}
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
font: medium / 1.5 var(--font);
text-size-adjust: 100%;
-webkit-text-size-adjust: 100%;
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
.waiting {
min-height: 20em;
padding: 1em;
}
.waiting ::slotted(img) {
max-width: 100%;
height: auto;
}
.card {
display: grid;
grid-template-columns: minmax(0, 1fr);
overflow: hidden;
}
.card:lang(zh) {
line-height: 1.7;
line-break: strict;
text-wrap: pretty;
}
.below {
display: grid;
grid-template-columns: minmax(0, 1fr);
align-content: start;
gap: 0.9em;
padding: 0.75em 1em 1em;
}
.below .samples {
margin-top: 0.4em;
}
.below .buttons {
order: -1;
justify-content: center;
}
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
grid-template-columns: minmax(0, 1fr) minmax(var(--share-width), max-content);
gap: 0.2em 0.5em;
}
.bar {
grid-column: 1 / -1;
grid-row: 2;
}
}
@container (min-width: 38em) {
.card {
grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
}
.photo,
.stage video {
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
.working {
background: var(--accent);
}
}
@media (forced-colors: active) {
.button {
border: 2px solid ButtonBorder;
}
.stage[data-state='empty'],
.error,
.samples button {
border: 1px solid CanvasText;
}
.stage::before {
--mark: CanvasText !important;
forced-color-adjust: none;
}
.stage[data-dragging]::before {
--mark: Highlight !important;
}
.working {
forced-color-adjust: none;
background-color: Highlight;
}
.bar,
progress {
border: 1px solid CanvasText;
}
.bar::before {
forced-color-adjust: none;
background: Highlight !important;
}
progress {
--track: Canvas;
--accent: Highlight;
forced-color-adjust: none;
}
}
`;
