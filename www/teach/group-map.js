/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make } from '../ui/dom.js';

/** Pixels: the map's side, the smallest and the largest side of a picture on it, and the map's edge. */
const SIDE = 960;
const SMALLEST = 22;
const LARGEST = 72;
const EDGE = 8;
/** So many pictures are drawn before the page gets a turn. */
const BATCH = 40;

/** All pictures on one canvas, what looks alike close together. The rows of the groups say the same to those who can't see it. */
export class GroupMap {
  #localizer;
  #canvas = make('canvas', { class: 'map', role: 'img', width: '0', height: '0' });
  #count = 0;
  #turn = 0;

  root = make('div', { class: 'map-frame', hidden: '' }, this.#canvas);

  /** @param {Localizer<WordsOfTeaching>} localizer */
  constructor(localizer) {
    this.#localizer = localizer;
    localizer.follow(() => this.#label());
  }

  clear() {
    this.#turn += 1;
    this.#canvas.width = this.#canvas.height = 0;
    this.root.hidden = true;
  }

  /**
   * @param {readonly (Blob | null)[]} pictures null where one has gone
   * @param {Float32Array} places x and y of each, from 0 to 1
   */
  async draw(pictures, places) {
    const turn = ++this.#turn;
    const canvas = this.#canvas;
    canvas.width = canvas.height = SIDE;
    const context = canvas.getContext('2d');
    this.#count = pictures.length;
    this.#label();
    this.root.hidden = false;
    if (!context) return;
    const side = Math.min(LARGEST, Math.max(SMALLEST, SIDE / Math.sqrt(4 * Math.max(1, pictures.length))));
    const room = SIDE - 2 * EDGE - side;
    for (let at = 0; at < pictures.length; at += BATCH) {
      const batch = pictures.slice(at, at + BATCH);
      const bitmaps = await Promise.all(batch.map((blob) => (blob ? createImageBitmap(blob).catch(() => null) : null)));
      bitmaps.forEach((bitmap, offset) => {
        const [x, y] = [places[2 * (at + offset)] ?? 0, places[2 * (at + offset) + 1] ?? 0];
        if (bitmap && turn === this.#turn) drawWithin(context, bitmap, EDGE + x * room, EDGE + y * room, side);
        bitmap?.close();
      });
      if (turn !== this.#turn) return;
    }
    this.root.dataset.drawn = String(pictures.length);
  }

  #label() {
    this.#canvas.setAttribute('aria-label', this.#localizer.words.teach.group.mapAlt(this.#count));
  }
}

/**
 * The middle square of a picture.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {ImageBitmap} bitmap
 * @param {number} x
 * @param {number} y
 * @param {number} side
 */
function drawWithin(context, bitmap, x, y, side) {
  const cut = Math.min(bitmap.width, bitmap.height);
  context.drawImage(bitmap, (bitmap.width - cut) / 2, (bitmap.height - cut) / 2, cut, cut, x, y, side, side);
}
