//! Transfer learning: a new head on the backbone of a network that was trained before.
//!
//! The backbone is frozen, so what it makes of a picture never changes: [`Backbone::extract_features`] computes those features once for
//! a few views of each picture and keeps them in a [`Cache`]. [`train_head`] then learns from the features
//! alone, in seconds.
//!
//! ```text
//! Pixels → preprocess ─┬──────────────→ backbone ─┐
//!                      └─ augment ────→ backbone ─┴─→ features of all views → head
//! ```
//!
//! [`pretrained`](super::pretrained) is the start for training all layers instead.
//!
//! Where the old classes stay as a second answer and some of them are kinds of the new ones, they count as evidence
//! for these: [`head`] then trains what [`crate::evidence`] describes.

use std::sync::{Mutex, PoisonError};

use burn::backend::{Autodiff, Flex};
use burn::module::AutodiffModule;
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams, Optimizer};
use burn::tensor::{Tensor, TensorData};
use half::f16;
use md5::{Digest as _, Md5};

use super::TrainError;
use super::augment::augment;
use super::cache::{Cache, Digest};
use super::calibrate::{negative_log_likelihood, temperature_of_sets};
use super::dataset::Example;
use super::head::{self, Head, Sample, Task, dense, view};
use super::hyperparameters::Hyperparameters;
use super::names;
use super::objective::{argmax, count_right, loss, scalar};
use super::pretrained::Start;
use super::random::order_of_epoch;
use super::report::{Finished, Report, Running};
use super::scaling::Scaling;
use super::trained::{LeftOut, Trained, commit};
use crate::Classifier;
use crate::model::Shape;
use crate::model::weights::{self, NONE, Vocabulary};
use crate::pixels::Pixels;
use crate::preprocess::Preprocessing;

/// A picture is large if its shorter side has at least this share of the input's.
const LARGE: f32 = 0.4;

/// The frozen part of a network, with what is done to pictures before it.
pub struct Backbone<'a> {
    /// One network for each thread that is at work.
    classifiers: Mutex<Vec<Classifier<Flex>>>,
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
    pub fn new(
        start: &'a Start,
        hyperparameters: &'a Hyperparameters,
        views: usize,
        cache: &'a Cache,
    ) -> Self {
        let preprocessing = hyperparameters.preprocessing(start.header.preprocessing.normalisation);
        // The last of them is the version of what happens in `extract_features`: to be raised when that changes.
        let seed = format!(
            "{:08x} {preprocessing:?} {views:?} {:?} {} v3",
            crc32fast::hash(&start.bytes),
            hyperparameters.augmentation,
            hyperparameters.seed
        );
        Self {
            classifiers: Mutex::new(Vec::new()),
            start,
            hyperparameters,
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
    pub fn extract_features(&self, pixels: &Pixels) -> Result<Vec<u8>, TrainError> {
        let digest = self.digest(pixels);
        if let Some(known) = self.cache.get(&digest)? {
            return Ok(known);
        }
        let views = self.views(pixels, &digest);
        let classifier = self.classifiers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let classifier = match classifier {
            Some(classifier) => classifier,
            None => Classifier::load(&self.start.bytes, Default::default())?,
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

/// What a head is trained on and how.
pub struct HeadRun<'a> {
    /// The weights whose backbone made the features.
    pub start: &'a Start,
    /// How to train.
    pub hyperparameters: &'a Hyperparameters,
    /// Names of the classes.
    pub classes: &'a [String],
    /// The examples to learn from: features of all views.
    pub training: &'a [&'a Example],
    /// The examples held out.
    pub validation: &'a [&'a Example],
    /// Whether the classes of the start stay as a second answer.
    pub keep_classes: bool,
    /// Every example to learn from, once, with the number of its source.
    pub samples: &'a [Sample<'a>],
    /// The names of the sources.
    pub sources: &'a [String],
    /// Whether every source is left out once, to see how a head does that has not seen any of it.
    pub leave_one_out: bool,
}

/// From this probability on a name may stand for its class. So high, because the world is full of things that have no
/// name among the thousand: a kingfisher is no jacamar, which seven tenths would make it.
const NAME_NOT_SURE_BELOW: f32 = 0.9;
type Learning = Autodiff<Flex>;

/// Trains a new head on features and puts it on the backbone that made them. `None` if the person at the terminal
/// stopped it.
///
/// # Errors
///
/// If the weights can't be read, or the loss is no longer a number.
pub fn train_head(
    run: &HeadRun<'_>,
    report: &mut dyn Report,
) -> Result<Option<Trained<Flex>>, TrainError> {
    let HeadRun { hyperparameters, training, start, .. } = *run;
    let device = Default::default();
    let clock = std::time::Instant::now();
    let (backbone, _) = weights::read::<Flex>(&start.bytes, &device)?;
    let [width, _] = backbone.head().weight.dims();
    let backbone = backbone.with_centre(centre(run.samples, width));
    let (vocabulary, class_of) = run.keep_classes.then(|| vocabulary(start, run.classes)).unzip();
    let class_of = class_of.flatten();
    let old = backbone.vocabulary().unwrap_or(backbone.head());
    if let Some((vocabulary, class_of)) = vocabulary.clone().zip(class_of) {
        let Some(learnt) = with_names(run, old, &class_of, report)? else { return Ok(None) };
        let vocabulary = Vocabulary { evidence: Some(learnt.head.evidence), ..vocabulary };
        return Ok(Some(Trained {
            vocabulary: Some(names_calibrated(run, vocabulary, old)),
            network: backbone
                .clone()
                .with_vocabulary(Some(old.clone()))
                .with_head(learnt.head.dense),
            normalisation: start.header.preprocessing.normalisation,
            commit: commit(),
            seconds: clock.elapsed().as_secs_f64(),
            left_out: learnt.left_out,
            notice: start.header.provenance.notice.clone(),
        }));
    }
    if run.leave_one_out {
        return Err(TrainError::LeavingOutNeedsNames);
    }

    // Every view of every example, and its label.
    let draws: Vec<(usize, usize)> = (0..training.len())
        .flat_map(|index| (0..training[index].image.len() / (2 * width)).map(move |v| (index, v)))
        .collect();
    let row = |&(example, of): &(usize, usize)| view(&training[example].image, of, width);
    let scaling = Scaling::each(draws.iter().map(row), width, backbone.head().bias.is_some());

    let config = LinearConfig::new(width, Shape::outputs_for(run.classes.len()))
        .with_bias(backbone.head().bias.is_some())
        // From zero: the problem has one minimum, and no symmetry to break.
        .with_initializer(Initializer::Zeros);
    let mut head: Linear<Learning> = config.init(&device);
    let decay = WeightDecayConfig::new(hyperparameters.weight_decay);
    let mut optimiser = AdamConfig::new().with_weight_decay(Some(decay)).init();

    let per_epoch = draws.len().div_ceil(hyperparameters.batch_size);
    let steps = per_epoch * hyperparameters.epochs;
    for epoch in 0..hyperparameters.epochs {
        let order = order_of_epoch(draws.len(), hyperparameters.seed, epoch);
        let mut running = Running {
            epoch,
            epochs: hyperparameters.epochs,
            seen: 0,
            images: draws.len(),
            loss: 0.0,
            accuracy: 0.0,
        };
        let (mut loss_sum, mut right) = (0.0, 0);
        for (within, indices) in order.chunks(hyperparameters.batch_size).enumerate() {
            let step = epoch * per_epoch + within;
            let rows = indices.iter().flat_map(|&index| scaling.apply(row(&draws[index])));
            let input = TensorData::new(rows.collect::<Vec<f32>>(), [indices.len(), width]);
            let logits = head.forward(Tensor::<Learning, 2>::from_data(input, &device));
            let labels: Vec<usize> =
                indices.iter().map(|&index| training[draws[index].0].label).collect();
            right += count_right(logits.clone().inner(), &labels);
            let loss = loss(logits, &labels, hyperparameters.label_smoothing, &device);
            let value = f64::from(scalar(loss.clone().inner()));
            if !value.is_finite() {
                return Err(TrainError::Diverged { step });
            }
            let gradients = GradientsParams::from_grads(loss.backward(), &head);
            head = optimiser.step(hyperparameters.rate(step, steps), head, gradients);
            loss_sum += value * indices.len() as f64;
            running.seen += indices.len();
            running.loss = loss_sum / running.seen as f64;
            running.accuracy = right as f64 / running.seen as f64;
            report.step(running);
            if report.stop() {
                return Ok(None);
            }
        }
        let unscaled = scaling.undo(head.valid());
        let (validation_loss, validation_accuracy) = validate(run, &unscaled, width).unzip();
        report.epoch(Finished { running, validation_loss, validation_accuracy });
    }

    let dense = vocabulary.is_some().then(|| old.clone());
    Ok(Some(Trained {
        network: backbone.with_vocabulary(dense).with_head(scaling.undo(head.valid())),
        normalisation: start.header.preprocessing.normalisation,
        commit: commit(),
        seconds: clock.elapsed().as_secs_f64(),
        vocabulary,
        left_out: Vec::new(),
        notice: start.header.provenance.notice.clone(),
    }))
}

/// The mean features of the photos, as they are seen first; of all pictures where all are small.
fn centre(samples: &[Sample<'_>], width: usize) -> Option<Tensor<Flex, 1>> {
    let photo = |sample: &&Sample<'_>| sample.example.image.len() > 2 * width;
    let photos: Vec<&Sample<'_>> = samples.iter().filter(photo).collect();
    let chosen = if photos.is_empty() { samples.iter().collect() } else { photos };
    let mut sums = vec![0.0f64; width];
    for sample in &chosen {
        let features = view(&sample.example.image, 0, width);
        sums.iter_mut().zip(features).for_each(|(sum, value)| *sum += f64::from(value));
    }
    let mean: Vec<f32> = sums.iter().map(|sum| (sum / chosen.len() as f64) as f32).collect();
    (!chosen.is_empty())
        .then(|| Tensor::from_data(TensorData::new(mean, [width]), &Default::default()))
}

/// The old names as a second answer: the start's second answer where it has one, or else its classes; and of which new
/// class each is a kind, where they count as evidence.
fn vocabulary(start: &Start, classes: &[String]) -> (Vocabulary, Option<Vec<Option<usize>>>) {
    let (old, temperature) = match &start.header.vocabulary {
        Some(vocabulary) => (&vocabulary.classes, &vocabulary.temperature),
        None => (&start.header.classes, &start.header.temperature),
    };
    let known = if *old == names::imagenet() {
        names::kinds(classes)
    } else {
        old.iter().map(|name| classes.iter().position(|class| class == name)).collect()
    };
    let none = classes.iter().position(|class| class == NONE);
    // With two classes there is a single logit, to which nothing can be added.
    let counts = classes.len() > 2 && known.iter().any(Option::is_some);
    let class_of = counts.then(|| known.into_iter().map(|class| class.or(none)).collect());
    let vocabulary = Vocabulary {
        classes: old.clone(),
        temperature: *temperature,
        not_sure_below: NAME_NOT_SURE_BELOW,
        evidence: None,
    };
    (vocabulary, class_of)
}

/// What was learnt with the old names as evidence.
struct Learnt {
    head: Head,
    left_out: Vec<LeftOut>,
}

/// Trains a head beside the old names, before that one for each source without it, if asked for.
fn with_names(
    run: &HeadRun<'_>,
    old: &Linear<Flex>,
    class_of: &[Option<usize>],
    report: &mut dyn Report,
) -> Result<Option<Learnt>, TrainError> {
    let none = run.classes.iter().position(|class| class == NONE);
    let task = Task { names: old, class_of, classes: run.classes.len(), none };
    // How small pictures are called says nothing about photos: what consists of them isn't left out.
    let [width, _] = old.weight.dims();
    let large = |sample: &Sample<'_>| sample.example.image.len() > 2 * width;
    let any_large = run.samples.iter().any(large);
    let photos = |source: usize| {
        let mut samples = run.samples.iter().filter(|sample| sample.source == source);
        samples.any(|sample| large(sample) || !any_large)
    };
    let places: Vec<usize> =
        (0..run.sources.len()).filter(|&source| run.leave_one_out && photos(source)).collect();
    if run.leave_one_out && run.sources.len() < 2 {
        return Err(TrainError::NothingToLeaveOut);
    }
    let epochs = places.len() + 1;
    let mut report_head = |epoch, training: &[Sample<'_>], head: &Head, held_out: &[&Example]| {
        let (loss, accuracy) = score(&head.logits(&task, &of(training)), &of(training));
        let images = training.len();
        let running = Running { epoch, epochs, seen: images, images, loss, accuracy };
        report.step(running);
        let logits = head.logits(&task, held_out);
        let held = (!held_out.is_empty()).then(|| score(&logits, held_out));
        let (validation_loss, validation_accuracy) = held.unzip();
        report.epoch(Finished { running, validation_loss, validation_accuracy });
        (logits, report.stop())
    };
    let mut left_out = Vec::new();
    for (epoch, &place) in places.iter().enumerate() {
        let (held, rest): (Vec<_>, Vec<_>) =
            run.samples.iter().copied().partition(|sample| sample.source == place);
        let held = of(&held);
        let head = head::train(&task, &rest)?;
        let (logits, stop) = report_head(epoch, &rest, &head, &held);
        if stop {
            return Ok(None);
        }
        let labels = held.iter().map(|example| example.label).collect();
        left_out.push(LeftOut { source: run.sources[place].clone(), logits, labels });
    }
    let head = head::train(&task, run.samples)?;
    report_head(places.len(), run.samples, &head, run.validation);
    Ok(Some(Learnt { head, left_out }))
}

fn of<'a>(samples: &[Sample<'a>]) -> Vec<&'a Example> {
    samples.iter().map(|sample| sample.example).collect()
}

/// Mean loss, in nats, and share of right answers.
fn score(logits: &[Vec<f32>], examples: &[&Example]) -> (f64, f64) {
    let labels: Vec<usize> = examples.iter().map(|example| example.label).collect();
    let right = logits.iter().zip(&labels).filter(|(row, label)| argmax(row) == **label).count();
    let loss = negative_log_likelihood(logits, &labels, &vec![1.0; labels.len()], 1.0);
    (loss, right as f64 / labels.len().max(1) as f64)
}

/// The vocabulary with the temperature that makes the class of each picture, all its names together, most likely. No
/// label tells the name itself.
fn names_calibrated(run: &HeadRun<'_>, vocabulary: Vocabulary, old: &Linear<Flex>) -> Vocabulary {
    let Some(evidence) = &vocabulary.evidence else { return vocabulary };
    let [width, _] = old.weight.dims();
    let samples = run.samples.iter().filter(|sample| {
        let label = sample.example.label;
        run.classes[label] != NONE && evidence.covers(label)
    });
    let samples: Vec<&Example> = samples.map(|sample| sample.example).collect();
    let rows: Vec<Vec<f32>> = samples.iter().map(|e| view(&e.image, 0, width)).collect();
    let logits = dense(old, &rows);
    let pictures: Vec<(&[f32], usize)> =
        logits.iter().map(Vec::as_slice).zip(samples.iter().map(|e| e.label)).collect();
    let temperature = temperature_of_sets(&pictures, &evidence.class_of);
    Vocabulary { temperature, ..vocabulary }
}

/// Mean loss and share of right answers of the pictures as they are.
fn validate(run: &HeadRun<'_>, head: &Linear<Flex>, width: usize) -> Option<(f64, f64)> {
    if run.validation.is_empty() {
        return None;
    }
    let rows: Vec<Vec<f32>> = run.validation.iter().map(|e| view(&e.image, 0, width)).collect();
    Some(score(&dense(head, &rows), run.validation))
}
