//! Transfer learning: a new head on the body of a network that was trained before.
//!
//! The body is frozen, so what it makes of a picture never changes: [`Body::look`] computes those features once for
//! a few views of each picture and keeps them in a [`Cache`]. [`train_head`] then learns from the features
//! alone, in seconds.
//!
//! ```text
//! Pixels → preprocess ─┬─────────────→ body ─┐
//!                      ├─ augment ───→ body ─┼─→ features of all views → head
//!                      └─ augment ───→ body ─┘
//! ```
//!
//! [`network`] is the start for training all layers instead.

use std::sync::{Mutex, PoisonError};

use burn::backend::{Autodiff, Flex};
use burn::module::{AutodiffModule, Module};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams, Optimizer};
use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};
use half::f16;
use md5::{Digest as _, Md5};
use rand::Rng;

use super::TrainError;
use super::augment::{augment, generator};
use super::cache::{Cache, Digest};
use super::dataset::Example;
use super::recipe::Recipe;
use super::report::{Finished, Report, Running};
use super::trainer::{Trained, commit, count_right, loss, order_of_epoch, scalar};
use crate::Classifier;
use crate::model::weights::{self, Header, Vocabulary, WeightsError};
use crate::model::{Form, Network, Shape};
use crate::pixels::Pixels;
use crate::preprocess::Preprocessing;

/// Draws of the order of an epoch and of the views in it must not meet those of the augmentation.
const VIEWS: u64 = u64::MAX - 1;

/// The weights that a run starts from, as they stand in a file.
pub struct Start {
    /// The name of the file.
    pub file: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What it says of itself.
    pub header: Header,
}

impl Start {
    /// Reads a weights file.
    ///
    /// # Errors
    ///
    /// If it is not one, or damaged.
    pub fn new(file: String, bytes: Vec<u8>) -> Result<Self, WeightsError> {
        let classifier = Classifier::<Flex>::load(&bytes, Default::default())?;
        let header = classifier.header().clone();
        Ok(Self { file, bytes, header })
    }

    /// CRC-32 of the file.
    pub fn checksum(&self) -> u32 {
        crc32fast::hash(&self.bytes)
    }
}

/// The network of a weights file, ready for training all its layers. Its head stays where the classes are the same;
/// otherwise there is a new one. It has no second answer any longer: that one would not learn with the body.
///
/// # Errors
///
/// If the file is damaged.
pub fn network<B: Backend>(
    start: &Start,
    classes: &[String],
    device: &B::Device,
) -> Result<Network<B>, WeightsError> {
    let (trained, header) = weights::read::<B>(&start.bytes, device)?;
    let outputs = Shape::outputs_for(classes.len());
    let shape = Shape { outputs, vocabulary: 0, ..header.shape() };
    let fresh = Network::<B>::new(shape, Form::Folded, device);
    let trained = trained.with_vocabulary(None);
    let trained = match header.classes == classes {
        true => trained,
        false => trained.with_head(fresh.head().clone()),
    };
    // Through a record, because tensors from a file are not marked for training.
    Ok(fresh.load_record(trained.into_record()))
}

/// The frozen part of a network, with what is done to pictures before it.
pub struct Body<'a> {
    /// One network for each thread that is at work.
    classifiers: Mutex<Vec<Classifier<Flex>>>,
    start: &'a Start,
    recipe: &'a Recipe,
    views: usize,
    preprocessing: Preprocessing,
    cache: &'a Cache,
    /// Everything but the picture that features depend on.
    seed: Vec<u8>,
}

impl<'a> Body<'a> {
    /// The body of the network in a file.
    pub fn new(start: &'a Start, recipe: &'a Recipe, views: usize, cache: &'a Cache) -> Self {
        let preprocessing = recipe.preprocessing(start.header.preprocessing.normalisation);
        // The last of them is the version of what happens in `look`: to be raised when that changes.
        let seed = format!(
            "{:08x} {preprocessing:?} {views} {:?} {} v1",
            start.checksum(),
            recipe.augmentation,
            recipe.seed
        );
        Self {
            classifiers: Mutex::new(Vec::new()),
            start,
            recipe,
            views,
            preprocessing,
            cache,
            seed: seed.into_bytes(),
        }
    }

    /// The features of all views of a picture, first of the picture as it is. In half precision: the last dense layer
    /// can't tell the difference, and the file is half as large.
    ///
    /// # Errors
    ///
    /// If the cache can't be read or written, or the device fails.
    pub fn look(&self, pixels: &Pixels) -> Result<Vec<u8>, TrainError> {
        let digest = self.digest(pixels);
        if let Some(known) = self.cache.get(&digest)? {
            return Ok(known);
        }
        let side = self.preprocessing.input_size;
        let mut tensors = vec![self.preprocessing.apply(pixels).tensor];
        if self.views > 1 {
            let fitted = self.preprocessing.fit(pixels).to_rgb8_planar();
            let [a, b, c, d, ..] = digest;
            let index = u32::from_le_bytes([a, b, c, d]) as usize;
            for view in 1..self.views {
                let Recipe { augmentation, seed, .. } = self.recipe;
                let mut image = augment(&fitted, side, augmentation, *seed, view, index);
                tensors.push(self.preprocessing.finish(&mut image));
            }
        }
        let classifier = self.classifiers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let classifier = match classifier {
            Some(classifier) => classifier,
            None => Classifier::load(&self.start.bytes, Default::default())?,
        };
        let mut content = Vec::new();
        for tensor in &tensors {
            for value in pollster::block_on(classifier.features(&[tensor]))?.concat() {
                content.extend(f16::from_f32(value).to_le_bytes());
            }
        }
        self.classifiers.lock().unwrap_or_else(PoisonError::into_inner).push(classifier);
        self.cache.put(digest, &content)?;
        Ok(content)
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

/// What a head is trained on and how.
pub struct HeadRun<'a> {
    /// The weights whose body made the features.
    pub start: &'a Start,
    /// How to train.
    pub recipe: &'a Recipe,
    /// Views in each example.
    pub views: usize,
    /// Names of the classes.
    pub classes: &'a [String],
    /// The examples to learn from: features of all views.
    pub training: &'a [&'a Example],
    /// The examples held out.
    pub validation: &'a [&'a Example],
    /// Whether the classes of the start stay as a second answer.
    pub keep_classes: bool,
}

/// Trains a new head on features and puts it on the body that made them. `None` if the person at the terminal
/// stopped it.
///
/// # Errors
///
/// If the weights can't be read, or the loss is no longer a number.
pub fn train_head(
    run: &HeadRun<'_>,
    report: &mut dyn Report,
) -> Result<Option<Trained<Flex>>, TrainError> {
    type Learning = Autodiff<Flex>;
    let HeadRun { recipe, training, start, .. } = *run;
    let device = Default::default();
    let clock = std::time::Instant::now();
    let (body, _) = weights::read::<Flex>(&start.bytes, &device)?;
    let [features, _] = body.head().weight.dims();
    let config = LinearConfig::new(features, Shape::outputs_for(run.classes.len()))
        .with_bias(body.head().bias.is_some())
        // From zero: the problem has one minimum, and no symmetry to break.
        .with_initializer(Initializer::Zeros);
    let mut head: Linear<Learning> = config.init(&device);
    let decay = WeightDecayConfig::new(recipe.weight_decay);
    let mut optimiser = AdamConfig::new().with_weight_decay(Some(decay)).init();

    let per_epoch = training.len().div_ceil(recipe.batch_size);
    let steps = per_epoch * recipe.epochs;
    for epoch in 0..recipe.epochs {
        let order = order_of_epoch(training.len(), recipe.seed, epoch);
        let mut running = Running {
            epoch,
            epochs: recipe.epochs,
            seen: 0,
            images: training.len(),
            loss: 0.0,
            accuracy: 0.0,
        };
        let (mut loss_sum, mut right) = (0.0, 0);
        for (within, indices) in order.chunks(recipe.batch_size).enumerate() {
            let step = epoch * per_epoch + within;
            let rows = indices.iter().map(|&index| {
                let mut random = generator(recipe.seed ^ VIEWS, epoch as u64, index as u64);
                view(&training[index].image, random.random_range(0..run.views), run.views)
            });
            let rows: Vec<f32> = rows.flatten().collect();
            let labels: Vec<usize> = indices.iter().map(|&index| training[index].label).collect();
            let input = TensorData::new(rows, [indices.len(), features]);
            let logits = head.forward(Tensor::<Learning, 2>::from_data(input, &device));
            right += count_right(logits.clone().inner(), &labels);
            let loss = loss(logits, &labels, recipe.label_smoothing, &device);
            let value = f64::from(scalar(loss.clone().inner()));
            if !value.is_finite() {
                return Err(TrainError::Diverged { step });
            }
            let gradients = GradientsParams::from_grads(loss.backward(), &head);
            head = optimiser.step(recipe.rate(step, steps), head, gradients);
            loss_sum += value * indices.len() as f64;
            running.seen += indices.len();
            running.loss = loss_sum / running.seen as f64;
            running.accuracy = right as f64 / running.seen as f64;
            report.step(running);
            if report.stop() {
                return Ok(None);
            }
        }
        let (validation_loss, validation_accuracy) =
            validate(&head.valid(), run.validation, run.views).unzip();
        report.epoch(Finished { running, validation_loss, validation_accuracy });
    }

    let kept = run.keep_classes.then(|| {
        let Header { classes, temperature, .. } = &start.header;
        Vocabulary { classes: classes.clone(), temperature: *temperature }
    });
    let dense = kept.is_some().then(|| body.head().clone());
    Ok(Some(Trained {
        network: body.with_vocabulary(dense).with_head(head.valid()),
        normalisation: start.header.preprocessing.normalisation,
        commit: commit(),
        seconds: clock.elapsed().as_secs_f64(),
        vocabulary: kept,
        notice: start.header.provenance.notice.clone(),
    }))
}

/// Mean loss and share of right answers, of the pictures as they are.
fn validate(head: &Linear<Flex>, examples: &[&Example], views: usize) -> Option<(f64, f64)> {
    if examples.is_empty() {
        return None;
    }
    let device = Default::default();
    let rows: Vec<f32> = examples.iter().flat_map(|e| view(&e.image, 0, views)).collect();
    let labels: Vec<usize> = examples.iter().map(|example| example.label).collect();
    let features = rows.len() / examples.len();
    let input = TensorData::new(rows, [examples.len(), features]);
    let logits = head.forward(Tensor::<Flex, 2>::from_data(input, &device));
    let right = count_right(logits.clone(), &labels) as f64 / examples.len() as f64;
    Some((f64::from(scalar(loss(logits, &labels, 0.0, &device))), right))
}

/// The features of a picture as it is, out of those of all its views.
pub fn plain_view(content: &[u8], views: usize) -> Vec<f32> {
    view(content, 0, views)
}

/// The features of one view out of an example's.
fn view(content: &[u8], view: usize, views: usize) -> Vec<f32> {
    let length = content.len() / views;
    let (values, _) = content[view * length..][..length].as_chunks::<2>();
    values.iter().map(|value| f16::from_le_bytes(*value).to_f32()).collect()
}
