/** @import { Layers, LayerTables, Workshop } from '../core/types.js' */
/** @import { LayersCalls } from './layers-protocol.js' */
/** @import { Port } from './protocol.js' */
import { Failure, messageOf } from '../core/errors.js';
import { discard, instantiateWorkshop } from '../engine/wasm-modules.js';
import { Weights } from '../engine/weights.js';
import { serveCalls } from './call-server.js';

/** Milliseconds of work after which messages get through, and it is told how far it is. */
const TURN = 40;

/** @typedef {{ instance: Workshop, layers: Layers }} Bench */

/** @typedef {(done: number, steps: number) => void} Report */

/**
 * The far side of the bridge to the layers of a network.
 * @param {Port} port
 */
export function serve(port) {
  serveCalls(port, { make, call, discard: ({ instance }) => discard(instance), refused: 'network-refused', crashed: 'crashed' });
}

/**
 * The weights come from the browser's cache, where the engine has put them.
 *
 * @param {{ weights: string | Blob, looks: number }} given
 * @returns {Promise<Bench>}
 */
async function make({ weights, looks }) {
  const id = 'layers';
  const files = new Weights([{ id, weights: weights instanceof Blob ? weights : new URL(weights) }]);
  const [instance, bytes] = await Promise.all([instantiateWorkshop(), files.fetch(id, () => {})]);
  try {
    return { instance, layers: new instance.Layers(bytes, looks) };
  } catch (error) {
    discard(instance);
    throw new Failure('network-refused', { detail: messageOf(error) }, error);
  }
}

/**
 * @param {Bench} bench
 * @param {keyof LayersCalls} what
 * @param {any[]} given
 * @param {Report} report
 */
function call({ layers }, what, given, report) {
  switch (what) {
    case 'plan':
      return { layers: layers.plan(), filters: layers.filters(), temperature: layers.temperature() };
    case 'run':
      return run(layers, given[0], report);
    case 'channels':
      return layers.channels(given[0], given[1]);
    case 'pixel':
      return layers.pixel(given[0], given[1], given[2], given[3]);
  }
}

/**
 * @param {Layers} layers
 * @param {Float32Array} views
 * @param {Report} report
 * @returns {Promise<LayerTables>}
 */
async function run(layers, views, report) {
  layers.begin(views);
  let since = performance.now();
  while (layers.step()) {
    if (performance.now() - since < TURN) continue;
    report(layers.done(), layers.steps());
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
  return { shares: layers.shares(), evidence: layers.evidence() };
}
