/** Pixels of the side of a picture in a list, and around what is seen in which pictures are drawn already. */
const SIDE = 120;
const MARGIN = '200px';

/**
 * Draws pictures onto canvases while these are in sight, and lets them go when they are not: thousands of them take no more
 * memory than a screen full.
 */
export class LazyPictures {
  #observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) this.#look(entry);
    },
    { rootMargin: MARGIN },
  );
  /** @type {WeakMap<Element, Blob>} */
  #blobs = new WeakMap();
  /** @type {WeakSet<Element>} those in sight */
  #seen = new WeakSet();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Blob} blob
   */
  watch(canvas, blob) {
    this.#blobs.set(canvas, blob);
    this.#observer.observe(canvas);
  }

  /** @param {HTMLCanvasElement} canvas */
  forget(canvas) {
    this.#observer.unobserve(canvas);
    this.#blobs.delete(canvas);
    this.#seen.delete(canvas);
    canvas.width = canvas.height = 0;
  }

  /** @param {IntersectionObserverEntry} entry */
  #look({ target, isIntersecting }) {
    const canvas = /** @type {HTMLCanvasElement} */ (target);
    if (isIntersecting) {
      this.#seen.add(canvas);
      void this.#draw(canvas);
    } else {
      this.#seen.delete(canvas);
      canvas.width = canvas.height = 0;
    }
  }

  /** @param {HTMLCanvasElement} canvas */
  async #draw(canvas) {
    const blob = this.#blobs.get(canvas);
    if (!blob) return;
    const bitmap = await createImageBitmap(blob).catch(() => null); // a picture that is kept is one that was readable
    if (bitmap && this.#seen.has(canvas)) drawSquare(canvas, bitmap);
    bitmap?.close();
  }
}

/**
 * The middle square of a picture.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} bitmap
 */
function drawSquare(canvas, bitmap) {
  const side = Math.min(bitmap.width, bitmap.height);
  canvas.width = canvas.height = SIDE;
  canvas.getContext('2d')?.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
}
