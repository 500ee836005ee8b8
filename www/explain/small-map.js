/** @import { PlaceMap } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make } from '../ui/dom.js';
import { Legend } from './legend.js';
import { paintMap } from './map-picture.js';

/** Pixels of the longer side. */
const LONGEST = 480;

/**
 * A map as a small picture of its own with its legend, for where it isn't laid over a photo that is shown already.
 *
 * @param {PlaceMap} map
 * @param {HTMLCanvasElement} photo
 * @returns {HTMLCanvasElement}
 */
export function smallMap(map, photo) {
  const scale = Math.min(1, LONGEST / Math.max(photo.width, photo.height));
  const canvas = make('canvas', { class: 'small-map', role: 'img' });
  canvas.width = Math.max(1, Math.round(photo.width * scale));
  canvas.height = Math.max(1, Math.round(photo.height * scale));
  const context = canvas.getContext('2d');
  if (context) paintMap(context, map, photo, canvas);
  return canvas;
}

/**
 * What such a picture shows, in words.
 *
 * @param {PlaceMap} map
 * @param {Localizer} localizer
 */
export function titleOf(map, { words, classNames }) {
  return words.where.about(classNames.nameOf(map.label), words.signed(map.score));
}

/**
 * The picture with what it is about, what its colours mean and their legend.
 *
 * @param {PlaceMap} map
 * @param {HTMLCanvasElement} picture as `smallMap` makes it
 * @param {Localizer} localizer
 */
export function mapFigure(map, picture, localizer) {
  const { words } = localizer;
  const title = titleOf(map, localizer);
  const legend = new Legend();
  legend.show(map, words.signed);
  picture.setAttribute('aria-label', title);
  return make(
    'div',
    { class: 'mapped' },
    make('p', { class: 'small' }, title),
    picture,
    legend.root,
    make('p', { class: 'small' }, words.where.meaning(false)),
  );
}
