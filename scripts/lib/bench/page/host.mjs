// The page in which contestants take turns, each in a frame: scripts/lib/bench/warm.mjs calls `bench`.
import { pixelsOf } from './photo.mjs';

/** @typedef {{ milliseconds: number, logits?: ArrayLike<number>, ranked?: { index: number, probability: number }[] }} Answer */
/** @typedef {{ input: (tensor: Float32Array, photo: string) => any, infer: (input: any) => Promise<Answer>, tensor?: (image: ImageData) => Float32Array }} Loaded */

/** @type {Map<string, { loaded: Loaded, inputs: Map<string, unknown>, frame: HTMLIFrameElement }>} */
const there = new Map();
/** @type {Map<string, Float32Array>} what the network reads of each photo, as glimpse prepares it */
const tensors = new Map();

/** @param {string} id @param {string} photo */
async function infer(id, photo) {
  const { loaded, inputs } = there.get(id);
  if (!inputs.has(photo)) inputs.set(photo, await loaded.input(tensors.get(photo), photo));
  return loaded.infer(inputs.get(photo));
}

globalThis.bench = {
  /**
   * @param {{ id: string, module: string, options: object }} contestant
   * @param {string} network
   * @param {number} patience milliseconds
   */
  async load({ id, module, options }, network, patience) {
    const frame = document.createElement('iframe');
    frame.src = `contestant.html?${new URLSearchParams({ module, network, options: JSON.stringify(options) })}`;
    const ready = new Promise((resolve, reject) => {
      frame.addEventListener('load', () => frame.contentWindow.contestant.then(resolve, reject));
      setTimeout(() => reject(new Error(`It was not ready within ${patience / 1000} seconds.`)), patience);
    });
    document.body.append(frame);
    try {
      there.set(id, { loaded: await ready, inputs: new Map(), frame });
    } catch (error) {
      frame.remove();
      throw error;
    }
  },

  /** Ends one that has failed: nothing of it may run beside the others. @param {string} id */
  async drop(id) {
    there.get(id)?.frame.remove();
    there.delete(id);
  },

  /** @param {string} id of glimpse @param {string[]} photos */
  async prepare(id, photos) {
    for (const photo of photos) tensors.set(photo, there.get(id).loaded.tensor(await pixelsOf(photo)));
  },

  /** @param {string} id @param {string} photo */
  async answer(id, photo) {
    const { milliseconds, logits, ranked } = await infer(id, photo);
    return { milliseconds, ranked, logits: logits && [...logits] };
  },

  /**
   * Some inferences in a row, after one that does not count: what others have left in the caches is gone.
   * @param {string} id @param {string} photo @param {number} times
   */
  async turn(id, photo, times) {
    if (times > 1) await infer(id, photo);
    const milliseconds = [];
    for (let time = 0; time < times; time += 1) milliseconds.push((await infer(id, photo)).milliseconds);
    return milliseconds;
  },
};
