import { chromium } from './chromium.js';
import { everywhere } from './everywhere.js';

everywhere(chromium);
