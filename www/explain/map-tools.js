/** @import { MapRequest, PlaceMap } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { PlaceMapView, Surroundings } from './place-map-view.js' */
import { toPng } from '../core/frame-to-png.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { fileNameFor, saveFile, saveJson } from '../ui/save-file.js';
import { ends } from './legend.js';
import { drawMap, OPACITY } from './map-picture.js';

/** What can be done with the map that is shown: weaker colours, finer places, a check, and saving it. */
export class MapTools {
  #localizer;
  #map;
  #picture;
  /** Counts what takes a while: only the newest says that it is over. */
  #turn = 0;
  #busy = false;
  #opacityText = make('span');
  #opacity = make('input', { type: 'range', id: 'where-opacity', min: '0', max: '1', step: '0.05', value: String(OPACITY) });
  #slider = make('label', { class: 'slider' }, this.#opacityText, this.#opacity);
  #finer = makeButton('where-finer', 'quiet', () => void this.#ask({ shifts: 9 }));
  #cover = makeButton('where-cover', 'quiet', () => void this.#ask({ method: 'occlusion' }));
  #cancel = makeButton('where-cancel', 'quiet', () => this.#stop());
  #progress = make('progress', { id: 'where-progress', hidden: '' });
  #savePicture = makeButton('where-png', 'quiet', () => void this.#saveAsPicture());
  #saveNumbers = makeButton('where-json', 'quiet', () => this.#saveAsNumbers());

  roots = [this.#slider, make('div', { class: 'ways' }, this.#finer, this.#cover, this.#cancel, this.#progress, this.#savePicture, this.#saveNumbers)];

  /**
   * @param {Localizer} localizer
   * @param {PlaceMapView} map
   * @param {Surroundings['view']} picture what is on the stage
   */
  constructor(localizer, map, picture) {
    this.#localizer = localizer;
    this.#map = map;
    this.#picture = picture;
    this.#opacity.addEventListener('input', () => (map.opacity = this.#opacity.valueAsNumber));
    map.addEventListener('change', () => this.#render());
    localizer.follow(() => this.#render());
  }

  /** @param {Pick<MapRequest, 'method' | 'shifts'>} how */
  async #ask(how) {
    this.#turn += 1;
    const turn = this.#turn;
    this.#setBusy(true);
    await this.#map.ask(how, (done, steps) => {
      this.#progress.max = steps;
      this.#progress.value = done;
    });
    if (turn === this.#turn) this.#setBusy(false);
  }

  #stop() {
    this.#map.stop();
    this.#turn += 1;
    this.#setBusy(false);
  }

  /** @param {boolean} busy whether something goes on that takes a while */
  #setBusy(busy) {
    const pressed = document.activeElement;
    this.#busy = busy;
    this.#progress.removeAttribute('value');
    this.#render();
    // The button that has just disappeared takes the focus to what stands in its place.
    if (busy && (pressed === this.#finer || pressed === this.#cover)) this.#cancel.focus();
    if (!busy && pressed === this.#cancel) this.#finer.focus();
  }

  async #saveAsPicture() {
    const { map, title } = this.#map;
    const { picture, mirrored } = this.#picture();
    if (!map || picture instanceof HTMLVideoElement) return;
    const shown = { opacity: this.#opacity.valueAsNumber, title, ends: ends(map.limit, this.#localizer.words.signed) };
    saveFile(await toPng(drawMap(map, { photo: picture, mirrored }, shown)), `${fileNameOf(map)}.png`);
  }

  #saveAsNumbers() {
    const { map } = this.#map;
    if (!map) return;
    const { colours, legend, limit, values, ...rest } = map;
    saveJson({ ...rest, values: [...values] }, `${fileNameOf(map)}.json`);
  }

  #render() {
    const { where } = this.#localizer.words;
    const { map, live } = this.#map;
    setText(this.#opacityText, where.opacity);
    setText(this.#finer, where.finer);
    setText(this.#cover, where.cover);
    setText(this.#cancel, where.cancel);
    setText(this.#savePicture, where.savePicture);
    setText(this.#saveNumbers, where.saveNumbers);
    this.#progress.setAttribute('aria-label', where.looking);
    this.#progress.hidden = this.#cancel.hidden = !this.#busy;
    this.#slider.hidden = this.#saveNumbers.hidden = !map;
    // A frame is gone when its map is there.
    for (const button of [this.#finer, this.#cover]) button.hidden = this.#busy || live;
    this.#savePicture.hidden = !map || live;
  }
}

/** @param {PlaceMap} map */
function fileNameOf(map) {
  return `glimpse-${fileNameFor(map.label, 'map')}`;
}
