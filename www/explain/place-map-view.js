/** @import { Explanation, MapRequest, PlaceMap } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { make, setText } from '../ui/dom.js';
import { errorText } from '../ui/error-box.js';
import { Legend } from './legend.js';
import { OPACITY } from './map-picture.js';
import { Overlay } from './overlay.js';

/** What a map is about: a class, or a name beyond the classes; neither, for the likeliest class. */
/** @typedef {Pick<MapRequest, 'class' | 'name'>} Subject */

/** @typedef {(done: number, steps: number) => void} OnProgress */

/**
 * @typedef {object} Surroundings
 * @property {() => { picture: HTMLCanvasElement | HTMLVideoElement, mirrored: boolean }} view what is on the stage
 * @property {HTMLElement} stage
 * @property {(request: MapRequest, how: { signal: AbortSignal, onProgress: OnProgress }) => Promise<Explanation>} ask
 * @property {(map: PlaceMap, live: boolean) => void} shown told which map is shown, and whether it is one of many
 */

/**
 * Where the network looked in what is on the stage: its colours over that, and what they mean. A `change` event says that
 * another map is shown, or none.
 */
export class PlaceMapView extends EventTarget {
  #localizer;
  #around;
  #overlay = new Overlay();
  /** @type {Subject} */
  #subject = {};
  /** @type {PlaceMap | null} */
  #map = null;
  /** @type {Failure | null} why there is none, or not the one asked for last */
  #failure = null;
  #live = false;
  #turn = new AbortController();
  #about = make('p', { id: 'where-about', class: 'where-about', role: 'status' });
  #meaning = make('p', { id: 'where-meaning', class: 'small' });
  #legend = new Legend();

  root = make('div', { id: 'where-panel', class: 'where-panel', part: 'map' }, this.#about, this.#meaning, this.#legend.root);

  /**
   * @param {Localizer} localizer
   * @param {Surroundings} around
   */
  constructor(localizer, around) {
    super();
    this.#localizer = localizer;
    this.#around = around;
    this.#overlay.opacity = OPACITY;
    localizer.follow(() => this.#render());
  }

  /** The map that is shown. */
  get map() {
    return this.#map;
  }

  /** Whether it is one of many. */
  get live() {
    return this.#live;
  }

  /** What it is about, in words. */
  get title() {
    const { where, signed } = this.#localizer.words;
    return this.#map ? where.about(this.#localizer.classNames.nameOf(this.#map.label), signed(this.#map.score)) : '';
  }

  /** @param {number} opacity how much of the photo the colours cover, from 0 to 1 */
  set opacity(opacity) {
    this.#overlay.opacity = opacity;
  }

  /** Its colours lie over the stage from now on. */
  begin() {
    this.#around.stage.append(this.#overlay.root);
  }

  /**
   * @param {Subject} subject
   * @returns {Promise<void>} when it is shown, or isn't to be shown any longer
   */
  show(subject) {
    this.#subject = subject;
    this.#live = false;
    return this.ask();
  }

  /**
   * Another map of the same.
   *
   * @param {Pick<MapRequest, 'method' | 'shifts'>} [how]
   * @param {OnProgress} [onProgress]
   */
  async ask(how = {}, onProgress = () => {}) {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    this.#failure = null;
    this.#render();
    try {
      const request = { ...this.#subject, ...how };
      const { map } = await this.#around.ask(request, { signal, onProgress: (done, steps) => signal.aborted || onProgress(done, steps) });
      if (!signal.aborted) this.#take(map);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
      // The map that there was still holds where only a finer one was asked for.
      if (!how.method && !how.shifts) this.#forget();
      this.#render();
    }
  }

  /**
   * A map that came with a frame of a live picture, one of many.
   * @param {PlaceMap} map
   */
  showLive(map) {
    this.#live = true;
    this.#failure = null;
    this.#take(map);
  }

  /**
   * There is none for this frame.
   * @param {Failure} failure
   */
  refuse(failure) {
    this.#failure = failure;
    this.#forget();
    this.#render();
  }

  /** Nothing of the last photo holds any longer. */
  clear() {
    this.stop();
    this.#subject = {};
    this.#failure = null;
    this.#live = false;
    this.#forget();
    this.#render();
  }

  /** Asks no longer; what is shown stays. */
  stop() {
    this.#turn.abort();
  }

  /** Nothing is seen of it any longer, until it begins again. */
  end() {
    this.clear();
    this.#overlay.end();
    this.root.remove();
  }

  #forget() {
    this.#map = null;
    this.#overlay.clear();
  }

  /** @param {PlaceMap} map */
  #take(map) {
    const { picture, mirrored } = this.#around.view();
    this.#map = map;
    this.#overlay.show(map, picture, mirrored);
    this.#render();
    this.#around.shown(map, this.#live);
  }

  #render() {
    const { words } = this.#localizer;
    const { where } = words;
    const failure = this.#failure;
    setText(this.#about, failure ? (failure.code === 'photo-refused' ? where.failed : errorText(words, failure, '')) : this.#map ? this.title : where.looking);
    setText(this.#meaning, this.#map?.method === 'occlusion' ? where.covered : where.meaning(true));
    // One of many isn't read out.
    if (this.#live) this.#about.removeAttribute('role');
    else this.#about.setAttribute('role', 'status');
    this.#legend.root.hidden = !this.#map;
    if (this.#map) this.#legend.show(this.#map, words.signed);
    this.dispatchEvent(new Event('change'));
  }
}
