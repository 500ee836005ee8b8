/** @import { LiveState, Outcome, Progress } from '../core/types.js' */
/** @import { Voice } from '../i18n/localizer.js' */
import { Bars } from '../ui/bar-list.js';
import { make, say } from '../ui/dom.js';
import { drawPicture } from '../ui/draw.js';
import { Announcer } from '../ui/announcer.js';
import { inWords } from '../core/headline.js';
import { Gates } from './file-gates.js';
import { fileNameOf, parse } from '../core/source-to-blob.js';

/**
 * What people can ask of the card.
 *
 * @typedef {object} Asks
 * @property {(file: Blob, name: string) => void} file
 * @property {() => void} nothing something came in that is no picture
 * @property {(address: string, name: string) => void} sample
 * @property {() => void} camera
 * @property {() => void} freeze
 * @property {() => void} stop
 * @property {() => void} retry
 */

/**
 * What is seen of the element: the stage with the photo, the ways in, the answer. It decides nothing. Everything that it
 * listens to is inside itself, so it goes when the element goes.
 */
export class Card {
  #asks;
  /** @type {Voice} */
  #voice;

  #big = make('p', { class: 'big' });
  #choose = make('button', { type: 'button', class: 'button', part: 'button' });
  #camera = make('button', { type: 'button', class: 'button plain', part: 'button' });
  #paste = make('p', { class: 'small' });
  #photo = make('canvas', { class: 'photo', part: 'photo', role: 'img', hidden: '' });
  #name = make('span', { class: 'name', part: 'name' });
  #another = make('button', { type: 'button', class: 'quiet', part: 'button' });
  #again = make('button', { type: 'button', class: 'quiet', part: 'button' });
  #freeze = make('button', { type: 'button', class: 'button', part: 'button' });
  #stop = make('button', { type: 'button', class: 'button plain', part: 'button' });
  #controls = make('div', { class: 'ways', hidden: '' }, this.#freeze, this.#stop);
  #note = make('p', { class: 'small', hidden: '' });
  #input = make('input', { type: 'file', accept: 'image/*', hidden: '', tabindex: '-1' });
  #stage = make(
    'div',
    { class: 'stage', part: 'stage' },
    this.#photo,
    make('div', { class: 'invite' }, this.#big, make('div', { class: 'ways' }, this.#choose, this.#camera), this.#paste),
    this.#input,
    make('p', { class: 'looking', 'aria-hidden': 'true' }),
  );

  #errorText = make('p');
  #retry = make('button', { type: 'button', class: 'button', part: 'button', hidden: '' });
  #error = make('div', { class: 'error', part: 'error', role: 'alert', hidden: '' }, this.#errorText, this.#retry);

  #verdict = make('p', { class: 'verdict', part: 'verdict' });
  #confidence = make('p', { class: 'confidence', part: 'confidence' });
  #ranked = make('ol', { class: 'bars', part: 'bars' });
  #timing = make('p', { class: 'small timing', part: 'timing' });
  #remark = make('p', { class: 'small remark', part: 'remark' });
  #answer = make(
    'div',
    { class: 'answer', part: 'answer', hidden: '' },
    make('div', {}, this.#verdict, this.#confidence),
    this.#ranked,
    make('div', {}, this.#timing, this.#remark),
  );

  #loading = make('p', { class: 'small' });
  #bar = make('progress', { max: '1', part: 'progress' });
  #progress = make('div', { hidden: '' }, this.#loading, this.#bar);

  #samplesText = make('p', { class: 'small' });
  #list = make('ul', { class: 'samples', part: 'samples' });
  #samples = make('div', { hidden: '' }, this.#samplesText, this.#list);

  #privacy = make('p', { class: 'small', part: 'privacy' });
  #region = make('p', { class: 'unseen', role: 'status' });
  #announcer = new Announcer(this.#region);

  /** The whole of it. */
  root = make(
    'div',
    { class: 'card', part: 'card' },
    this.#stage,
    make(
      'div',
      { class: 'below' },
      make('div', { class: 'caption' }, this.#name, this.#another, this.#again),
      this.#controls,
      this.#note,
      this.#error,
      this.#answer,
      this.#progress,
      this.#samples,
      this.#privacy,
      this.#region,
    ),
  );

  #bars;
  /** @type {{ outcome: Outcome, top: number, remark: string } | null} */
  #shown = null;
  /** @type {LiveState} */
  #live = 'off';
  /** Whether the element offers the camera. */
  #offers = false;
  /** Which samples it offers, and in which language. */
  #offered = '';

  /**
   * @param {Voice} voice
   * @param {Asks} asks
   */
  constructor(voice, asks) {
    this.#asks = asks;
    this.#voice = voice;
    this.#bars = new Bars(this.#ranked, voice.words.percent);
    new Gates(this.root, this.#stage, this.#input, {
      file: asks.file,
      nothing: asks.nothing,
      empty: () => this.root.dataset.stage === 'empty',
      pasted: () => this.#voice.words.pasted,
    });
    for (const button of [this.#choose, this.#another]) button.addEventListener('click', () => this.#input.click());
    for (const button of [this.#camera, this.#again]) button.addEventListener('click', asks.camera);
    this.#freeze.addEventListener('click', asks.freeze);
    this.#stop.addEventListener('click', asks.stop);
    this.#retry.addEventListener('click', asks.retry);
    this.#stand('empty');
    this.busy(false);
    this.speak(voice);
  }

  /**
   * Says everything in that language, what is shown included.
   * @param {Voice} voice
   */
  speak(voice) {
    const { words } = voice;
    const { page, widget } = words;
    this.#voice = voice;
    this.root.lang = words.code;
    for (const [element, text] of /** @type {[Element, string][]} */ ([
      [this.#big, page.drop],
      [this.#choose, page.choose],
      [this.#paste, widget.paste],
      [this.#another, page.another],
      [this.#camera, page.live],
      [this.#again, page.live],
      [this.#freeze, page.freeze],
      [this.#stop, page.stop],
      [this.#retry, page.retry],
      [this.#samplesText, page.samples],
      [this.#privacy, page.privacy],
    ])) {
      say(element, text);
    }
    this.#bar.setAttribute('aria-label', words.loading(null));
    this.#input.setAttribute('aria-label', page.choose);
    this.#bars = new Bars(this.#ranked, words.percent);
    this.#tellLive();
    if (this.#shown) this.#write(this.#shown);
  }

  /** @param {boolean} offers */
  offerCamera(offers) {
    this.#offers = offers;
    this.#tellLive();
  }

  /**
   * @param {readonly string[]} addresses
   * @param {(id: string, fallback: string) => string} nameFor
   */
  offerSamples(addresses, nameFor) {
    const key = [this.#voice.words.code, ...addresses].join(' ');
    if (key === this.#offered) return;
    this.#offered = key;
    this.#samples.hidden = addresses.length === 0;
    this.#list.replaceChildren(
      ...addresses.map((address) => {
        const url = parse(address);
        const file = url ? fileNameOf(url) : '';
        const name = nameFor(file.replace(/\.\w+$/, ''), file);
        // Whoever may not read a picture can't classify it either: `crossorigin` shows that at once.
        const picture = make('img', { src: address, alt: name, crossorigin: 'anonymous', draggable: 'false', decoding: 'async', width: '96', height: '96' });
        const button = make('button', { type: 'button', part: 'sample' }, picture);
        button.addEventListener('click', () => this.#asks.sample(address, name));
        return make('li', {}, button);
      }),
    );
  }

  /** Nothing is shown any longer. */
  clear() {
    const focused = this.#focused();
    this.forget();
    this.#photo.hidden = true;
    this.#photo.width = this.#photo.height = 0;
    this.#name.textContent = '';
    this.#stand('empty');
    if (focused) this.#refocus();
  }

  /** What was said holds no longer. */
  forget() {
    this.#shown = null;
    this.#answer.hidden = true;
    this.#error.hidden = true;
    this.#errorText.textContent = '';
    this.#announcer.clear();
    this.#bars.show([], String);
    for (const text of [this.#verdict, this.#confidence, this.#timing, this.#remark]) text.textContent = '';
    for (const fact of Object.keys(this.#timing.dataset)) delete this.#timing.dataset[fact];
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.root.toggleAttribute('data-busy', busy);
    this.root.setAttribute('aria-busy', String(busy));
  }

  /**
   * @param {ImageBitmap | HTMLCanvasElement} picture
   * @param {string} name
   * @param {string} alt what it shows, where the page has said so
   * @param {boolean} mirrored
   */
  photo(picture, name, alt, mirrored) {
    const focused = this.#focused();
    drawPicture(this.#photo, picture);
    this.#photo.toggleAttribute('data-mirrored', mirrored);
    this.#photo.setAttribute('aria-label', alt || this.#voice.words.photoAlt(name));
    this.#photo.hidden = false;
    this.#name.textContent = name;
    this.#stand('photo');
    if (focused) this.#refocus();
  }

  /**
   * @param {Outcome} outcome
   * @param {number} top so many bars
   * @param {string} remark why another network than the one asked for has answered, where one has
   */
  answer(outcome, top, remark) {
    this.#error.hidden = true;
    this.#answer.hidden = false;
    this.#shown = { outcome, top, remark };
    this.#write(this.#shown);
  }

  /** Tells those who don't see the answer. */
  announce() {
    this.#announcer.tell([this.#verdict, this.#confidence, this.#remark].map((part) => part.textContent).join(' ').trim());
  }

  /**
   * @param {string} sentence
   * @param {boolean} retriable
   */
  trouble(sentence, retriable) {
    this.#error.hidden = false;
    this.#retry.hidden = !retriable;
    say(this.#errorText, sentence);
  }

  /** @param {Progress | null | undefined} progress undefined where nothing is being fetched that somebody waits for */
  progress(progress) {
    this.#progress.hidden = progress === undefined;
    if (progress !== undefined) say(this.#loading, this.#voice.words.loading(progress));
    // A hidden bar keeps nothing: whether a short download had told how far it was is chance.
    if (progress?.total) this.#bar.value = progress.loaded / progress.total;
    else this.#bar.removeAttribute('value');
  }

  /** @param {HTMLVideoElement} video */
  place(video) {
    video.setAttribute('part', 'video');
    video.setAttribute('aria-label', this.#voice.words.livePicture);
    this.#stage.prepend(video);
  }

  /**
   * @param {LiveState} state
   * @param {boolean} mirrored
   */
  live(state, mirrored) {
    const focused = this.#focused();
    this.#live = state;
    this.root.toggleAttribute('data-mirrored', mirrored);
    if (state !== 'off') {
      this.#photo.hidden = true;
      this.#name.textContent = '';
      this.#stand('live');
    } else if (this.root.dataset.stage === 'live') {
      this.#stand('empty');
    }
    this.#tellLive();
    if (focused) this.#refocus();
  }

  /** Ends what would go on by itself. */
  rest() {
    this.#announcer.clear();
  }

  /** @param {'empty' | 'photo' | 'live'} stage */
  #stand(stage) {
    this.root.dataset.stage = stage;
    this.#again.hidden = stage !== 'photo' || !this.#offers;
  }

  #tellLive() {
    const state = this.#live;
    const live = state !== 'off';
    this.#camera.hidden = !this.#offers;
    this.#again.hidden = !this.#offers || this.root.dataset.stage !== 'photo';
    this.#controls.hidden = !live;
    this.#freeze.disabled = state !== 'running';
    this.#note.hidden = !live;
    say(this.#note, live ? this.#voice.words.live[state] : '');
  }

  /** The control inside that has the focus. */
  #focused() {
    const root = this.root.getRootNode();
    return root instanceof ShadowRoot ? root.activeElement : null;
  }

  /** Whoever works with the keyboard goes on near the button that has just disappeared. */
  #refocus() {
    const now = this.#focused();
    if (now?.checkVisibility() && !now.matches(':disabled')) return;
    [this.#stop, this.#another, this.#choose].find((button) => button.checkVisibility())?.focus({ preventScroll: true });
  }

  /** @param {{ outcome: Outcome, top: number, remark: string }} shown */
  #write({ outcome, top, remark }) {
    const { words } = this.#voice;
    const { ranked, sure, info, model, backend, milliseconds } = outcome;
    const { verdict, confidence } = inWords(outcome, words, this.#voice);
    this.#answer.dataset.sure = String(sure);
    say(this.#verdict, verdict);
    say(this.#confidence, confidence);
    this.#bars.show(ranked.slice(0, top), (label) => this.#voice.nameOf(label, info.none));
    this.#timing.dataset.model = model;
    this.#timing.dataset.backend = backend;
    say(this.#timing, words.timing(model, backend, milliseconds.preprocess, milliseconds.network));
    say(this.#remark, remark);
    this.#remark.hidden = !remark;
  }
}
