/**
 * The pixels of a sample picture.
 * @param {string} name
 */
export async function pixelsOf(name) {
  const bitmap = await createImageBitmap(await (await fetch(`/www/samples/${name}.jpg`)).blob());
  return drawn(bitmap, [0, 0, bitmap.width, bitmap.height], [bitmap.width, bitmap.height]);
}

/**
 * A part of a picture in a size.
 *
 * @param {ImageBitmap} bitmap
 * @param {[number, number, number, number]} part left, top, width, height
 * @param {[number, number]} size
 */
export function drawn(bitmap, part, [width, height]) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no canvas to draw the photo on.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, ...part, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
