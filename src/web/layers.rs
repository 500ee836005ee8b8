//! The browser's door to [`crate::layers`]: a weights file and prepared pictures come in, numbers and pictures go out.

use js_sys::{Float32Array, Object, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{Failure, set, to_js};

/// See [`crate::layers::Layers`].
#[wasm_bindgen]
pub struct Layers {
    layers: crate::layers::Layers,
}

/// A layer, as [`Layers::plan`] gives it.
#[derive(Serialize)]
struct Layer {
    kind: &'static str,
    from: usize,
    block: usize,
    shape: [usize; 3],
    parameters: usize,
    multiply_adds: u64,
    kernel: usize,
    stride: usize,
}

#[wasm_bindgen]
impl Layers {
    /// Reads a weights file (a `Uint8Array`), for pictures that are looked at so many times.
    #[wasm_bindgen(constructor)]
    pub fn new(weights: &[u8], looks: usize) -> Result<Layers, Failure> {
        Ok(Self { layers: crate::layers::Layers::read(weights, looks)? })
    }

    /// The layers in their order.
    pub fn plan(&self) -> Result<JsValue, Failure> {
        let layer = |layer: &crate::layers::plan::Layer| Layer {
            kind: layer.name(),
            from: layer.from,
            block: layer.block,
            shape: layer.shape,
            parameters: layer.parameters(),
            multiply_adds: layer.multiply_adds(),
            kernel: layer.convolution().map_or(0, |conv| conv.kernel),
            stride: layer.convolution().map_or(0, |conv| conv.stride),
        };
        to_js(&self.layers.layers().iter().map(layer).collect::<Vec<_>>())
    }

    /// What the logits are divided by before the softmax.
    pub fn temperature(&self) -> f32 {
        self.layers.temperature()
    }

    /// Begins with a picture: its views, one after the other.
    pub fn begin(&mut self, views: &[f32]) -> Result<(), Failure> {
        Ok(self.layers.begin(views)?)
    }

    /// Computes the next layer. Says whether there are more.
    pub fn step(&mut self) -> bool {
        self.layers.step()
    }

    /// How many steps have been done.
    pub fn done(&self) -> usize {
        self.layers.progress().0
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.layers.progress().1
    }

    /// The strongest channels of a layer, as pictures.
    pub fn channels(&self, layer: usize, most: usize) -> Result<JsValue, Failure> {
        let found = self.layers.channels(layer, most)?;
        object(&[
            ("places", Uint32Array::from(&found.places[..]).into()),
            ("low", floats(&found.low)),
            ("high", floats(&found.high)),
            ("pictures", Uint8Array::from(&found.pictures[..]).into()),
        ])
    }

    /// The filters of the first layer in colour.
    pub fn filters(&self) -> Result<JsValue, Failure> {
        let (pictures, limits) = self.layers.filters();
        object(&[("pictures", Uint8Array::from(&pictures[..]).into()), ("limits", floats(&limits))])
    }

    /// What a number of a layer is made of.
    pub fn pixel(
        &self,
        layer: usize,
        channel: usize,
        row: usize,
        column: usize,
    ) -> Result<JsValue, Failure> {
        let pixel = self.layers.pixel(layer, channel, row, column)?;
        let [rows, columns] = pixel.patch.map(|side| side as f64);
        let [top, left] = pixel.corner.map(|at| at as f64);
        object(&[
            ("rows", rows.into()),
            ("columns", columns.into()),
            ("top", top.into()),
            ("left", left.into()),
            ("channels", Uint32Array::from(&pixel.channels[..]).into()),
            ("inputs", floats(&pixel.inputs)),
            ("weights", floats(&pixel.weights)),
            ("sums", floats(&pixel.sums)),
            ("bias", pixel.bias.into()),
            ("output", pixel.output.into()),
        ])
    }

    /// How the shares of the classes come about: for each its place, its logit, that divided by the temperature, the
    /// exponential, and its share.
    pub fn shares(&self) -> Result<JsValue, Failure> {
        Ok(floats(&self.layers.shares()?))
    }

    /// What the head and the names say of each class: its place, the head's logit, the log-probability of its names, and its
    /// logit. Empty where names don't count.
    pub fn evidence(&self) -> Result<JsValue, Failure> {
        Ok(floats(&self.layers.evidence_of_classes()?))
    }
}

fn floats(values: &[f32]) -> JsValue {
    Float32Array::from(values).into()
}

fn object(entries: &[(&str, JsValue)]) -> Result<JsValue, Failure> {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, value)?;
    }
    Ok(object.into())
}
