import { serve } from './server.js';

/* What a worker runs. */

serve(/** @type {any} */ (self));
