import init, { help, lose_helper } from '../../wasm/cpu/glimpse.js';

/* What a worker runs that helps the CPU's module, until it is ended: see `helpers.js`. */

/** In bytes, a multiple of WebAssembly's pages. What a layer takes is in the memory that all share. */
const STACK = 256 * 1024;

self.onmessage = async ({ data: { module, memory } }) => {
  await init({ module_or_path: module, memory, thread_stack_size: STACK });
  try {
    help();
  } catch (error) {
    lose_helper(); // or whoever has split the work would wait for this thread's part
    throw error;
  }
};
