import { holdLife } from './life.js';
import { serve } from './server.js';

/* What a worker runs. */

holdLife().then((life) => serve(/** @type {any} */ (self), life));
