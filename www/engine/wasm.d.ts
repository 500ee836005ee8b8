/* The generated bindings, which are there once the modules are built. */

declare module '*/wasm/cpu/glimpse.js' {
  const init: import('../core/types.js').Bindings['default'];
  export default init;
  export const __wbg_reset_state: import('../core/types.js').Bindings['__wbg_reset_state'];
  export const Classifier: import('../core/types.js').Bindings['Classifier'];
  export const max_pixels: import('../core/types.js').Bindings['max_pixels'];
  export const when_device_lost: import('../core/types.js').Bindings['when_device_lost'];
  export const shared_memory: import('../core/types.js').Sharing['shared_memory'];
  export const help: import('../core/types.js').Sharing['help'];
  export const lose_helper: import('../core/types.js').Sharing['lose_helper'];
}

declare module '*/wasm/webgpu/glimpse.js' {
  const init: import('../core/types.js').Bindings['default'];
  export default init;
  export const __wbg_reset_state: import('../core/types.js').Bindings['__wbg_reset_state'];
  export const Classifier: import('../core/types.js').Bindings['Classifier'];
  export const max_pixels: import('../core/types.js').Bindings['max_pixels'];
  export const when_device_lost: import('../core/types.js').Bindings['when_device_lost'];
}

declare module '*/wasm/learn/glimpse.js' {
  const init: import('../core/types.js').LearnBindings['default'];
  export default init;
  export const __wbg_reset_state: import('../core/types.js').LearnBindings['__wbg_reset_state'];
  export const Layers: import('../core/types.js').LearnBindings['Layers'];
  export const Learner: import('../core/types.js').LearnBindings['Learner'];
  export const backbone_needed: import('../core/types.js').LearnBindings['backbone_needed'];
  export const join: import('../core/types.js').LearnBindings['join'];
}
