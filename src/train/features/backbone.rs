//! The frozen part of a network, and what it makes of a picture.

use std::sync::{Mutex, PoisonError};

use half::f16;
use md5::{Digest as _, Md5};

use super::cache::{Cache, Digest};
use crate::Classifier;
use crate::model::crc32;
use crate::pixels::Pixels;
use crate::preprocess::Preprocessing;
use crate::train::TrainError;
use crate::train::augment::augment;
use crate::train::hyperparameters::Hyperparameters;
use crate::train::pretrained::Start;

/// A picture is large if its shorter side has at least this share of the input's.
const LARGE: f32 = 0.4;

/// The frozen part of a network, with what is done to pictures before it.
pub struct Backbone<'a> {
    /// One network for each thread that is at work.
    classifiers: Mutex<Vec<Classifier>>,
    start: &'a Start,
    hyperparameters: &'a Hyperparameters,
    /// How many views of a picture that is large enough: one as it is, the others with random changes. Of a smaller
    /// picture there is only one, because it is so blurred when enlarged that changes make no difference.
    views: usize,
    preprocessing: Preprocessing,
    cache: &'a Cache,
    /// Everything but the picture that features depend on.
    seed: Vec<u8>,
}

impl<'a> Backbone<'a> {
    /// The backbone of the network in a file.
    pub fn new(start: &'a Start, hyperparameters: &'a Hyperparameters, cache: &'a Cache) -> Self {
        let views = hyperparameters.init.as_ref().map_or(1, |init| init.views);
        let preprocessing = hyperparameters.preprocessing(start.header.preprocessing.normalisation);
        // The last of them is the version of what happens in `extract_features`: to be raised when that changes. What is
        // stored of the preprocessing has names that last, unlike those in code.
        let depends_on = (
            crc32::of(&start.bytes),
            &preprocessing,
            views,
            hyperparameters.augmentation,
            hyperparameters.seed,
            4,
        );
        let seed = serde_json::to_vec(&depends_on).expect("plain numbers and names");
        Self {
            classifiers: Mutex::new(Vec::new()),
            start,
            hyperparameters,
            views,
            preprocessing,
            cache,
            seed,
        }
    }

    /// The features of all views of a picture, first of the picture as it is. In half precision: the last dense layer
    /// can't tell the difference, and the file is half as large.
    ///
    /// # Errors
    ///
    /// If the cache can't be read or written, or the device fails.
    pub fn extract_features(&self, pixels: &Pixels) -> Result<Vec<u8>, TrainError> {
        let digest = self.digest(pixels);
        if let Some(known) = self.cache.get(&digest)? {
            return Ok(known);
        }
        let views = self.views(pixels, &digest);
        let classifier = self.classifiers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let classifier = match classifier {
            Some(classifier) => classifier,
            None => Classifier::load(&self.start.bytes)?,
        };
        let mut content = Vec::new();
        for framings in &views {
            let tensors: Vec<&[f32]> = framings.iter().map(Vec::as_slice).collect();
            let features = pollster::block_on(classifier.features(&tensors))?;
            for index in 0..features[0].len() {
                let sum: f32 = features.iter().map(|features| features[index]).sum();
                content.extend(f16::from_f32(sum / features.len() as f32).to_le_bytes());
            }
        }
        self.classifiers.lock().unwrap_or_else(PoisonError::into_inner).push(classifier);
        self.cache.put(digest, &content)?;
        Ok(content)
    }

    /// The preprocessed views: as it is, and with random changes. Each of them in every framing, with the same changes.
    fn views(&self, pixels: &Pixels, digest: &Digest) -> Vec<Vec<Vec<f32>>> {
        let side = self.preprocessing.input_size;
        let framings: Vec<_> = self.preprocessing.views().collect();
        let mut views =
            vec![framings.iter().map(|framing| framing.apply(pixels).tensor).collect::<Vec<_>>()];
        if (pixels.width().min(pixels.height()) as f32) < LARGE * side as f32 {
            return views;
        }
        let fitted: Vec<_> =
            framings.iter().map(|framing| framing.fit(pixels).to_rgb8_planar()).collect();
        let [a, b, c, d, ..] = *digest;
        let index = u32::from_le_bytes([a, b, c, d]) as usize;
        for view in 1..self.views {
            let Hyperparameters { augmentation, seed, .. } = self.hyperparameters;
            let changed = |fitted: &Vec<u8>| {
                let mut image = augment(fitted, side, augmentation, *seed, view, index);
                self.preprocessing.finish(&mut image)
            };
            views.push(fitted.iter().map(changed).collect());
        }
        views
    }

    fn digest(&self, pixels: &Pixels) -> Digest {
        let mut hash = Md5::new();
        hash.update(&self.seed);
        hash.update(pixels.width().to_le_bytes());
        hash.update(pixels.height().to_le_bytes());
        hash.update(pixels.rgba());
        hash.finalize().into()
    }
}

/// The features of one view out of an example's.
///
/// # Shapes
///
/// - `content`: those of all views, `[views, width]` in half precision
/// - output: `[width]`
pub fn features_of_view(content: &[u8], view: usize, width: usize) -> Vec<f32> {
    let (values, _) = content[2 * width * view..][..2 * width].as_chunks::<2>();
    values.iter().map(|value| f16::from_le_bytes(*value).to_f32()).collect()
}
