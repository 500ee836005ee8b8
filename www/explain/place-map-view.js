/** @import { Explanation, MapRequest, PlaceMap } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { isAbort } from '../core/errors.js';
import { toPng } from '../core/frame-to-png.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { drawPixels } from '../ui/draw.js';
import { fileNameFor, saveFile } from '../ui/save-file.js';
import { drawMap } from './map-picture.js';
import { Overlay } from './overlay.js';

/** How much of the photo the colours cover at first. */
const OPACITY = 0.8;

/** What a map is about: a class, or a name beyond the classes; neither, for the likeliest class. */
/** @typedef {Pick<MapRequest, 'class' | 'name'>} Subject */

/**
 * @typedef {object} Surroundings
 * @property {() => { picture: HTMLCanvasElement | HTMLVideoElement, mirrored: boolean }} view what is on the stage
 * @property {HTMLElement} stage
 * @property {(request: MapRequest, how: { signal: AbortSignal, onProgress: (done: number, steps: number) => void }) => Promise<Explanation>} ask
 * @property {(map: PlaceMap) => void} shown told which map is shown
 */

/** Where the network looked in the photo on the stage: its colours over the photo, what they mean, and more of them on request. */
export class PlaceMapView {
  #localizer;
  #around;
  #overlay;
  /** @type {Subject} */
  #subject = {};
  /** @type {PlaceMap | null} */
  #map = null;
  /** @type {'' | 'failed'} */
  #trouble = '';
  #live = false;
  #busy = false;
  #turn = new AbortController();
  #about = make('p', { id: 'where-about', role: 'status' });
  #meaning = make('p', { id: 'where-meaning', class: 'small' });
  #bar = make('canvas', { class: 'legend', 'aria-hidden': 'true' });
  #low = make('span');
  #zero = make('span', {}, '0');
  #high = make('span');
  #legend = make('div', { class: 'where-legend' }, this.#bar, make('div', { class: 'ends small' }, this.#low, this.#zero, this.#high));
  #opacityText = make('span');
  #opacity = make('input', { type: 'range', id: 'where-opacity', min: '0', max: '1', step: '0.05', value: String(OPACITY) });
  #finer = makeButton('where-finer', 'quiet', () => void this.#ask({ shifts: 9 }));
  #cover = makeButton('where-cover', 'quiet', () => void this.#ask({ method: 'occlusion' }));
  #cancel = makeButton('where-cancel', 'quiet', () => this.#stop());
  #progress = make('progress', { id: 'where-progress', hidden: '' });
  #savePicture = makeButton('where-png', 'quiet', () => void this.#save('png'));
  #saveNumbers = makeButton('where-json', 'quiet', () => void this.#save('json'));
  #slider = make('label', { class: 'slider' }, this.#opacityText, this.#opacity);

  root = make(
    'div',
    { id: 'where-panel', class: 'where-panel' },
    this.#about,
    this.#meaning,
    this.#legend,
    this.#slider,
    make('div', { class: 'ways' }, this.#finer, this.#cover, this.#cancel, this.#progress, this.#savePicture, this.#saveNumbers),
  );

  /**
   * @param {Localizer} localizer
   * @param {Surroundings} around
   */
  constructor(localizer, around) {
    this.#localizer = localizer;
    this.#around = around;
    this.#overlay = new Overlay();
    this.#overlay.opacity = OPACITY;
    around.stage.append(this.#overlay.root);
    this.#opacity.addEventListener('input', () => (this.#overlay.opacity = this.#opacity.valueAsNumber));
    localizer.follow(() => this.#render());
    this.clear();
  }

  /**
   * @param {Subject} subject
   * @returns {Promise<void>} when it is shown, or isn't to be shown any longer
   */
  show(subject) {
    this.#subject = subject;
    this.#live = false;
    return this.#ask({});
  }

  /**
   * A map that came with a frame of a live picture, one of many.
   * @param {PlaceMap} map
   */
  showLive(map) {
    this.#live = true;
    this.#trouble = '';
    this.#take(map);
    this.#render();
  }

  /** There is none for this network. */
  refuse() {
    this.#fail();
    this.#render();
  }

  #fail() {
    this.#trouble = 'failed';
    this.#map = null;
    this.#overlay.clear();
  }

  /** Nothing of the last photo holds any longer. */
  clear() {
    this.#turn.abort();
    this.#subject = {};
    this.#map = null;
    this.#trouble = '';
    this.#live = false;
    this.#overlay.clear();
    this.#setBusy(false);
  }

  end() {
    this.clear();
    this.#overlay.end();
    this.root.remove();
  }

  /** @param {Pick<MapRequest, 'method' | 'shifts'>} how */
  async #ask(how) {
    this.#turn.abort();
    const turn = (this.#turn = new AbortController());
    const { signal } = turn;
    this.#trouble = '';
    const several = Boolean(how.method ?? how.shifts);
    this.#setBusy(several);
    const onProgress = (/** @type {number} */ done, /** @type {number} */ steps) => {
      if (signal.aborted) return;
      this.#progress.max = steps;
      this.#progress.value = done;
    };
    try {
      const { map } = await this.#around.ask({ ...this.#subject, ...how }, { signal, onProgress });
      if (signal.aborted) return;
      this.#take(map);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (several)
        this.#trouble = 'failed'; // the map from before still holds
      else this.#fail();
    }
    this.#setBusy(false);
  }

  /** @param {PlaceMap} map */
  #take(map) {
    const { picture, mirrored } = this.#around.view();
    this.#map = map;
    this.#overlay.show(map, picture, mirrored);
    this.#around.shown(map);
  }

  #stop() {
    this.#turn.abort();
    this.#setBusy(false);
  }

  /** @param {boolean} busy whether something goes on that takes a while */
  #setBusy(busy) {
    const pressed = document.activeElement;
    this.#progress.hidden = this.#cancel.hidden = !busy;
    this.#progress.removeAttribute('value');
    this.#busy = busy;
    this.#render();
    // The button that has just disappeared takes the focus to what stands in its place.
    if (busy && (pressed === this.#finer || pressed === this.#cover)) this.#cancel.focus();
    if (!busy && pressed === this.#cancel) this.#finer.focus();
  }

  get #title() {
    const { where, signed } = this.#localizer.words;
    return this.#map ? where.about(this.#name, signed(this.#map.score)) : '';
  }

  get #name() {
    return this.#localizer.classNames.nameOf(this.#map?.label ?? '');
  }

  /** @param {'png' | 'json'} kind */
  async #save(kind) {
    if (!this.#map) return;
    const file = `glimpse-${fileNameFor(this.#map.label, 'map')}.${kind}`;
    if (kind === 'json') {
      const { colours, legend, limit, values, ...rest } = this.#map;
      saveFile(new Blob([JSON.stringify({ ...rest, values: [...values] })], { type: 'application/json' }), file);
      return;
    }
    const ends = /** @type {[string, string]} */ ([this.#low.textContent, this.#high.textContent]);
    const { picture, mirrored } = this.#around.view();
    if (picture instanceof HTMLVideoElement) return;
    const canvas = drawMap(this.#map, { photo: picture, mirrored }, { opacity: this.#opacity.valueAsNumber, title: this.#title, ends });
    saveFile(await toPng(canvas), file);
  }

  #render() {
    const { where, signed } = this.#localizer.words;
    const map = this.#map;
    setText(this.#about, this.#trouble ? where.failed : map ? this.#title : where.looking);
    setText(this.#meaning, map?.method === 'occlusion' ? where.covered : where.meaning);
    setText(this.#opacityText, where.opacity);
    setText(this.#finer, where.finer);
    setText(this.#cover, where.cover);
    setText(this.#cancel, where.cancel);
    setText(this.#savePicture, where.savePicture);
    setText(this.#saveNumbers, where.saveNumbers);
    this.#progress.setAttribute('aria-label', where.looking);
    for (const part of [this.#legend, this.#slider, this.#saveNumbers]) part.hidden = !map;
    // A frame is gone when its map is there, and one of many isn't read out.
    for (const button of [this.#finer, this.#cover]) button.hidden = this.#busy || this.#live;
    this.#savePicture.hidden = !map || this.#live;
    if (this.#live) this.#about.removeAttribute('role');
    else this.#about.setAttribute('role', 'status');
    if (!map) return;
    drawPixels(this.#bar, new ImageData(new Uint8ClampedArray(map.legend), map.legend.length / 4, 1));
    setText(this.#low, signed(-map.limit));
    setText(this.#high, signed(map.limit));
  }
}
