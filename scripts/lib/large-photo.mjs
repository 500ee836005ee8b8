// What a photo of twelve megapixels takes from its file to the numbers that a network reads, step by step, in a page that
// serves pkg/; and what the browser's own drawImage takes to make it as small.

/** Photos measured, after one that doesn't count. */
const RUNS = 9;

/** @typedef {{ decode: number, readBack: number, resize: number, drawImage: number }} Steps medians in milliseconds */

/**
 * @param {import('playwright-core').Page} page
 * @param {string} weights whose preprocessing is timed, one view of it
 * @returns {Promise<Steps>}
 */
export function measureLargePhoto(page, weights) {
  return page.evaluate(
    async ({ weights, runs, paths }) => {
      /** @type {[typeof import('../../www/engine/decode.js'), any, typeof import('../../www/core/median.js')]} */
      const [{ PixelReader }, wasm, { median }] = await Promise.all(/** @type {any} */ (paths.map((path) => import(path))));
      await wasm.default();
      const response = await fetch(weights);
      const classifier = await wasm.Classifier.load(new Uint8Array(await response.arrayBuffer()));
      const side = classifier.info().preprocessing.input_size;

      // A picture with edges, gradients and fine texture, as a camera's has.
      const canvas = new OffscreenCanvas(4000, 3000);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('This browser gives no canvas.');
      const gradient = context.createLinearGradient(0, 0, 4000, 3000);
      for (const [at, colour] of ['#124', '#c84', '#eee', '#283'].entries()) gradient.addColorStop(at / 3, colour);
      context.fillStyle = gradient;
      context.fillRect(0, 0, 4000, 3000);
      for (let n = 0; n < 20_000; n += 1) {
        context.fillStyle = `hsl(${(n * 137) % 360} 60% ${(n * 29) % 100}%)`;
        context.fillRect((n * 7919) % 4000, (n * 104_729) % 3000, 5 + (n % 40), 5 + ((n * 3) % 40));
      }
      const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });

      const small = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
      if (!small) throw new Error('This browser gives no canvas.');
      small.imageSmoothingQuality = 'high';
      const reader = new PixelReader();
      /** @type {Record<'decode' | 'readBack' | 'resize' | 'drawImage', number[]>} */
      const times = { decode: [], readBack: [], resize: [], drawImage: [] };
      for (let run = 0; run <= runs; run += 1) {
        const marks = [performance.now()];
        const bitmap = await createImageBitmap(file);
        marks.push(performance.now());
        const image = reader.read(bitmap);
        marks.push(performance.now());
        classifier.tensor(image, { single_view: true });
        marks.push(performance.now());
        small.drawImage(bitmap, 0, 0, side, side);
        small.getImageData(0, 0, 1, 1); // it draws when it must
        marks.push(performance.now());
        bitmap.close();
        if (run === 0) continue;
        for (const [at, step] of /** @type {const} */ (['decode', 'readBack', 'resize', 'drawImage']).entries()) {
          times[step].push((marks[at + 1] ?? NaN) - (marks[at] ?? NaN));
        }
      }
      reader.close();
      return { decode: median(times.decode), readBack: median(times.readBack), resize: median(times.resize), drawImage: median(times.drawImage) };
    },
    { weights, runs: RUNS, paths: ['/www/engine/decode.js', '/wasm/cpu/glimpse.js', '/www/core/median.js'] },
  );
}
