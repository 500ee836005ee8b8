import { holdLife } from './life.js';
import { serve } from './learner-server.js';

/* What the worker of a learner runs. */

holdLife().then((life) => serve(/** @type {any} */ (self), life));
