import { everywhere } from './everywhere.js';
import { webkit } from './webkit.js';

everywhere(webkit);
