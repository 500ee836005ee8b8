import { showLife } from './liveness.js';
import { serve } from './server.js';

/* What a worker runs. */

serve(/** @type {any} */ (self));
showLife((message) => self.postMessage(message));
