import { make } from '../ui/dom.js';

/*
 * An answer as one picture, for people to keep or to send: the photo, the headline, the bars. No network sees it.
 */

/** Pixels. */
const WIDTH = 1000;
const PHOTO_HEIGHT = 640;
const MARGIN = 48;
const ROW = 46;

/** What a line may break after: a word with the space behind it, a Han character with its punctuation. */
const PIECES = /\p{Script=Han}[，。？！：；、）”]*|[^\s\p{Script=Han}]+\s*|\s+/gu;

/**
 * @typedef {object} AnswerCard
 * @property {HTMLCanvasElement} photo as it is on the screen
 * @property {boolean} mirrored whether people see it in a mirror
 * @property {string} verdict
 * @property {string} confidence
 * @property {boolean} sure
 * @property {{ name: string, probability: number, percent: string }[]} bars
 * @property {string} foot
 */

/**
 * @param {AnswerCard} card
 * @param {Element} place in whose colours and fonts it is drawn
 * @returns {HTMLCanvasElement}
 */
export function drawCard({ photo, mirrored, verdict, confidence, sure, bars, foot }, place) {
  const look = lookOf(place);
  const canvas = make('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const scale = Math.min(WIDTH / photo.width, PHOTO_HEIGHT / photo.height);
  const [width, height] = [photo.width * scale, photo.height * scale];
  const inner = WIDTH - 2 * MARGIN;
  const big = `500 46px ${look.heading}`;
  const plain = `24px ${look.font}`;
  const small = `20px ${look.font}`;
  const [headline, second, last] = [wrap(context, verdict, big, inner), wrap(context, confidence, plain, inner), wrap(context, foot, small, inner)];
  const longest = Math.max(...bars.map(({ name }) => measure(context, name, plain)), 0);
  const names = Math.min(inner * 0.45, longest);
  const shares = 110;

  canvas.width = WIDTH;
  canvas.height = Math.ceil(height + MARGIN + 58 * headline.length + 34 * second.length + 28 + ROW * bars.length + 20 + 28 * last.length + MARGIN - 20);
  context.textBaseline = 'middle';
  context.fillStyle = look.card;
  context.fillRect(0, 0, WIDTH, canvas.height);
  context.fillStyle = look.mat;
  context.fillRect(0, 0, WIDTH, height);
  context.save();
  context.translate(WIDTH / 2, 0);
  if (mirrored) context.scale(-1, 1);
  context.imageSmoothingQuality = 'high';
  context.drawImage(photo, -width / 2, 0, width, height);
  context.restore();

  let y = height + MARGIN;
  const write = (/** @type {string[]} */ lines, /** @type {string} */ font, /** @type {string} */ colour, /** @type {number} */ step) => {
    context.font = font;
    context.fillStyle = colour;
    for (const line of lines) {
      context.fillText(line, MARGIN, y + step / 2 - 8);
      y += step;
    }
  };
  write(headline, big, sure ? look.ink : look.unsure, 58);
  write(second, plain, look.soft, 34);
  y += 28;
  for (const [place, { name, probability, percent }] of bars.entries()) {
    const middle = y + ROW / 2 - 8;
    context.font = place === 0 ? `600 ${plain}` : plain;
    context.fillStyle = look.ink;
    context.fillText(name, MARGIN, middle, names); // narrower letters, rather than a name that is cut
    const [left, length] = [MARGIN + names + 24, inner - names - 24 - shares];
    context.fillStyle = look.track;
    context.fillRect(left, middle - 8, length, 16);
    context.fillStyle = place > 0 ? look.soft : sure ? look.accent : look['unsure-bar'];
    context.fillRect(left, middle - 8, length * probability, 16);
    context.fillStyle = place === 0 ? look.ink : look.soft;
    context.textAlign = 'end';
    context.fillText(percent, WIDTH - MARGIN, middle, shares - 12);
    context.textAlign = 'start';
    y += ROW;
  }
  y += 20;
  write(last, small, look.soft, 28);
  return canvas;
}

/**
 * The colours of the style sheet as they are just now: light or dark, or the person's own.
 * @param {Element} place
 */
function lookOf(place) {
  const probe = make('span', { hidden: '' });
  place.append(probe);
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const family = (/** @type {string} */ name) => {
    probe.style.fontFamily = `var(--${name})`;
    return getComputedStyle(probe).fontFamily;
  };
  const colours = {
    ...{ card: colour('card'), mat: colour('mat'), ink: colour('ink'), soft: colour('soft'), track: colour('track') },
    ...{ accent: colour('accent'), unsure: colour('unsure'), 'unsure-bar': colour('unsure-bar') },
  };
  const look = { ...colours, font: family('font'), heading: family('heading-font') };
  probe.remove();
  return look;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {string} font
 */
function measure(context, text, font) {
  context.font = font;
  return context.measureText(text).width;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {string} font
 * @param {number} width
 * @returns {string[]}
 */
function wrap(context, text, font, width) {
  const lines = [''];
  for (const piece of text.match(PIECES) ?? []) {
    const longer = lines[lines.length - 1] + piece;
    if (lines[lines.length - 1] && measure(context, longer.trimEnd(), font) > width) lines.push(piece);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
