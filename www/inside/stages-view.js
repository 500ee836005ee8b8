/** @import { Info, Outcome, Stages, View, Wishes } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Histogram } from './histogram.js' */
/** @import { Opened } from './types.js' */
/** @import { Item } from './sheet.js' */
import { toPng } from '../core/frame-to-png.js';
import { inWords } from '../core/headline.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';
import { fileNameFor, saveFile } from '../ui/save-file.js';
import { histogramChart } from './charts.js';
import { CHANNELS, histogramOf, histogramOfTensor } from './histogram.js';
import { drawSheet } from './sheet.js';
import { STEPS } from './variants.js';

/** Pixels of the longer side of the photo with its frame. */
const FRAMED = 320;
/** How dark the part of it gets that isn't seen. */
const SHADE = 'rgb(0 0 0 / 65%)';

/**
 * A step as it is shown: the picture after it and what there is to say of it.
 * @typedef {{ name: keyof WordsOfInside['inside']['stages']['names'], picture: HTMLCanvasElement, histogram: Histogram, before: Histogram | null, text: (words: WordsOfInside) => string }} Step
 */

/** What becomes of the photo, step by step, with steps that can be switched on and off, and what the network says then. */
export class StagesView {
  #localizer;
  #engine;
  #heading = make('h3');
  #why = make('p', { class: 'why' });
  #legend = make('legend');
  #boxes = STEPS.map((step) => ({ step, box: make('input', { type: 'checkbox', id: `lab-${step}` }), text: make('span') }));
  #framing = make('select', { id: 'lab-framing' }, ...['', 'crop', 'stretch'].map((value) => make('option', { value })));
  #framingText = make('label', { for: 'lab-framing' });
  #options = make('fieldset', { class: 'options' });
  #key = make('ul', { class: 'key' });
  #looks = make('div', { class: 'looks' });
  #verdict = make('strong');
  #confidence = make('span');
  #answer = make('p', { id: 'lab-answer', class: 'lab-answer', role: 'status' }, this.#verdict, ' ', this.#confidence);
  #save = makeButton('save-stages', 'quiet', () => void this.#saveSheet());
  #changed;
  /** @type {Opened | null} */
  #opened = null;
  /** @type {Step[][]} of each look */
  #shown = [];
  /** @type {Outcome | null} */
  #outcome = null;
  #turn = new AbortController();

  root = make('section', { class: 'part' });

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {Pick<EngineClient, 'stages' | 'classify'>} engine
   * @param {(framing: Wishes['framing']) => void} changed another part is to be seen
   */
  constructor(localizer, engine, changed) {
    this.#localizer = localizer;
    this.#engine = engine;
    this.#changed = changed;
    this.#options.append(
      this.#legend,
      ...this.#boxes.map(({ box, text }) => make('label', {}, box, text)),
      make('p', { class: 'pick' }, this.#framingText, this.#framing),
    );
    this.#options.addEventListener('change', ({ target }) => {
      if (target === this.#framing) this.#changed(this.#wishes.framing);
      void this.#look();
    });
    this.root.append(this.#heading, this.#why, this.#options, this.#key, this.#looks, this.#answer, this.#save);
    localizer.follow(() => this.#render());
  }

  /** @param {Opened | null} opened */
  show(opened) {
    this.#turn.abort();
    this.#opened = opened;
    this.#shown = [];
    this.#outcome = opened?.outcome ?? null;
    if (opened) {
      const { enhance } = opened.outcome.info.preprocessing;
      const wished = { ...enhance, ...opened.wishes.enhance };
      for (const { step, box } of this.#boxes) box.checked = wished[step];
      this.#framing.value = opened.wishes.framing ?? '';
    }
    this.#render();
    if (opened) void this.#look(opened.outcome);
  }

  stop() {
    this.#turn.abort();
  }

  /** @returns {Wishes} */
  get #wishes() {
    return {
      framing: /** @type {Wishes['framing']} */ (this.#framing.value || null),
      enhance: Object.fromEntries(this.#boxes.map(({ step, box }) => [step, box.checked])),
    };
  }

  /**
   * Takes the steps anew.
   * @param {Outcome} [known] the answer, where it is known
   */
  async #look(known) {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    const opened = this.#opened;
    if (!opened) return;
    try {
      const stages = await this.#engine.stages(opened.photo, this.#wishes, signal);
      if (signal.aborted) return;
      this.#shown = stages.views.map((view) => stepsOf(view, stages, opened.picture, opened.outcome.info));
      this.#render();
      const outcome = known ?? (await this.#engine.classify(opened.photo, this.#wishes, signal));
      if (signal.aborted) return;
      this.#outcome = outcome;
      this.#render();
    } catch (error) {
      // What stops the engine is said by the page, once.
      if (!signal.aborted) console.info('glimpse could not show the steps.', error);
    }
  }

  #render() {
    const { words, classNames } = this.#localizer;
    const { stages } = words.inside;
    setText(this.#heading, stages.heading);
    setText(this.#why, stages.why);
    setText(this.#legend, stages.options);
    for (const { step, text } of this.#boxes) setText(text, stages[step]);
    setText(this.#framingText, stages.framing);
    for (const [at, text] of [stages.usual, stages.crop, stages.stretch].entries()) setText(/** @type {Element} */ (this.#framing.options[at]), text);
    this.#key.replaceChildren(
      ...[...CHANNELS, /** @type {const} */ ('before')].map((channel) =>
        make('li', {}, make('span', { class: `swatch ${channel}` }), stages.channels[channel]),
      ),
    );
    this.#looks.replaceChildren(...this.#shown.map((steps, at) => this.#makeLook(steps, at)));
    const said = this.#outcome && inWords(this.#outcome, words, classNames);
    setText(this.#verdict, said?.verdict ?? '');
    setText(this.#confidence, said?.confidence ?? '');
    setText(this.#save, stages.save);
    this.#save.hidden = this.#key.hidden = this.#shown.length === 0;
  }

  /**
   * @param {Step[]} steps
   * @param {number} at
   */
  #makeLook(steps, at) {
    const { words } = this.#localizer;
    const { stages } = words.inside;
    const cards = steps.map(({ name, picture, histogram, before, text }) => {
      const said = stages.names[name];
      picture.setAttribute('role', 'img');
      picture.setAttribute('aria-label', stages.picture(said));
      const chart = histogramChart(
        histogram,
        before,
        stages.histogram(
          said,
          CHANNELS.map((channel) => stages.mean(histogram.means[channel])),
        ),
      );
      return make('li', { 'data-step': name }, make('h4', {}, said), picture, chart, make('p', { class: 'small' }, text(words)));
    });
    const list = make('ol', { class: 'chain' }, ...cards);
    const many = this.#shown.length > 1;
    return make('div', {}, ...(many ? [make('p', { class: 'small' }, stages.look(at + 1, this.#shown.length))] : []), list);
  }

  async #saveSheet() {
    const opened = this.#opened;
    if (!opened) return;
    const { words } = this.#localizer;
    const name = opened.name(words);
    const charts = [...this.#looks.querySelectorAll('svg')];
    /** @type {Item[]} */
    const items = this.#shown.flat().map(({ name: step, picture, text }, at) => ({
      picture: squareOf(picture),
      chart: charts[at],
      lines: [words.inside.stages.names[step], text(words)],
    }));
    const title = [`glimpse · ${name} · ${words.modelName(opened.outcome.model)}`, `${this.#verdict.textContent} ${this.#confidence.textContent}`];
    const across = Math.max(...this.#shown.map((steps) => steps.length));
    const sheet = drawSheet({ title, key: this.#key, items, across, width: 240 }, this.root);
    saveFile(await toPng(sheet), `glimpse-${fileNameFor(name.replace(/\.\w+$/, ''), 'photo')}-steps.png`);
  }
}

/**
 * @param {View} view
 * @param {Stages} whole
 * @param {HTMLCanvasElement} photo
 * @param {Info} info
 * @returns {Step[]}
 */
function stepsOf(view, whole, photo, { preprocessing }) {
  const framed = frame(photo, view, whole);
  /** @type {Step[]} */
  const steps = [
    {
      ...{ name: 'crop', picture: framed.picture, histogram: framed.histogram, before: null },
      text: (words) => words.inside.stages.part([view.width, view.height], [whole.width, whole.height]),
    },
  ];
  for (const { step, image } of view.stages) {
    const picture = make('canvas', { class: 'square' });
    drawPixels(picture, image);
    const before = steps[steps.length - 1]?.histogram ?? null;
    steps.push({ name: step, picture, histogram: histogramOf(image), before, text: (words) => words.inside.stages.square(image.width) });
  }
  const side = preprocessing.input_size;
  const { mean, std } = preprocessing.normalisation;
  const folded = mean.every((value) => value === 0) && std.every((value) => value === 1);
  const histogram = histogramOfTensor(view.tensor);
  steps.push({
    ...{ name: 'normalise', picture: pictureOf(view.tensor, side, histogram), histogram, before: null },
    text: (words) => words.inside.stages.tensor(side, histogram.low, histogram.high, folded),
  });
  return steps;
}

/**
 * The photo, small, and darker where it isn't seen.
 *
 * @param {HTMLCanvasElement} photo
 * @param {View} part
 * @param {{ width: number, height: number }} whole
 */
function frame(photo, part, whole) {
  const scale = Math.min(1, FRAMED / Math.max(photo.width, photo.height));
  const picture = make('canvas');
  const [width, height] = [photo.width, photo.height].map((side) => Math.max(1, Math.round(side * scale)));
  Object.assign(picture, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d', { willReadFrequently: true }));
  context.imageSmoothingQuality = 'high';
  context.drawImage(photo, 0, 0, picture.width, picture.height);
  const histogram = histogramOf(context.getImageData(0, 0, picture.width, picture.height));
  const [across, down] = [picture.width / whole.width, picture.height / whole.height];
  context.fillStyle = SHADE;
  context.beginPath();
  context.rect(0, 0, picture.width, picture.height);
  context.rect(part.left * across, part.top * down, part.width * across, part.height * down);
  context.fill('evenodd');
  return { picture, histogram };
}

/**
 * Numbers as a picture: the smallest black, the largest white.
 *
 * @param {Float32Array} tensor
 * @param {number} side
 * @param {{ low: number, high: number }} range
 */
function pictureOf(tensor, side, { low, high }) {
  const image = new ImageData(side, side);
  const plane = side * side;
  for (let at = 0; at < image.data.length; at += 1) {
    const value = (Number(tensor[(at % 4) * plane + Math.floor(at / 4)]) - low) / (high - low || 1);
    image.data[at] = at % 4 === 3 ? 255 : 255 * value;
  }
  const picture = make('canvas', { class: 'square' });
  drawPixels(picture, image);
  return picture;
}

/**
 * On a square, so that the captions of a row stand beside each other.
 * @param {HTMLCanvasElement} picture
 */
function squareOf(picture) {
  const side = Math.max(picture.width, picture.height);
  const square = Object.assign(make('canvas'), { width: side, height: side });
  square.getContext('2d')?.drawImage(picture, (side - picture.width) / 2, (side - picture.height) / 2);
  return square;
}
