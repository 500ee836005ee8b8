/** @import { LearnerCalls } from './learner-protocol.js' */
/** @import { FarSide } from './spawn.js' */
import { CallClient } from './call-client.js';

/** @type {FarSide} */
const LEARNER = {
  make: () => new Worker(new URL('./learner-worker.js', import.meta.url), { type: 'module', name: 'glimpse-learner' }),
  script: './learner-worker.js',
  load: () => import('./learner-server.js'),
};

/**
 * The page's side of the bridge to a learner, which learns classes from the embeddings of pictures. After `learner-crashed` it
 * has to be given all embeddings again.
 *
 * @extends {CallClient<LearnerCalls>}
 */
export class LearnerClient extends CallClient {
  /** @param {URL} weights of the network that makes the embeddings */
  constructor(weights) {
    super(LEARNER, weights.href, 'learner-crashed');
  }
}
