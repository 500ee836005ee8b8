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
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} bitmap
 */
export function drawBitmap(canvas, bitmap) {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
}
