/** @import { Outcome } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Point } from './breaking.js' */
/** @import { Disturbance, Pixels, Strengths } from './disturbances.js' */
/** @import { Host, Opened } from './types.js' */
import { single } from '../core/answer-json.js';
import { toPng } from '../core/frame-to-png.js';
import { inWords } from '../core/headline.js';
import { Announcer } from '../ui/announcer.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPicture } from '../ui/draw.js';
import { RunButton } from '../ui/run-button.js';
import { fileNameFor, saveFile, saveJson } from '../ui/save-file.js';
import { breaksOf, linesOf, shareOf, strengthsUpTo } from './breaking.js';
import { curveChart } from './charts.js';
import { disturbed, LONGEST, pixelsOf } from './disturbed-photo.js';
import { DISTURBANCES, UNDISTURBED } from './disturbances.js';
import { drawSheet } from './sheet.js';

/** How many strengths a curve goes through. */
const POINTS = 11;
/** Milliseconds for which a slider has to rest before the network is asked. */
const REST = 80;

/** The photo made worse by sliders, what the network says to it, and the curve of its answers over one of them. */
export class DisturbView {
  #localizer;
  #host;
  #heading = make('h3');
  #why = make('p', { class: 'why' });
  #sliders = DISTURBANCES.map(({ name, most, step }) => {
    const input = make('input', { type: 'range', id: `disturb-${name}`, min: '0', max: String(most), step: String(step), value: '0' });
    return { name, most, input, label: make('label', { for: input.id }), value: make('output', { for: input.id, 'aria-live': 'off' }) };
  });
  #note = make('p', { class: 'small' });
  #picture = make('canvas', { id: 'disturbed', class: 'disturbed', role: 'img' });
  #verdict = make('strong');
  #confidence = make('span');
  #said = make('p', { id: 'disturbed-answer', class: 'lab-answer' }, this.#verdict, ' ', this.#confidence);
  #announcement = make('p', { class: 'unseen', role: 'status' });
  #announcer = new Announcer(this.#announcement);
  #reset = makeButton('disturb-reset', 'quiet', () => this.#undo());
  #use = makeButton('disturb-use', 'quiet', () => void this.#take());
  #which = make('select', { id: 'curve-of' }, ...DISTURBANCES.map(({ name }) => make('option', { value: name })));
  #whichText = make('label', { for: 'curve-of' });
  #run;
  #curveWhy = make('p', { class: 'small' });
  #chart = make('div', { class: 'chart' });
  #key = make('ul', { class: 'key' });
  #findings = make('p', { id: 'curve-findings', class: 'findings', role: 'status' });
  #numbers = make('details', {}, make('summary', { id: 'curve-numbers' }), make('table', {}, make('thead', {}, make('tr')), make('tbody')));
  #savePicture = makeButton('save-curve', 'quiet', () => void this.#saveSheet());
  #saveNumbers = makeButton('save-curve-json', 'quiet', () => this.#saveJson());
  #curve = make(
    'div',
    { class: 'curve', hidden: '' },
    this.#curveWhy,
    this.#chart,
    this.#key,
    this.#findings,
    this.#numbers,
    make('p', {}, this.#savePicture, ' ', this.#saveNumbers),
  );

  /** @type {Opened | null} */
  #opened = null;
  /** @type {Pixels | null} */
  #pixels = null;
  /** @type {Outcome | null} */
  #outcome = null;
  /** @type {{ of: Disturbance, others: Strengths, points: Point[], threshold: number } | null} */
  #measured = null;
  #turn = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  root = make('section', { class: 'part' });

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {Pick<Host, 'engine' | 'take'>} host
   */
  constructor(localizer, host) {
    this.#localizer = localizer;
    this.#host = host;
    this.#run = new RunButton(
      localizer,
      'run-curve',
      ({ inside }) => ({ ...inside, run: inside.disturb.run }),
      (signal, report) => this.#measure(signal, report),
    );
    for (const { name, input } of this.#sliders) {
      input.addEventListener('input', () => {
        this.#which.value = name;
        this.#strengthsChanged();
      });
    }
    const sliders = this.#sliders.map(({ label, input, value }) => make('p', {}, label, input, value));
    this.root.append(
      this.#heading,
      this.#why,
      make(
        'div',
        { class: 'bench' },
        make('div', {}, make('div', { class: 'sliders' }, ...sliders), this.#note),
        make('div', {}, this.#picture, this.#said, this.#announcement, this.#reset, ' ', this.#use),
      ),
      make('p', { class: 'pick' }, this.#whichText, this.#which),
      this.#run.root,
      this.#curve,
    );
    localizer.follow(() => this.#render());
  }

  /** @param {Opened | null} opened */
  show(opened) {
    this.stop();
    this.#opened = opened;
    for (const { input } of this.#sliders) input.value = '0';
    this.#pixels = this.#measured = this.#outcome = null;
    this.#picture.width = this.#picture.height = 0;
    this.#announcer.clear();
    this.#render();
    if (opened) this.#strengthsChanged();
  }

  stop() {
    this.#rest();
    this.#run.stop();
  }

  /** @returns {Strengths} */
  get #strengths() {
    return { ...UNDISTURBED, ...Object.fromEntries(this.#sliders.map(({ name, input }) => [name, Number(input.value)])) };
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#turn.abort();
    this.#turn = new AbortController();
  }

  #undo() {
    for (const { input } of this.#sliders) input.value = '0';
    this.#strengthsChanged();
  }

  #strengthsChanged() {
    this.stop(); // a curve that is being drawn would be of two minds
    this.#renderValues();
    const { signal } = this.#turn;
    this.#timer = setTimeout(() => void this.#look(signal), REST);
  }

  /** @param {AbortSignal} signal */
  async #look(signal) {
    try {
      const outcome = await this.#ask(this.#strengths, signal, true);
      if (signal.aborted || !outcome) return;
      this.#outcome = outcome;
      this.#render();
      this.#announcer.announce(`${this.#verdict.textContent} ${this.#confidence.textContent}`);
    } catch (error) {
      // What stops the engine is said by the page, once.
      if (!signal.aborted) console.info('glimpse could not classify the disturbed photo.', error);
    }
  }

  /**
   * @param {Strengths} strengths
   * @param {AbortSignal} signal
   * @param {boolean} [seen] whether it is to be shown, too
   */
  async #ask(strengths, signal, seen = false) {
    const opened = this.#opened;
    if (!opened) return null;
    const { engine } = this.#host;
    this.#pixels ??= pixelsOf(opened.picture);
    const { photo, preview } = await engine.open(await disturbed(this.#pixels, strengths), signal);
    if (seen && !signal.aborted) drawPicture(this.#picture, preview);
    preview.close();
    return engine.classify(photo, opened.wishes, signal);
  }

  /**
   * @param {AbortSignal} signal
   * @param {(done: number, total: number) => void} report
   */
  async #measure(signal, report) {
    const of = /** @type {Disturbance} */ (this.#which.value);
    const most = this.#mostOf(of);
    const others = this.#strengths;
    /** @type {Point[]} */
    const points = [];
    let threshold = 1;
    for (const strength of strengthsUpTo(most, POINTS)) {
      report(points.length, POINTS);
      const outcome = await this.#ask({ ...others, [of]: strength }, signal);
      if (signal.aborted || !outcome) return;
      threshold = outcome.info.not_sure_below;
      points.push({ strength, ranked: outcome.ranked, sure: outcome.sure });
    }
    this.#measured = { of, others: { ...others, [of]: 0 }, points, threshold };
    this.#render();
  }

  /** Makes what is seen the page's own photo. */
  async #take() {
    const opened = this.#opened;
    if (!opened || this.#picture.width === 0) return;
    const file = await toPng(this.#picture);
    this.#host.take(
      (words) => words.disturbed(opened.name(words)),
      async () => file,
    );
  }

  /** @param {Disturbance} name */
  #mostOf(name) {
    return DISTURBANCES.find((each) => each.name === name)?.most ?? 1;
  }

  #renderValues() {
    const { disturb } = this.#localizer.words.inside;
    for (const { name, input, value } of this.#sliders) {
      const amount = disturb.amount(name, Number(input.value));
      setText(value, amount);
      input.setAttribute('aria-valuetext', amount);
    }
  }

  #render() {
    const { words, classNames } = this.#localizer;
    const { disturb } = words.inside;
    setText(this.#heading, disturb.heading);
    setText(this.#why, disturb.why);
    setText(this.#note, disturb.reduced(LONGEST));
    for (const { name, label } of this.#sliders) setText(label, disturb.names[name]);
    for (const option of this.#which.options) setText(option, disturb.names[/** @type {Disturbance} */ (option.value)]);
    this.#renderValues();
    this.#picture.setAttribute('aria-label', disturb.picture);
    const said = this.#outcome && inWords(this.#outcome, words, classNames);
    setText(this.#verdict, said?.verdict ?? '');
    setText(this.#confidence, said?.confidence ?? '');
    setText(this.#reset, disturb.reset);
    setText(this.#use, disturb.use);
    setText(this.#whichText, disturb.curveOf);
    setText(this.#curveWhy, disturb.curveWhy);
    setText(this.#savePicture, disturb.savePicture);
    setText(this.#saveNumbers, disturb.saveNumbers);
    this.#renderCurve();
  }

  #renderCurve() {
    this.#curve.hidden = !this.#measured;
    if (!this.#measured) return;
    const { words } = this.#localizer;
    const { disturb } = words.inside;
    const { of, points, threshold } = this.#measured;
    const { first, rival } = linesOf(points);
    const amount = (/** @type {number} */ strength) => disturb.amount(of, strength);
    const lines = [{ label: first, look: /** @type {const} */ ('first') }, ...(rival ? [{ label: rival, look: /** @type {const} */ ('rival') }] : [])];
    const names = lines.map(({ label }) => this.#nameOf(label));
    const alt = disturb.alt(disturb.names[of], names);
    this.#chart.replaceChildren(curveChart({ points, most: this.#mostOf(of), lines, threshold, percent: (share) => words.percent(share), amount, alt }));
    this.#key.replaceChildren(
      ...lines.map(({ look }, at) => make('li', {}, make('span', { class: `swatch ${look}` }), String(names[at]))),
      make('li', {}, make('span', { class: 'swatch threshold' }), disturb.threshold),
    );
    this.#findings.replaceChildren(...this.#findingsOf(of, points).map((finding) => make('span', {}, finding)));
    const [summary, table] = /** @type {[HTMLElement, HTMLTableElement]} */ ([...this.#numbers.children]);
    setText(summary, disturb.numbers);
    table.tHead?.rows[0]?.replaceChildren(...[disturb.strength, ...names, words.inside.answer].map((text) => make('th', { scope: 'col' }, text)));
    table.tBodies[0]?.replaceChildren(
      ...points.map((point) => {
        const shares = lines.map(({ label }) => make('td', {}, words.percent(shareOf(point, label))));
        return make('tr', {}, make('th', { scope: 'row' }, amount(point.strength)), ...shares, make('td', {}, this.#nameOf(point.ranked[0]?.label ?? '')));
      }),
    );
  }

  /** @param {string} label */
  #nameOf(label) {
    return this.#localizer.classNames.nameOf(label, this.#opened?.outcome.info.none);
  }

  /**
   * @param {Disturbance} of
   * @param {readonly Point[]} points
   */
  #findingsOf(of, points) {
    const { disturb } = this.#localizer.words.inside;
    const { another, unsure } = breaksOf(points);
    const name = disturb.names[of];
    const said = [];
    if (unsure && (!another || unsure.strength < another.strength)) said.push(disturb.unsure(name, disturb.amount(of, unsure.strength)));
    if (another) said.push(disturb.another(name, disturb.amount(of, another.strength), this.#nameOf(another.ranked[0]?.label ?? '')));
    return said.length > 0 ? said : [disturb.holds(name)];
  }

  get #fileName() {
    const name = this.#opened?.name(this.#localizer.words) ?? '';
    return `glimpse-${fileNameFor(name.replace(/\.\w+$/, ''), 'photo')}-${this.#measured?.of}`;
  }

  async #saveSheet() {
    const chart = this.#chart.querySelector('svg');
    if (!chart || !this.#opened) return;
    const { words } = this.#localizer;
    const title = [`glimpse · ${this.#opened.name(words)} · ${words.modelName(this.#opened.outcome.model)}`];
    const lines = [...this.#findings.children].map(({ textContent }) => textContent ?? '');
    const sheet = drawSheet({ title, key: this.#key, items: [{ chart, lines }], across: 1, width: 720 }, this.root);
    saveFile(await toPng(sheet), `${this.#fileName}.png`);
  }

  #saveJson() {
    if (!this.#measured || !this.#opened) return;
    const { of, others, points, threshold } = this.#measured;
    const curve = points.map(({ strength, sure, ranked }) => ({
      strength: single(strength),
      sure,
      ranked: ranked.map(({ label, probability }) => ({ label, probability: single(probability) })),
    }));
    const picture = this.#opened.name(this.#localizer.words);
    saveJson({ picture, network: this.#opened.outcome.model, disturbance: of, others, sure_from: single(threshold), curve }, `${this.#fileName}.json`);
  }
}
