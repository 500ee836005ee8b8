//! The browser's door to [`crate::explain`]: work that is done step by step, so that a worker hears in between that it is
//! to end.

use std::rc::Rc;

use js_sys::{Float32Array, Uint8ClampedArray};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::answer::{Milliseconds, now, shown};
use super::backend::Engine;
use super::{Failure, set, to_js};
use crate::Classifier;
use crate::explain::{Map, Method, colours};

/// See [`crate::explain::Explaining`].
#[wasm_bindgen]
pub struct Explaining {
    classifier: Rc<Classifier<Engine>>,
    work: crate::explain::Explaining,
    milliseconds: Milliseconds,
}

/// What [`Explaining::map`] gives, but for its arrays.
#[derive(Serialize)]
struct Shown<'a> {
    method: Method,
    of: &'a str,
    label: &'a str,
    score: f64,
    constant: Option<f64>,
    columns: usize,
    rows: usize,
    limit: f32,
}

impl Explaining {
    pub(super) fn new(
        classifier: Rc<Classifier<Engine>>,
        work: crate::explain::Explaining,
        preprocess: f64,
    ) -> Self {
        Self { classifier, work, milliseconds: Milliseconds { preprocess, network: 0.0 } }
    }
}

#[wasm_bindgen]
impl Explaining {
    /// Does the next step. Says whether there are more.
    pub async fn step(&mut self) -> Result<bool, Failure> {
        let start = now();
        self.classifier.explain_step(&mut self.work).await?;
        if self.work.progress().0 == 1 {
            self.milliseconds.network = now() - start;
        }
        Ok(!self.work.is_complete())
    }

    /// How many steps have been done.
    pub fn done(&self) -> usize {
        self.work.progress().0
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.work.progress().1
    }

    /// What `Classifier.classify` gives: the answer of the same forward pass. Undefined before the first step.
    pub fn answer(&self) -> Result<JsValue, Failure> {
        match self.work.logits() {
            Some(logits) => {
                shown(&self.classifier, logits, &self.work.views()[0], &self.milliseconds)
            }
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The map, with its colours and their legend. Undefined before the last step.
    pub fn map(&self) -> Result<JsValue, Failure> {
        let Some(map) = self.work.map() else { return Ok(JsValue::UNDEFINED) };
        let limit = map.limit();
        let Map { method, of, ref label, score, constant, columns, rows, ref values, .. } = map;
        let object = to_js(&Shown { method, of, label, score, constant, columns, rows, limit })?;
        set(&object, "values", &Float32Array::from(values.as_slice()))?;
        let bytes = |colours: Vec<u8>| Uint8ClampedArray::from(colours.as_slice());
        set(&object, "colours", &bytes(colours::overlay(values, limit)))?;
        set(&object, "legend", &bytes(colours::legend()))?;
        Ok(object)
    }
}
