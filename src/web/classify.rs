//! The browser's door to [`crate::classifier`]: image data comes in, answers go out as plain objects.

use js_sys::{Array, Float32Array, Function, Object, Uint8ClampedArray};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{ImageData, Performance};

use super::{Failure, to_js};
use crate::classifier::{Answer, Options};
use crate::held_out::AtThreshold;
use crate::model::weights::Header;
use crate::pixels::Pixels;
use crate::preprocess::Image;

#[cfg(feature = "webgpu")]
mod backend {
    use std::cell::{Cell, RefCell};

    use burn_wgpu::graphics::AutoGraphicsApi;
    use burn_wgpu::{CubeBackend, RuntimeOptions, WgpuDevice, WgpuRuntime, init_setup_async};
    use js_sys::Function;
    use wasm_bindgen::JsValue;

    pub const NAME: &str = "webgpu";
    // No fusion and no autotuning: both cost more to download than they gain on small networks.
    pub type Backend = CubeBackend<WgpuRuntime, f32, i32, u32>;

    thread_local! {
        static READY: Cell<bool> = const { Cell::new(false) };
        static WHEN_LOST: RefCell<Option<Function>> = const { RefCell::new(None) };
    }

    /// Asks the browser for an adapter and a device, once. The page has made sure that there is one.
    pub async fn device() -> WgpuDevice {
        let device = WgpuDevice::default();
        if !READY.get() {
            let setup =
                init_setup_async::<AutoGraphicsApi>(&device, RuntimeOptions::default()).await;
            // It must be `Send`, which a JavaScript function is not, so it finds that one in its thread.
            setup.device.set_device_lost_callback(|_, message| call_when_lost(&message));
            READY.set(true);
        }
        device
    }

    pub fn when_lost(callback: Function) {
        WHEN_LOST.set(Some(callback));
    }

    fn call_when_lost(message: &str) {
        // Taken out before the call, which may end in another one. What a callback throws is its own affair.
        if let Some(callback) = WHEN_LOST.take() {
            let _ = callback.call1(&JsValue::NULL, &JsValue::from_str(message));
        }
    }
}

#[cfg(not(feature = "webgpu"))]
mod backend {
    pub const NAME: &str = "cpu";
    pub type Backend = burn::backend::Flex;

    pub async fn device() -> burn::tensor::Device<Backend> {
        Default::default()
    }

    /// There is no device that could be lost.
    pub fn when_lost(_: js_sys::Function) {}
}

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
    classifier: crate::Classifier<backend::Backend>,
}

/// What [`Classifier::info`] gives.
#[derive(Serialize)]
struct Info<'a> {
    backend: &'static str,
    parameters: usize,
    #[serde(flatten)]
    header: &'a Header,
}

/// What [`Classifier::classify`] gives, but for the image `seen`.
#[derive(Serialize)]
struct Timed {
    #[serde(flatten)]
    answer: Answer,
    milliseconds: Milliseconds,
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

#[derive(Serialize)]
struct Milliseconds {
    preprocess: f64,
    network: f64,
}

#[wasm_bindgen]
impl Classifier {
    /// Reads a weights file (a `Uint8Array`) onto the module's device.
    pub async fn load(weights: Vec<u8>) -> Result<Classifier, Failure> {
        let device = backend::device().await;
        Ok(Self { classifier: crate::Classifier::load(&weights, device)? })
    }

    /// What the weights file says of itself.
    pub fn info(&self) -> Result<JsValue, Failure> {
        let parameters = self.classifier.parameters();
        to_js(&Info { backend: backend::NAME, parameters, header: self.classifier.header() })
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
            Some(features) => self.classifier.logits_of_features(&[features]).await?.concat(),
            None => self.classifier.logits_of_views(&views).await?,
        };
        let answered_at = now();

        let milliseconds =
            Milliseconds { preprocess: prepared_at - start, network: answered_at - prepared_at };
        let answer = self.classifier.answer(&logits);
        let answer = to_js(&Timed { answer, milliseconds })?;
        set(&answer, "seen", &to_image_data(&views[0].seen)?)?;
        if let Some(features) = features {
            set(&answer, "embedding", &Float32Array::from(features.as_slice()))?;
        }
        Ok(answer)
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

/// A copy that JavaScript owns: a view into the module's memory would change with the next allocation.
fn to_image_data(image: &Image) -> Result<JsValue, Failure> {
    let bytes = Uint8ClampedArray::from(image.to_rgba8().as_slice());
    let side = image.side() as u32;
    let image = ImageData::new_with_js_u8_clamped_array_and_sh(&bytes, side, side);
    Ok(image.map_err(from_js)?.into())
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

fn set(object: &JsValue, key: &str, value: &JsValue) -> Result<(), Failure> {
    js_sys::Reflect::set(object, &JsValue::from_str(key), value).map_err(from_js)?;
    Ok(())
}

fn from_js(error: JsValue) -> Failure {
    Failure(error.as_string().unwrap_or_else(|| format!("{error:?}")))
}

/// Milliseconds on the clock of the page or the worker, whichever this runs in; 0 where there is none.
fn now() -> f64 {
    js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("performance"))
        .ok()
        .and_then(|clock| clock.dyn_into::<Performance>().ok())
        .map_or(0.0, |clock| clock.now())
}
