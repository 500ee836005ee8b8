//! Transfer learning: a new head on the backbone of a network that was trained before.
//!
//! The backbone is frozen: [`features`](super::features) says what it makes of pictures. [`train_head`] learns from
//! those features alone, in seconds. [`pretrained`](super::pretrained) is the start for training all layers instead.
//!
//! Where the old classes stay as a second answer and some of them are kinds of the new ones, they count as evidence
//! for these: `beside_names` then trains what [`crate::evidence`] describes, and `leave_out` measures it on sources
//! that it has not seen. Otherwise `adam` trains a head by itself.

mod adam;
mod beside_names;
mod dense;
mod leave_out;
mod run;

use std::time::Instant;

use burn::backend::Flex;
use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData};

use super::TrainError;
use super::calibrate::temperature_of_sets;
use super::dataset::Example;
use super::features::features_of_view;
use super::names;
use super::pretrained::Start;
use super::report::Report;
use super::splits::Sample;
use super::trained::{Trained, commit};
use crate::model::network_file;
use crate::model::weights::{NONE, Vocabulary};
pub(super) use dense::dense;
use leave_out::Learnt;

pub use run::HeadRun;

/// From this probability on a name may stand for its class. So high, because the world is full of things that have no
/// name among the thousand: a kingfisher is no jacamar, which seven tenths would make it.
const NAME_NOT_SURE_BELOW: f32 = 0.9;

/// Trains a new head on features and puts it on the backbone that made them. `None` if the person at the terminal
/// stopped it.
///
/// # Errors
///
/// If the weights can't be read, or the loss is no longer a number; if sources are to be left out where there is only
/// one, or where the old names don't count.
pub fn train_head(
    run: &HeadRun<'_>,
    report: &mut dyn Report,
) -> Result<Option<Trained<Flex>>, TrainError> {
    let start = run.start;
    let clock = Instant::now();
    let (backbone, _) = network_file::read::<Flex>(&start.bytes, &Default::default())?;
    let [width, _] = backbone.head().weight.dims();
    let backbone = backbone.with_centre(centre(run.samples, width));
    let old = backbone.vocabulary().unwrap_or(backbone.head()).clone();
    let (mut vocabulary, class_of) =
        run.keep_classes.then(|| vocabulary(start, run.classes)).unzip();
    let (head, left_out) = match (&mut vocabulary, class_of.flatten()) {
        (Some(vocabulary), Some(class_of)) => {
            let learnt = leave_out::train(run, &old, &class_of, report)?;
            let Some(Learnt { head, left_out }) = learnt else { return Ok(None) };
            vocabulary.evidence = Some(head.evidence);
            calibrate_names(run, vocabulary, &old);
            (head.dense, left_out)
        }
        _ if run.leave_one_out => return Err(TrainError::LeavingOutNeedsNames),
        _ => {
            let bias = backbone.head().bias.is_some();
            let Some(head) = adam::train(run, width, bias, report)? else { return Ok(None) };
            (head, Vec::new())
        }
    };
    let names = vocabulary.is_some().then_some(old);
    Ok(Some(Trained {
        network: backbone.with_vocabulary(names).with_head(head),
        normalisation: start.header.preprocessing.normalisation,
        commit: commit(),
        seconds: clock.elapsed().as_secs_f64(),
        history: Vec::new(),
        best_epoch: None,
        vocabulary,
        left_out,
        notice: start.header.provenance.notice.clone(),
    }))
}

/// The mean features of the photos, as they are seen first; of all pictures where all are small.
fn centre(samples: &[Sample<'_>], width: usize) -> Option<Tensor<Flex, 1>> {
    let photo = |sample: &&Sample<'_>| sample.example.image.held().len() > 2 * width;
    let photos: Vec<&Sample<'_>> = samples.iter().filter(photo).collect();
    let chosen = if photos.is_empty() { samples.iter().collect() } else { photos };
    let mut sums = vec![0.0f64; width];
    for sample in &chosen {
        let features = features_of_view(sample.example.image.held(), 0, width);
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

/// Gives the vocabulary the temperature that makes the class of each picture, all its names together, most likely. No
/// label tells the name itself.
fn calibrate_names(run: &HeadRun<'_>, vocabulary: &mut Vocabulary, old: &Linear<Flex>) {
    let Some(evidence) = &vocabulary.evidence else { return };
    let [width, _] = old.weight.dims();
    let samples = run.samples.iter().filter(|sample| {
        let label = sample.example.label;
        run.classes[label] != NONE && evidence.covers(label)
    });
    let samples: Vec<&Example> = samples.map(|sample| sample.example).collect();
    let rows: Vec<Vec<f32>> =
        samples.iter().map(|e| features_of_view(e.image.held(), 0, width)).collect();
    let logits = dense(old, &rows);
    let pictures: Vec<(&[f32], usize)> =
        logits.iter().map(Vec::as_slice).zip(samples.iter().map(|e| e.label)).collect();
    vocabulary.temperature = temperature_of_sets(&pictures, &evidence.class_of);
}
