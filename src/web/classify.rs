//! The browser's door to [`crate::classifier`]: image data comes in, answers go out as plain objects.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Function, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

use super::answer::{Milliseconds, now, shown, to_image_data};
use super::backend::{self, Engine};
use super::explain::Explaining;
use super::{Failure, set, to_js};
use crate::classifier::Options;
use crate::explain::Request;
use crate::held_out::{Accuracy, AtThreshold, HeldOut};
use crate::model::weights::Header;
use crate::pixels::Pixels;

/// How many pixels a picture may have.
#[wasm_bindgen]
pub fn max_pixels() -> f64 {
    Pixels::MAX_PIXELS as f64
}

/// Has a function called, once and with the browser's message, when the module's GPU device is lost. From then on the
/// module is of no use; calls that are under way may never come to an end.
#[wasm_bindgen]
pub fn when_device_lost(callback: Function) {
    backend::when_lost(callback);
}

/// See [`crate::Classifier`].
#[wasm_bindgen]
pub struct Classifier {
    classifier: Rc<crate::Classifier<Engine>>,
}

/// What [`Classifier::info`] gives.
#[derive(Serialize)]
struct Info<'a> {
    backend: &'static str,
    parameters: usize,
    /// How often it was right on the pictures held out, where its file knows some.
    unseen: Option<Accuracy>,
    #[serde(flatten)]
    header: &'a Header,
}

/// What [`Classifier::curves`] gives.
#[derive(Serialize)]
struct Curves<'a> {
    all: Vec<AtThreshold>,
    sources: Vec<CurveOf<'a>>,
}

/// The curve of one source of pictures.
#[derive(Serialize)]
struct CurveOf<'a> {
    source: &'a str,
    points: Vec<AtThreshold>,
}

/// Points of a curve: as many as anybody can tell apart in a picture of it.
const POINTS: usize = 400;
const POINTS_OF_SOURCE: usize = 50;

#[wasm_bindgen]
impl Classifier {
    /// Reads a weights file (a `Uint8Array`) onto the module's device.
    pub async fn load(weights: Vec<u8>) -> Result<Classifier, Failure> {
        Ok(Self { classifier: Rc::new(backend::load(&weights).await?) })
    }

    /// What the weights file says of itself.
    pub fn info(&self) -> Result<JsValue, Failure> {
        to_js(&Info {
            backend: backend::NAME,
            parameters: self.classifier.parameters(),
            unseen: self.classifier.held_out().map(HeldOut::accuracy),
            header: self.classifier.header(),
        })
    }

    /// How good the answers of yes and no are to the question whether it is one of these classes, given by their places:
    /// points of the curve for all pictures held out, and for each of their sources. Nothing where the file knows none.
    pub fn curves(&self, group: Vec<usize>) -> Result<JsValue, Failure> {
        let Some(held_out) = self.classifier.held_out() else { return Ok(JsValue::NULL) };
        let of_source = |(place, source)| CurveOf {
            source,
            points: held_out.curve(&group, Some(place)).thinned(POINTS_OF_SOURCE),
        };
        let sources = held_out.sources().iter().map(String::as_str).enumerate();
        let all = held_out.curve(&group, None).thinned(POINTS);
        to_js(&Curves { all, sources: sources.map(of_source).collect() })
    }

    /// Says what is in an image; with the option `embedding`, the features of the backbone are added, which heads are
    /// taught with.
    pub async fn classify(&self, image: ImageData, options: JsValue) -> Result<JsValue, Failure> {
        let start = now();
        let options = read_options(options)?;
        let views = self.classifier.views(&pixels(&image)?, &options);
        let prepared_at = now();
        let features = if options.embedding {
            Some(self.classifier.features_of_views(&views).await?)
        } else {
            None
        };
        let logits = match &features {
            Some(features) => self.classifier.logits_of_features(&[features])?.concat(),
            None => self.classifier.logits_of_views(&views).await?,
        };
        let answered_at = now();

        let milliseconds =
            Milliseconds { preprocess: prepared_at - start, network: answered_at - prepared_at };
        let answer = shown(&self.classifier, &logits, &views[0], &milliseconds)?;
        if let Some(features) = features {
            set(&answer, "embedding", &Float32Array::from(features.as_slice()))?;
        }
        Ok(answer)
    }

    /// Begins to find out where the network looks in an image: `request` is a [`Request`].
    pub fn explaining(
        &self,
        image: ImageData,
        options: JsValue,
        request: JsValue,
    ) -> Result<Explaining, Failure> {
        let start = now();
        let request: Request = serde_wasm_bindgen::from_value(request)?;
        let options = read_options(options)?;
        let work = self.classifier.explaining(&pixels(&image)?, &options, request)?;
        Ok(Explaining::new(self.classifier.clone(), work, now() - start))
    }

    /// The preprocessed image, as the network gets it: channel, row, column.
    pub fn tensor(&self, image: ImageData, options: JsValue) -> Result<Float32Array, Failure> {
        let options = read_options(options)?;
        let prepared = self.classifier.prepare(&pixels(&image)?, &options);
        Ok(Float32Array::from(prepared.tensor.as_slice()))
    }

    /// What becomes of an image on its way to the network. For each view: the part of the image that is seen (`left`,
    /// `top`, `width`, `height`), the picture after each step that is taken (`stages`, each a `step` and an `image`), and
    /// the numbers that the network reads (`tensor`: channel, row, column).
    pub fn stages(&self, image: ImageData, options: JsValue) -> Result<Array, Failure> {
        let (pixels, options) = (pixels(&image)?, read_options(options)?);
        let views = Array::new();
        for preparation in self.classifier.preparations(&options) {
            let mut images = Vec::new();
            let prepared = preparation.apply_showing(&pixels, &mut |step, image| {
                images.push((step, to_image_data(image)))
            });
            let stages = Array::new();
            for (step, image) in images {
                let stage = Object::new();
                set(&stage, "step", &step.name().into())?;
                set(&stage, "image", &image?)?;
                stages.push(&stage);
            }
            let view = Object::new();
            let part = preparation.part(&pixels);
            for (key, value) in [
                ("left", part.left),
                ("top", part.top),
                ("width", part.width),
                ("height", part.height),
            ] {
                set(&view, key, &(value as f64).into())?;
            }
            set(&view, "stages", &stages)?;
            set(&view, "tensor", &Float32Array::from(prepared.tensor.as_slice()))?;
            views.push(&view);
        }
        Ok(views)
    }
}

fn pixels(image: &ImageData) -> Result<Pixels, Failure> {
    Ok(Pixels::new(image.width(), image.height(), image.data().0)?)
}

fn read_options(options: JsValue) -> Result<Options, Failure> {
    if options.is_undefined() || options.is_null() {
        return Ok(Options::default());
    }
    Ok(serde_wasm_bindgen::from_value(options)?)
}
