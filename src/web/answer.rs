//! An answer as a plain object, with how long it took.

use js_sys::Uint8ClampedArray;
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{ImageData, Performance};

use super::backend::{self, Engine};
use super::{Failure, from_js, set, to_js};
use crate::Classifier;
use crate::classifier::Answer;
use crate::preprocess::{Image, Prepared};

/// What `Classifier.classify` gives, but for the image `seen`.
#[derive(Serialize)]
struct Timed<'a> {
    #[serde(flatten)]
    answer: Answer,
    milliseconds: &'a Milliseconds,
    /// How many threads of the CPU had a part in what the network computed.
    threads: usize,
}

/// How long the parts of an answer took.
#[derive(Serialize)]
pub struct Milliseconds {
    pub preprocess: f64,
    pub network: f64,
}

/// The answer that belongs to logits, with the first view as the network sees it.
pub fn shown(
    classifier: &Classifier<Engine>,
    logits: &[f32],
    view: &Prepared,
    milliseconds: &Milliseconds,
) -> Result<JsValue, Failure> {
    let (answer, threads) = (classifier.answer(logits), backend::threads());
    let answer = to_js(&Timed { answer, milliseconds, threads })?;
    set(&answer, "seen", &to_image_data(&view.seen)?)?;
    Ok(answer)
}

/// A copy that JavaScript owns: a view into the module's memory would change with the next allocation.
pub fn to_image_data(image: &Image) -> Result<JsValue, Failure> {
    let bytes = Uint8ClampedArray::from(image.to_rgba8().as_slice());
    let side = image.side() as u32;
    let image = ImageData::new_with_js_u8_clamped_array_and_sh(&bytes, side, side);
    Ok(image.map_err(from_js)?.into())
}

/// Milliseconds on the clock of the page or the worker, whichever this runs in; 0 where there is none.
pub fn now() -> f64 {
    js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("performance"))
        .ok()
        .and_then(|clock| clock.dyn_into::<Performance>().ok())
        .map_or(0.0, |clock| clock.now())
}
