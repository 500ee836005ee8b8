/** @import { LayersCalls } from './layers-protocol.js' */
/** @import { FarSide } from './spawn.js' */
import { CallClient } from './call-client.js';

/** @type {FarSide} */
const LAYERS = {
  make: () => new Worker(new URL('./layers-worker.js', import.meta.url), { type: 'module', name: 'glimpse-layers' }),
  script: './layers-worker.js',
  load: () => import('./layers-server.js'),
};

/**
 * The page's side of the bridge to the layers of a network, and what they make of a picture.
 *
 * @extends {CallClient<LayersCalls>}
 */
export class LayersClient extends CallClient {
  /**
   * @param {URL | Blob} weights of the network
   * @param {number} looks how often it looks at a picture
   */
  constructor(weights, looks) {
    super(LAYERS, { weights: weights instanceof Blob ? weights : weights.href, looks }, 'crashed');
  }
}
