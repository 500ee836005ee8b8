//! The boundary to the browser: conversions and errors, no logic.
//!
//! Three modules are built from this library. Two classify, with the same exports and each with its own engine: the CPU's
//! (feature `cpu`), or WebGPU's (feature `webgpu`). The third learns, and shows what each layer makes of a picture
//! (feature `learn`, and no engine), so that whoever only asks what is in a picture downloads nothing for it. The memory of the
//! CPU's is one that threads can share (`threads`).

#[cfg(any(feature = "cpu", feature = "webgpu"))]
mod answer;
#[cfg(any(feature = "cpu", feature = "webgpu"))]
mod backend;
#[cfg(any(feature = "cpu", feature = "webgpu"))]
mod classify;
#[cfg(any(feature = "cpu", feature = "webgpu"))]
mod explain;
#[cfg(feature = "learn")]
mod layers;
#[cfg(feature = "learn")]
mod learn;
#[cfg(feature = "cpu")]
mod threads;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::with_causes;

/// Runs when the module is instantiated: a panic is then a message in the console and not only 'unreachable'.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// What a call throws: an `Error` whose message says the causes, too.
pub struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(with_causes(&error))
    }
}

impl From<Failure> for JsValue {
    fn from(Failure(message): Failure) -> Self {
        JsError::new(&message).into()
    }
}

fn to_js(value: &impl Serialize) -> Result<JsValue, Failure> {
    // Plain objects, not `Map`s, and numbers for all integers.
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
}

fn set(object: &JsValue, key: &str, value: &JsValue) -> Result<(), Failure> {
    js_sys::Reflect::set(object, &JsValue::from_str(key), value).map_err(from_js)?;
    Ok(())
}

fn from_js(error: JsValue) -> Failure {
    Failure(error.as_string().unwrap_or_else(|| format!("{error:?}")))
}
