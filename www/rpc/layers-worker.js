import { serve } from './layers-server.js';
import { showLife } from './liveness.js';

/* What the worker of a network's layers runs. */

serve(/** @type {any} */ (self));
showLife((message) => self.postMessage(message));
