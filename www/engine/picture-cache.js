/** @import { Photo, Picture } from '../core/types.js' */
import { PixelReader, decode, preview } from './decode.js';
import { Queue } from './queue.js';

/** Pixels of the longer side beyond which a screen shows no more. */
const SCREEN = 1600;

/** The pixels of what is asked about. The last photo stays decoded, because people ask about it again. */
export class PictureCache {
  #frames = new PixelReader();
  #turns = new Queue();
  /** @type {{ id: number, image: Promise<ImageData> } | null} */
  #last = null;

  /**
   * Decodes a photo, one at a time: each may take a hundred megabytes. Rejects with a `Failure`.
   *
   * @param {Photo} photo
   * @param {number} maxPixels
   * @param {AbortSignal} [signal]
   * @returns {Promise<ImageBitmap>} the photo, no larger than a screen needs
   */
  open(photo, maxPixels, signal) {
    return this.#turns.add(async () => preview(await this.#decoded(photo, maxPixels), SCREEN), signal);
  }

  /**
   * @param {Picture} picture a bitmap is closed by whoever has it
   * @param {number} maxPixels
   * @returns {Promise<ImageData>}
   */
  async pixels(picture, maxPixels) {
    if (!(picture instanceof ImageBitmap)) return this.#decoded(picture, maxPixels);
    this.#last = null; // a stream has begun
    return this.#frames.read(picture);
  }

  /**
   * @param {Photo} photo
   * @param {number} maxPixels
   */
  #decoded({ id, file }, maxPixels) {
    if (this.#last?.id === id) return this.#last.image;
    const last = { id, image: decode(file, maxPixels) };
    this.#last = last;
    last.image.catch(() => {
      if (this.#last === last) this.#last = null;
    });
    return last.image;
  }
}
