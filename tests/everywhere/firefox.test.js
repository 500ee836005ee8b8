import { everywhere } from './everywhere.js';
import { firefox } from './firefox.js';

everywhere(firefox);
