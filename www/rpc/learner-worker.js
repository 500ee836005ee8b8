import { serve } from './learner-server.js';
import { showLife } from './liveness.js';

/* What the worker of a learner runs. */

serve(/** @type {any} */ (self));
showLife((message) => self.postMessage(message));
