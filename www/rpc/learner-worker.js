import { serve } from './learner-server.js';

/* What the worker of a learner runs. */

serve(/** @type {any} */ (self));
