//! From a trained network to the file that ships: fold, shorten, calibrate, measure, write.

use std::collections::BTreeMap;
use std::path::Path;

use burn::tensor::backend::Backend;

use super::calibrate;
use super::card::{self, Card, RunSummary};
use super::card_file::{CardFile, On};
use super::dataset::Example;
use super::evaluate::Contents;
use super::hyperparameters::Hyperparameters;
use super::metrics::{Answered, Metrics};
use super::splits::Sample;
use super::trained::{LeftOut, Trained};
use super::{TrainError, files};
use crate::Classifier;
use crate::held_out::{HeldOut, Picture};
use crate::model::Embedding;
use crate::model::network_file;
use crate::model::weights::{self, Header, NONE, Precision, Provenance, WeightsError};
use crate::prediction::{Prediction, probabilities};

/// What is published beside the network itself.
pub struct Publication<'a> {
    /// How it was trained.
    pub hyperparameters: &'a Hyperparameters,
    /// Names of the classes.
    pub classes: &'a [String],
    /// What the images are, in words.
    pub data: &'a str,
    /// Which backend trained it.
    pub backend: &'a str,
    /// How many images it was trained on.
    pub training_images: usize,
    /// The images held out, for temperature and threshold.
    pub validation: &'a [Sample<'a>],
    /// The names of the sources that they come from.
    pub sources: &'a [String],
    /// The test images, measured once: what they are, and they.
    pub tests: &'a [(String, Vec<&'a Example>)],
    /// What the examples hold, and so how their logits are found.
    pub contents: Contents,
    /// How weights are stored.
    pub precision: Precision,
    /// Where the weights file goes; the model card goes beside it, with the ending `md`, and as JSON with
    /// the ending `json`.
    pub output: &'a Path,
}

/// How the published file does.
pub struct Published {
    /// Of the validation images, if there are any.
    pub validation: Option<Metrics>,
    /// Of each source by a head that had not seen it, where that was asked for.
    pub left_out: Vec<(String, Metrics)>,
    /// Of the test images of each source that has any.
    pub tests: Vec<(String, Metrics)>,
    /// Bytes of the weights file.
    pub bytes: usize,
}

/// The images that temperature and threshold are fitted on.
struct Measured {
    logits: Vec<Vec<f32>>,
    labels: Vec<usize>,
    sources: Vec<usize>,
}

impl Measured {
    fn of(left_out: &[LeftOut]) -> Self {
        let sources = left_out.iter().enumerate();
        Self {
            logits: left_out.iter().flat_map(|left| left.logits.clone()).collect(),
            labels: left_out.iter().flat_map(|left| left.labels.clone()).collect(),
            sources: sources.flat_map(|(index, left)| vec![index; left.labels.len()]).collect(),
        }
    }

    /// What the file is to know of them; nothing where there are none.
    fn held_out(
        &self,
        sources: Vec<String>,
        header: &Header,
    ) -> Option<Result<HeldOut, WeightsError>> {
        // A curve of so many is as smooth as anybody needs; a file would become large with more.
        const MOST: usize = 10_000;
        let every = self.labels.len().div_ceil(MOST).max(1);
        let pictures: Vec<Picture> = (0..self.labels.len())
            .step_by(every)
            .map(|index| Picture {
                source: self.sources[index],
                label: self.labels[index],
                probabilities: probabilities(&self.logits[index], header.temperature),
            })
            .collect();
        let classes = header.classes.len();
        let some = !pictures.is_empty();
        some.then(|| HeldOut::new(sources, classes, &pictures).map_err(WeightsError::from))
    }

    /// A source counts as the square root of its images: a large one shall not drown a small one.
    fn weights(&self) -> Vec<f64> {
        let mut images = BTreeMap::<usize, f64>::new();
        for source in &self.sources {
            *images.entry(*source).or_default() += 1.0;
        }
        self.sources.iter().map(|source| 1.0 / images[source].sqrt()).collect()
    }
}

/// Writes the weights file and its model card, in Markdown and as JSON.
///
/// # Errors
///
/// If a file can't be written.
pub fn publish<B: Backend>(
    publication: &Publication<'_>,
    trained: Trained<B>,
) -> Result<Published, TrainError> {
    let Publication { hyperparameters, classes, validation, contents, .. } = *publication;
    let (network, normalisation) = trained.network.fold(&trained.normalisation);
    let mut header = Header {
        architecture: hyperparameters.architecture,
        classes: classes.to_vec(),
        none: classes.iter().find(|class| *class == NONE).cloned(),
        vocabulary: trained.vocabulary,
        embedding: if network.centre().is_some() { Embedding::Known } else { Embedding::None },
        backbone: None,
        held_out: Vec::new(),
        preprocessing: hyperparameters.preprocessing(normalisation),
        temperature: 1.0,
        not_sure_below: 0.0,
        provenance: Provenance {
            data: publication.data.to_owned(),
            epochs: hyperparameters.epochs,
            seed: hyperparameters.seed,
            commit: trained.commit,
            trained: jiff::Zoned::now().date().to_string(),
            validation_accuracy: None,
            test_accuracy: None,
            notice: trained.notice,
        },
    };

    // From here on everything is measured on the CPU backend, from the bytes that ship.
    let bytes = network_file::write(&network, &header, publication.precision)?;
    let classifier = Classifier::load(&bytes)?;
    let labels = |examples: &[&Example]| examples.iter().map(|e| e.label).collect::<Vec<_>>();
    let held_out: Vec<&Example> = validation.iter().map(|sample| sample.example).collect();
    let validation_labels = labels(&held_out);
    let validation_logits = contents.logits(&classifier, &held_out)?;
    // Sources that a head has not seen tell more than images like those that it has.
    let measured = if trained.left_out.is_empty() {
        Measured {
            logits: validation_logits.clone(),
            labels: validation_labels.clone(),
            sources: validation.iter().map(|sample| sample.source).collect(),
        }
    } else {
        Measured::of(&trained.left_out)
    };
    let weights = measured.weights();
    header.temperature = calibrate::temperature(&measured.logits, &measured.labels, &weights);
    let answers: Vec<Answered> = (0..measured.labels.len())
        .map(|index| {
            let prediction =
                Prediction::new(&measured.logits[index], classes, header.temperature, 0.0);
            let best = prediction.best();
            let right = best.index == measured.labels[index];
            Answered { probability: best.probability, right, source: measured.sources[index] }
        })
        .collect();
    header.not_sure_below = calibrate::not_sure_below(&answers);

    let measure = |logits: &[Vec<f32>], labels: &[usize]| Metrics::new(&header, logits, labels);
    let validation_metrics =
        (!validation.is_empty()).then(|| measure(&validation_logits, &validation_labels));
    let left_out: Vec<(String, Metrics)> = trained
        .left_out
        .iter()
        .map(|left| (left.source.clone(), measure(&left.logits, &left.labels)))
        .collect();
    let all_left_out = (!left_out.is_empty()).then(|| measure(&measured.logits, &measured.labels));
    let mut tests = Vec::new();
    for (source, examples) in publication.tests {
        if !examples.is_empty() {
            let logits = contents.logits(&classifier, examples)?;
            tests.push((source.clone(), measure(&logits, &labels(examples))));
        }
    }
    header.provenance.validation_accuracy =
        validation_metrics.as_ref().map(|metrics| metrics.accuracy as f32);
    header.provenance.test_accuracy = tests.first().map(|(_, metrics)| metrics.accuracy as f32);

    let bytes = network_file::write(&network, &header, publication.precision)?;
    let sources = match &trained.left_out[..] {
        [] => publication.sources.to_vec(),
        left_out => left_out.iter().map(|left| left.source.clone()).collect(),
    };
    let bytes = match measured.held_out(sources, &header) {
        Some(held_out) => weights::with_held_out(&bytes, &held_out?)?,
        None => bytes,
    };
    write(publication.output, &bytes)?;
    let card = Card {
        run: RunSummary {
            hyperparameters,
            backend: publication.backend,
            training_images: publication.training_images,
            precision: publication.precision,
            output: publication.output,
        },
        header: &header,
        parameters: classifier.parameters(),
        multiply_adds: network.multiply_adds(hyperparameters.input_size),
        bytes: bytes.len(),
        seconds: trained.seconds,
        epochs: trained.history.len(),
        best_epoch: trained.best_epoch,
        validation: validation_metrics.as_ref(),
        calibrated_on: measured.labels.len(),
        left_out: &left_out,
        all_left_out: all_left_out.as_ref(),
        tests: &tests,
    };
    write(&publication.output.with_extension("md"), card::markdown(&card).as_bytes())?;
    let mut card = CardFile::new(publication.output, &bytes, &header, classifier.parameters());
    card.epochs = trained.history;
    card.best_epoch = trained.best_epoch;
    for (source, metrics) in &tests {
        card.add(On::Test, Some(source), metrics.clone());
    }
    if let Some(metrics) = &validation_metrics {
        card.add(On::Validation, None, metrics.clone());
    }
    if let Some(metrics) = all_left_out {
        card.add(On::LeftOut, None, metrics);
    }
    for (source, metrics) in &left_out {
        card.add(On::LeftOut, Some(source), metrics.clone());
    }
    write(&publication.output.with_extension("json"), card.json(None).to_string().as_bytes())?;
    Ok(Published { validation: validation_metrics, left_out, tests, bytes: bytes.len() })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    files::write(path, &[bytes]).map_err(|why| TrainError::File { path: path.to_owned(), why })
}
