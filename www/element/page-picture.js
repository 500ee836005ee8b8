/** @import { GlimpseClassifier } from './glimpse-classifier.js' */

/**
 * The picture that the page has put into an element: that of `src` or, where nothing is named, the image between its tags, which
 * is there for browsers that run no scripts.
 *
 * @param {GlimpseClassifier} element
 * @returns {{ src: string, alt: string }} `src` is empty where there is none
 */
export function pagePicture(element) {
  const { src, alt } = element;
  if (src) return { src, alt };
  const image = element.querySelector(':scope > img, :scope > picture > img');
  if (!(image instanceof HTMLImageElement)) return { src: '', alt };
  return { src: image.currentSrc || image.src, alt: alt || image.alt };
}
