//! Measures a classifier on labelled pictures, through the path that the page takes.

use rayon::prelude::*;

use burn::tensor::backend::Backend;

use super::TrainError;
use super::dataset::{Dataset, Example};
use super::metrics::Metrics;
use super::recipe::Recipe;
use crate::Classifier;
use crate::model::weights::singles;
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
pub fn evaluate<B: Backend, E: From<TrainError>>(
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
    if dataset.classes != header.classes {
        let (known, found) = (header.classes.join(", "), dataset.classes.join(", "));
        return Err(TrainError::OtherClasses { known, found }.into());
    }
    let mut all = Vec::with_capacity(dataset.test.len());
    for examples in dataset.test.chunks(Recipe::evaluation_batch(preprocessing.input_size)) {
        let tensors: Vec<Vec<f32>> = examples.iter().map(|e| singles(&e.image)).collect();
        let tensors: Vec<&[f32]> = tensors.iter().map(Vec::as_slice).collect();
        all.extend(logits(classifier, &tensors)?);
    }
    let labels: Vec<usize> = dataset.test.iter().map(|example| example.label).collect();
    Ok(Metrics::new(header, &all, &labels))
}

/// The logits of prepared pictures, in batches.
fn logits<B: Backend>(
    classifier: &Classifier<B>,
    tensors: &[&[f32]],
) -> Result<Vec<Vec<f32>>, TrainError> {
    let batch = Recipe::evaluation_batch(classifier.header().preprocessing.input_size);
    let mut all = Vec::with_capacity(tensors.len());
    for batch in tensors.chunks(batch) {
        all.extend(pollster::block_on(classifier.logits(batch))?);
    }
    Ok(all)
}

/// The logits of the trainer's images, which are already cropped and resized.
///
/// # Errors
///
/// If the device fails.
pub fn logits_of_examples<B: Backend>(
    classifier: &Classifier<B>,
    examples: &[&Example],
) -> Result<Vec<Vec<f32>>, TrainError> {
    let preprocessing = &classifier.header().preprocessing;
    let side = preprocessing.input_size;
    let mut all = Vec::with_capacity(examples.len());
    for examples in examples.chunks(Recipe::evaluation_batch(side)) {
        let tensor = |example: &&Example| {
            preprocessing.finish(&mut Image::from_rgb8_planar(side, &example.image))
        };
        let tensors: Vec<Vec<f32>> = examples.par_iter().map(tensor).collect();
        let tensors: Vec<&[f32]> = tensors.iter().map(Vec::as_slice).collect();
        all.extend(logits(classifier, &tensors)?);
    }
    Ok(all)
}
