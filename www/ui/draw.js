/*
 * Pixels onto a canvas, for people to look at. Nothing drawn here is ever read back for the network.
 */

/**
 * Shows pixels as they are; CSS decides how large.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageData} image
 */
export function drawPixels(canvas, image) {
  // A size that is set empties the canvas, and takes time, even where it is the same.
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap | HTMLCanvasElement} picture
 */
export function drawPicture(canvas, picture) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
}
