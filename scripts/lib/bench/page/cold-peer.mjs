// What a page does that answers one photo with another library: decode, crop, resize on a canvas, ask.
import { drawn } from './photo.mjs';

/**
 * @param {(network: string, options: object) => Promise<any>} load
 * @param {string} network
 * @param {object} options
 */
export async function answer(load, network, options) {
  const [{ side, fraction, normalisation, names }, bitmap, loaded] = await Promise.all([
    fetch(`/networks/${network}.json`).then((response) => response.json()),
    fetch('/www/samples/cat.jpg').then(async (response) => createImageBitmap(await response.blob())),
    load(network, options),
  ]);
  const seen = fraction * Math.min(bitmap.width, bitmap.height);
  const { data } = drawn(bitmap, [(bitmap.width - seen) / 2, (bitmap.height - seen) / 2, seen, seen], [side, side]);
  const plane = side * side;
  const tensor = Float32Array.from({ length: 3 * plane }, (_, index) => {
    const channel = Math.floor(index / plane);
    return (data[4 * (index % plane) + channel] / 255 - normalisation.mean[channel]) / normalisation.std[channel];
  });
  const { logits } = await loaded.infer(await loaded.input(tensor));
  return names[logits.indexOf(Math.max(...logits))];
}
