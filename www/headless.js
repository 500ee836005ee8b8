/* The former address of `engine.js`, which is still good. */

export * from './engine.js';
