//! The browser's door to the threads that help with a picture: workers with instances of this module on one memory.

use wasm_bindgen::prelude::*;

use crate::model::packed::shared_pool;

/// The memory of this instance (a `WebAssembly.Memory`), for instances in other threads.
#[wasm_bindgen]
pub fn shared_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// Helps whichever instance has the same memory. It comes to an end only with its worker.
#[wasm_bindgen]
pub fn help() {
    shared_pool().help();
}

/// Says that a thread has come to grief while it helped: the picture it had a part of is given up, with its instance.
#[wasm_bindgen]
pub fn lose_helper() {
    shared_pool().lose_helper();
}
