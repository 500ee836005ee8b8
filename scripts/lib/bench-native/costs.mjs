// What our own code costs natively, and how that grows: with the pixels of a photo, and with the images of a batch.

/** @import { NetworkName } from '../bench/export/export.mjs' */
import { NETWORKS } from '../bench/export/export.mjs';
import { runBench } from './cargo.mjs';
import { mediansOf } from './divan.mjs';

/**
 * A photo that is cropped, resized and normalised.
 * @typedef {{ width: number, height: number, seconds: number }} Photo
 */

/**
 * Images that a network answers: one after the other, or one on each core at a time.
 * @typedef {{ network: NetworkName, allCores: boolean, images: number, seconds: number }} Batch
 */

/** @typedef {{ photos: Photo[], batches: Batch[] }} Costs medians */

const BATCHES = { batch_on_one_core: false, batch_on_all_cores: true };

/**
 * @param {boolean} quick once each, which says nothing of time
 * @param {(text: string) => void} say
 * @returns {Costs}
 */
export function measureCosts(quick, say) {
  const args = quick ? ['--sample-count', '1', '--sample-size', '1'] : [];
  say('Compiling (some minutes the first time), then photos of up to 48 megapixels');
  const photos = mediansOf(runBench('resize', ['photo_to_tensor', ...args])).map(({ argument, seconds }) => {
    const [, width, height] = /^\((\d+), (\d+)\)$/.exec(argument) ?? [];
    return { width: Number(width), height: Number(height), seconds };
  });
  say('Both networks, batches of 1 to 64 images (about a minute)');
  const batches = mediansOf(runBench('network', ['batch_on', ...args])).map(({ bench, argument, seconds }) => {
    const [, model, images] = /^\("(\w+)", (\d+)\)$/.exec(argument) ?? [];
    const network = /** @type {NetworkName[]} */ (Object.keys(NETWORKS)).find((name) => NETWORKS[name] === model);
    const allCores = BATCHES[/** @type {keyof typeof BATCHES} */ (bench)];
    if (!network || allCores === undefined) throw new Error(`benches/network.rs measures ${bench} of ${argument}, which this script doesn't know.`);
    return { network, allCores, images: Number(images), seconds };
  });
  if (![...photos.flatMap(Object.values), ...batches.map(({ images }) => images)].every(Number.isFinite))
    throw new Error('The benchmarks print something that this script can’t read.');
  return { photos, batches };
}
