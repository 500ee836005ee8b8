//! Measures a classifier on labelled pictures, through the path that the page takes.

use rayon::prelude::*;

use super::TrainError;
use super::dataset::{Dataset, Example};
use super::metrics::Metrics;
use super::recipe::Recipe;
use super::transfer;
use crate::Classifier;
use crate::model::inference::Inference;
use crate::model::weights::{Header, singles};
use crate::pixels::Pixels;
use crate::preprocess::Image;

/// Measures a classifier on the test images of a data set.
///
/// `load` reads the data set with the given function for its pictures: it keeps the tensor that the page would
/// make of a picture of any size, to the last bit, instead of the trainer's bytes.
///
/// # Errors
///
/// If the data have no test images or other classes than the network; if the device fails.
pub fn evaluate<B: Inference, E: From<TrainError>>(
    classifier: &Classifier<B>,
    load: impl FnOnce(&(dyn Fn(&Pixels) -> Vec<u8> + Sync)) -> Result<Dataset, E>,
) -> Result<Metrics, E> {
    let header = classifier.header();
    let preprocessing = &header.preprocessing;
    let prepare = |pixels: &Pixels| {
        let tensor = preprocessing.apply(pixels).tensor;
        tensor.iter().flat_map(|value| value.to_le_bytes()).collect()
    };
    let dataset = load(&prepare)?;
    if dataset.test.is_empty() {
        return Err(TrainError::NoTestImages(dataset.source).into());
    }
    // The data may know fewer classes than the network, and in another order.
    let place = |class: &String| header.classes.iter().position(|known| known == class);
    let places: Option<Vec<usize>> = dataset.classes.iter().map(place).collect();
    let places = places.ok_or_else(|| TrainError::OtherClasses {
        known: header.classes.join(", "),
        found: dataset.classes.join(", "),
    })?;
    let mut all = Vec::with_capacity(dataset.test.len());
    for examples in dataset.test.chunks(Recipe::evaluation_batch(preprocessing.input_size)) {
        let tensors: Vec<Vec<f32>> = examples.iter().map(|e| singles(&e.image)).collect();
        let tensors: Vec<&[f32]> = tensors.iter().map(Vec::as_slice).collect();
        let logits = pollster::block_on(classifier.logits(&tensors)).map_err(TrainError::from)?;
        all.extend(logits.iter().map(|row| classifier.class_logits(row)));
    }
    let labels: Vec<usize> = dataset.test.iter().map(|example| places[example.label]).collect();
    Ok(Metrics::new(header, &all, &labels))
}

/// What the trainer keeps of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Its pixels, cropped and resized: planar RGB in bytes.
    Pixels,
    /// What the body of the network makes of it: see [`transfer`].
    Features {
        /// How many there are of one view.
        width: usize,
    },
}

impl Contents {
    /// The logits of the classes, for each example.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn logits<B: Inference>(
        self,
        classifier: &Classifier<B>,
        examples: &[&Example],
    ) -> Result<Vec<Vec<f32>>, TrainError> {
        let Header { preprocessing, .. } = classifier.header();
        let side = preprocessing.input_size;
        let values = |example: &&Example| match self {
            Self::Pixels => {
                preprocessing.finish(&mut Image::from_rgb8_planar(side, &example.image))
            }
            Self::Features { width } => transfer::view(&example.image, 0, width),
        };
        let mut all = Vec::with_capacity(examples.len());
        for examples in examples.chunks(Recipe::evaluation_batch(side)) {
            let rows: Vec<Vec<f32>> = examples.par_iter().map(values).collect();
            let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let logits = match self {
                Self::Pixels => pollster::block_on(classifier.logits(&rows))?,
                Self::Features { .. } => pollster::block_on(classifier.logits_of_features(&rows))?,
            };
            all.extend(logits.iter().map(|row| classifier.class_logits(row)));
        }
        Ok(all)
    }
}
