/** @import { Layer, LayerChannels, LayerPixel, LayerPlan, LayerTables } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Item } from './sheet.js' */
/** @import { Host, Opened } from './types.js' */
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { toPng } from '../core/frame-to-png.js';
import { LayersClient } from '../rpc/layers-client.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';
import { focusedAround, focusFirst } from '../ui/focus.js';
import { fileNameFor, saveFile, saveJson } from '../ui/save-file.js';
import { LayerList } from './layer-list.js';
import { channelNames, titleOf } from './layer-names.js';
import { PixelCursor } from './pixel-cursor.js';
import { readout } from './pixel-readout.js';
import { drawSheet } from './sheet.js';

/** So many channels of a layer are shown. */
const MOST = 24;
/** Where the saved picture has so many beside each other, so wide. */
const SHEET = { across: 6, width: 150 };

/** What has been computed of a photo. */
/** @typedef {{ plan: LayerPlan, tables: LayerTables }} Computed */

/** What each layer of the network made of the photo: its channels as pictures, and every number of them taken apart. */
export class LayersView {
  #localizer;
  #host;
  #heading = make('h3');
  #why = make('p', { class: 'why' });
  #note = make('p', { class: 'small', role: 'status' });
  #progress = make('progress', { hidden: '', max: '1' });
  #again = makeButton('layers-again', 'button', () => void this.#retry());
  #list = new LayerList((at) => this.#choose(at));
  #title = make('h4', { id: 'layer-title' });
  #about = make('p', { class: 'why' });
  #facts = make('p', { id: 'layer-facts', class: 'small' });
  #channelsText = make('p', { id: 'layer-channels-text', class: 'small' });
  #channels = make('div', { id: 'layer-channels', class: 'channels', role: 'radiogroup', 'aria-labelledby': 'layer-channels-text' });
  #cursor = new PixelCursor(() => void this.#look());
  #pixelText = make('p', { id: 'layer-pixel', role: 'status' });
  #readout = make('div', { id: 'layer-readout', class: 'readout' });
  #savePicture = makeButton('save-layer', 'quiet', () => void this.#saveSheet());
  #saveNumbers = makeButton('save-layer-json', 'quiet', () => this.#saveJson());
  #body = make(
    'div',
    { class: 'layers' },
    this.#list.root,
    make('div', { class: 'layer' }, this.#title, this.#about, this.#facts, this.#channelsText, this.#channels),
    make('div', { class: 'layer-pixel' }, this.#cursor.root, make('div', { class: 'layer-numbers' }, this.#pixelText, this.#readout)),
    make('p', {}, this.#savePicture, ' ', this.#saveNumbers),
  );
  /** @type {Opened | null} */
  #opened = null;
  /** @type {LayersClient | null} */
  #client = null;
  /** @type {Computed | null} */
  #computed = null;
  #layer = 1;
  #channel = 0;
  /** @type {LayerChannels | null} those of the layer that is shown */
  #found = null;
  /** @type {(LayerPixel & { row: number, column: number }) | null} with its place */
  #pixel = null;
  /** @type {'' | 'asked' | 'again'} whether a pixel is being asked for, and another one after it */
  #asking = '';
  /** @type {Failure | null} */
  #failure = null;
  /** Whether it has failed and is being tried again. */
  #retrying = false;
  #turn = new AbortController();

  root = make('section', { id: 'view-layers', class: 'part' });

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {Host} host
   */
  constructor(localizer, host) {
    this.#localizer = localizer;
    this.#host = host;
    this.root.append(this.#heading, this.#why, this.#note, this.#progress, this.#again, this.#body);
    localizer.follow(() => this.#render());
  }

  /** @param {Opened | null} opened */
  show(opened) {
    this.#opened = opened;
    void this.#compute();
  }

  /** It is over in a second, so it may go on where it isn't seen; what has been found out stays anyway. */
  stop() {}

  /** The button stays until it is known what comes of it, so that the focus has a place, and goes on to the layers from there. */
  async #retry() {
    if (this.#retrying) return;
    this.#retrying = true;
    await this.#compute();
    this.#retrying = false;
    const focused = focusedAround(this.#again) === this.#again;
    this.#render();
    if (focused) focusFirst([this.#again, this.#list.root]);
  }

  async #compute() {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    this.#client?.end();
    this.#client = null;
    this.#computed = this.#found = this.#pixel = null;
    this.#asking = '';
    this.#failure = null;
    this.#render();
    const opened = this.#opened;
    if (!opened) return;
    this.#progress.removeAttribute('value');
    try {
      const { views } = await this.#host.engine.stages(opened.photo, opened.wishes, signal);
      const { model } = opened.outcome;
      const network = this.#host.networks().find(({ id }) => id === model);
      // Where another network has come between, the page has its answer soon, and shows that here.
      if (signal.aborted || !network || this.#host.engine.status.model !== model) return;
      const client = (this.#client = new LayersClient(network.weights, views.length));
      client.onprogress = (done, steps) => (this.#progress.value = done / steps);
      const plan = await client.call('plan');
      const tables = await client.call('run', joined(views.map(({ tensor }) => tensor)));
      if (signal.aborted) return;
      this.#computed = { plan, tables };
      // Another photo in the same network is looked at in the same place.
      this.#layer = Math.min(this.#layer, plan.layers.length - 1);
      this.#render();
      this.#choose(this.#layer);
    } catch (error) {
      this.#handle(error, signal);
    }
  }

  /**
   * @param {unknown} error
   * @param {AbortSignal} signal of what it was asked for
   */
  #handle(error, signal) {
    if (signal.aborted || isAbort(error)) return;
    this.#client?.end();
    this.#client = null;
    this.#computed = null;
    this.#failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
    this.#render();
  }

  /** @param {number} layer */
  #choose(layer) {
    this.#layer = layer;
    this.#found = this.#pixel = null;
    this.#renderLayer();
    void this.#fetchChannels();
  }

  async #fetchChannels() {
    const { signal } = this.#turn;
    const layer = this.#layer;
    try {
      const found = await this.#client?.call('channels', layer, MOST);
      if (signal.aborted || !found || layer !== this.#layer) return;
      this.#found = found;
      this.#channel = found.places[0] ?? 0;
      this.#renderLayer();
      await this.#look();
    } catch (error) {
      this.#handle(error, signal);
    }
  }

  /** Takes apart the pixel that is chosen; of several that are chosen quickly, the last one. */
  async #look() {
    if (this.#asking) {
      this.#asking = 'again';
      return;
    }
    const { signal } = this.#turn;
    try {
      do {
        this.#asking = 'asked';
        if (!this.#found) break; // another layer has been chosen meanwhile, whose channels are on their way
        const [layer, channel] = [this.#layer, this.#channel];
        const { row, column } = this.#place;
        const pixel = await this.#client?.call('pixel', layer, channel, row, column);
        if (signal.aborted) return;
        if (pixel && layer === this.#layer && channel === this.#channel && this.#found) {
          this.#pixel = { ...pixel, row, column };
          this.#renderPixel();
        }
      } while (/** @type {string} */ (this.#asking) === 'again');
      this.#asking = '';
    } catch (error) {
      this.#handle(error, signal);
    }
  }

  /** Where the cursor is; a layer of single numbers has one place. */
  get #place() {
    const [height, width] = this.#shape;
    const { row, column } = this.#cursor;
    return { row: Math.min(row, height - 1), column: Math.min(column, width - 1) };
  }

  get #shape() {
    return this.#computed?.plan.layers[this.#layer]?.shape ?? [1, 1, 1];
  }

  /** Whether each channel is a single number. */
  get #isFlat() {
    const [height, width] = this.#shape;
    return height === 1 && width === 1;
  }

  #render() {
    const { words } = this.#localizer;
    const { layers } = words.inside;
    const { plan } = this.#computed ?? {};
    setText(this.#heading, layers.heading);
    setText(this.#why, layers.why);
    setText(this.#again, layers.again);
    this.#list.root.setAttribute('aria-label', layers.choice);
    setText(this.#savePicture, layers.savePicture);
    setText(this.#saveNumbers, layers.saveNumbers);
    setText(this.#note, this.#failure ? words.failure(this.#failure, this.#opened?.name(words) ?? '') : '');
    this.#again.hidden = !this.#failure && !this.#retrying;
    this.#again.setAttribute('aria-disabled', String(this.#retrying));
    this.#progress.hidden = !!plan || !this.#opened || !!this.#failure;
    this.#progress.setAttribute('aria-label', layers.working);
    this.#body.hidden = !plan;
    const all = plan?.layers ?? [];
    this.#list.show(
      all.map((layer, at) => ({ title: titleOf(all, at, words), facts: countsOf(layer, words).join(' · ') })),
      this.#layer,
    );
    this.#renderLayer();
  }

  #renderLayer() {
    const { words } = this.#localizer;
    const { layers } = words.inside;
    const { plan } = this.#computed ?? {};
    const layer = plan?.layers[this.#layer];
    if (!plan || !layer) {
      for (const part of [this.#channels, this.#readout]) part.replaceChildren();
      this.#cursor.clear();
      setText(this.#pixelText, '');
      return;
    }
    setText(this.#title, titleOf(plan.layers, this.#layer, words));
    setText(this.#about, layers.whys[layer.kind]);
    setText(this.#facts, factsOf(layer, words).join(' · '));
    const found = this.#found;
    const shown = found?.places.length ?? 0;
    const count = this.#isFlat ? layers.largest(shown, layer.shape[2]) : `${layers.strongest(shown, layer.shape[2])}. ${layers.scale}`;
    setText(this.#channelsText, found ? `${count}${this.#filter(0) ? ` ${layers.filter}.` : ''}` : '');
    this.#channels.classList.toggle('flat', this.#isFlat);
    this.#channels.replaceChildren(...Array.from({ length: shown }, (_, at) => this.#makeChannel(/** @type {LayerChannels} */ (found), at)));
    this.#cursor.root.hidden = this.#isFlat || !found;
    this.#renderPixel();
  }

  /**
   * A channel to be chosen: its picture, or its number.
   *
   * @param {LayerChannels} found
   * @param {number} at
   */
  #makeChannel(found, at) {
    const { layers } = this.#localizer.words.inside;
    const channel = found.places[at] ?? 0;
    const [low, high] = [Number(found.low[at]), Number(found.high[at])];
    const radio = make('input', { type: 'radio', name: 'layer-channel', value: String(channel) });
    radio.checked = channel === this.#channel;
    radio.addEventListener('change', () => {
      this.#channel = channel;
      this.#pixel = null;
      this.#renderPixel();
      void this.#look();
    });
    const face = make('span', { class: 'face' });
    const name = make('span', { class: 'channel' }, this.#nameOf(channel));
    if (this.#isFlat) face.append(name, make('span', { class: 'range' }, layers.number(high)));
    else {
      const picture = make('canvas');
      drawPixels(picture, this.#pictureOf(at));
      face.append(picture, name, make('span', { class: 'range' }, layers.range(low, high)));
    }
    const filter = this.#filter(channel);
    if (filter) {
      const window = make('canvas', { class: 'filter' });
      drawPixels(window, filter);
      face.append(window);
    }
    return make('label', { 'data-channel': String(channel) }, radio, face);
  }

  /** @param {number} channel */
  #nameOf(channel) {
    const layers = this.#computed?.plan.layers ?? [];
    return this.#opened ? channelNames(layers, this.#layer, this.#opened.outcome.info, this.#localizer)(channel) : '';
  }

  /**
   * @param {number} at
   * @returns {ImageData}
   */
  #pictureOf(at) {
    const [height, width] = this.#shape;
    const picture = new ImageData(width, height);
    const from = at * width * height;
    for (let place = 0; place < width * height; place += 1) {
      const value = this.#found?.pictures[from + place] ?? 0;
      picture.data.set([value, value, value, 255], 4 * place);
    }
    return picture;
  }

  /**
   * The filter of a channel of the first layer, which sees colours.
   * @param {number} channel
   */
  #filter(channel) {
    const { plan } = this.#computed ?? {};
    const side = plan?.layers[1]?.kernel ?? 0;
    if (!plan || this.#layer !== 1 || side === 0) return null;
    const bytes = 4 * side * side;
    return new ImageData(new Uint8ClampedArray(plan.filters.pictures.slice(channel * bytes, (channel + 1) * bytes)), side, side);
  }

  #renderPixel() {
    const { words } = this.#localizer;
    const { layers } = words.inside;
    const { plan, tables } = this.#computed ?? {};
    const layer = plan?.layers[this.#layer];
    const opened = this.#opened;
    if (!this.#pixel) {
      setText(this.#pixelText, '');
      this.#readout.replaceChildren();
    }
    if (!plan || !tables || !layer || !opened || !this.#found) return;
    const at = this.#found.places.indexOf(this.#channel);
    const name = this.#nameOf(this.#channel);
    if (!this.#isFlat) {
      this.#cursor.show(this.#pictureOf(at));
      this.#cursor.root.setAttribute('aria-label', layers.cursor(name));
    }
    const pixel = this.#pixel;
    if (!pixel) return;
    const { row, column, output } = pixel;
    setText(this.#pixelText, this.#isFlat ? layers.single(name, output) : layers.pixel(name, row + 1, column + 1, output));
    const { info } = opened.outcome;
    const nameOf = channelNames(plan.layers, layer.from, info, this.#localizer);
    const classOf = channelNames(plan.layers, plan.layers.length - 1, info, this.#localizer);
    this.#readout.replaceChildren(...readout({ layer, pixel, plan, tables, nameOf, classOf }, words));
  }

  get #fileName() {
    const name = this.#opened?.name(this.#localizer.words) ?? '';
    return `glimpse-${fileNameFor(name.replace(/\.\w+$/, ''), 'photo')}-layer-${this.#layer}`;
  }

  async #saveSheet() {
    const [opened, layer, found] = [this.#opened, this.#computed?.plan.layers[this.#layer], this.#found];
    if (!opened || !layer || !found) return;
    const { words } = this.#localizer;
    const { layers } = words.inside;
    /** @type {Item[]} */
    const items = [...found.places].map((channel, at) => {
      const [low, high] = [Number(found.low[at]), Number(found.high[at])];
      if (this.#isFlat) return { lines: [this.#nameOf(channel), layers.number(high)] };
      const picture = make('canvas');
      drawPixels(picture, this.#pictureOf(at));
      return { picture, lines: [this.#nameOf(channel), layers.range(low, high)] };
    });
    const chart = this.#readout.querySelector('svg');
    if (chart) items.push({ chart, lines: [this.#pixelText.textContent ?? ''] });
    const title = [
      `glimpse · ${opened.name(words)} · ${words.modelName(opened.outcome.model)}`,
      `${this.#title.textContent} · ${this.#facts.textContent}`,
      `${this.#channelsText.textContent}`,
    ];
    saveFile(await toPng(drawSheet({ title, items, ...SHEET }, this.root)), `${this.#fileName}.png`);
  }

  #saveJson() {
    const [opened, computed, found, pixel] = [this.#opened, this.#computed, this.#found, this.#pixel];
    if (!opened || !computed || !found) return;
    const { plan, tables } = computed;
    const { classes } = opened.outcome.info;
    const plain = (/** @type {object} */ of) =>
      Object.fromEntries(Object.entries(of).map(([key, value]) => [key, ArrayBuffer.isView(value) ? [.../** @type {Float32Array} */ (value)] : value]));
    const json = {
      photo: opened.name(this.#localizer.words),
      network: opened.outcome.model,
      layers: plan.layers,
      layer: this.#layer,
      channels: [...found.places].map((channel, at) => ({ channel, low: found.low[at], high: found.high[at] })),
      pixel: pixel && { channel: this.#channel, ...plain(pixel) },
      temperature: plan.temperature,
      shares: Array.from({ length: tables.shares.length / 5 }, (_, row) => {
        const [place = 0, logit, divided, exponential, share] = tables.shares.subarray(5 * row);
        return { class: classes[place], logit, divided, exponential, share };
      }),
    };
    saveJson(json, `${this.#fileName}.json`);
  }
}

/**
 * @param {Layer} layer
 * @param {WordsOfInside} words
 */
function countsOf({ shape, parameters }, { inside: { layers } }) {
  return [layers.shape(shape), ...(parameters > 0 ? [layers.parameters(parameters)] : [])];
}

/**
 * @param {Layer} layer
 * @param {WordsOfInside} words
 */
function factsOf(layer, words) {
  const { kernel, stride, multiply_adds } = layer;
  const { layers } = words.inside;
  const facts = countsOf(layer, words);
  if (kernel > 1) facts.push(layers.kernel(kernel, stride));
  if (multiply_adds > 0) facts.push(layers.work(multiply_adds));
  return facts;
}

/** @param {readonly Float32Array[]} views */
function joined(views) {
  const all = new Float32Array(views.reduce((sum, view) => sum + view.length, 0));
  let at = 0;
  for (const view of views) {
    all.set(view, at);
    at += view.length;
  }
  return all;
}
