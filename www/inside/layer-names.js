/** @import { Info, Layer } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */

/*
 * What layers and their channels are called.
 */

/**
 * @param {readonly Layer[]} layers
 * @param {number} at
 * @param {WordsOfInside} words
 */
export function titleOf(layers, at, words) {
  const { kind, block } = /** @type {Layer} */ (layers[at]);
  const same = layers.flatMap((each, place) => (each.kind === kind && each.block === 0 ? [place] : []));
  const number = block === 0 && same.length > 1 ? same.indexOf(at) + 1 : 0;
  return words.inside.layers.title(at, words.inside.layers.names[kind], number, block);
}

/**
 * What the channels of a layer stand for: colours in the picture, classes behind the head, names behind the vocabulary.
 *
 * @param {readonly Layer[]} layers
 * @param {number} at
 * @param {Info} info of the network
 * @param {Localizer<WordsOfInside>} localizer
 * @returns {(channel: number) => string}
 */
export function channelNames(layers, at, { classes, none, vocabulary }, { words, classNames }) {
  const { colours, channel } = words.inside.layers;
  if (at === 0) return (place) => colours[place] ?? '';
  const named = (/** @type {readonly string[]} */ labels) => (/** @type {number} */ place) => classNames.nameOf(labels[place] ?? '', none);
  const head = layers.map(({ kind }) => kind).lastIndexOf('dense');
  // Of two classes there is one number, that of the second, until there are shares.
  if (at >= head) return named(layers[at]?.shape[2] === 1 ? classes.slice(1) : classes);
  const isNames = vocabulary && layers[at]?.kind === 'dense' && layers[at]?.shape[2] === vocabulary.classes.length;
  return isNames ? named(vocabulary.classes) : channel;
}
