/*
 * Pixels onto a canvas, for people to look at. Nothing drawn here is ever read back for the network.
 */

/**
 * Shows pixels as they are; CSS decides how large.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageData} image
 */
export function drawPixels(canvas, image) {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/**
 * Shows a photo in a canvas that is no larger than a screen needs.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageData} image
 * @param {number} longest pixels of the longer side
 */
export async function drawPhoto(canvas, image, longest) {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  if (scale === 1) {
    drawPixels(canvas, image);
    return;
  }
  const bitmap = await createImageBitmap(image, {
    resizeWidth: Math.max(1, Math.round(image.width * scale)),
    resizeHeight: Math.max(1, Math.round(image.height * scale)),
    resizeQuality: 'medium',
  });
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
}
