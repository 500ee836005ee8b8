// The worker of glimpse-threads.mjs: a network first, then pictures.
import { load } from './glimpse.mjs';

/** After so many answers of one thread alone, the others will not come any more. */
const PATIENCE = 20;

let network;
let alone = 0;

async function answer({ network: name, pixels }) {
  if (name) {
    network = await load(name, { backend: 'cpu' });
    return null;
  }
  const found = await network.infer(pixels);
  alone = found.threads > 1 ? 0 : alone + 1;
  if (alone > PATIENCE) throw new Error('One thread computes, and no other helps it.');
  return found;
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage({ answer: await answer(data) });
  } catch (error) {
    self.postMessage({ error: String(error?.message ?? error) });
  }
};
