//! Networks that are trained from nothing, by the trainer, and measured as the files that ship.

use std::path::{Path, PathBuf};

use burn::backend::{Autodiff, Flex};
use burn::tensor::backend::Backend;

use super::measured::{Measured, milliseconds, on_one_thread};
use super::subject::{SIDE, Subject, VALIDATION};
use crate::Classifier;
use crate::model::Architecture;
use crate::model::network_file;
use crate::model::weights::Precision;
use crate::train::dataset::Example;
use crate::train::evaluate::Contents;
use crate::train::hyperparameters::{Choices, Hyperparameters};
use crate::train::publish::{Publication, Published, publish};
use crate::train::report::Report;
use crate::train::trainer::{self, Run};
use crate::train::{TrainError, Trained, input};

/// With what networks are trained.
pub struct Means<'a, B: Backend> {
    /// Where.
    pub device: &'a B::Device,
    /// What the backend is called.
    pub backend: &'a str,
    /// See [`Run::half`].
    pub half: bool,
}

/// How a network is trained: as is usual for it, but for the epochs where somebody asks for others.
///
/// # Errors
///
/// If the seed or the epochs are out of their range.
pub fn hyperparameters(
    architecture: Architecture,
    subject: &Subject<'_>,
    epochs: Option<usize>,
) -> Result<Hyperparameters, TrainError> {
    let choices = Choices {
        architecture: Some(architecture),
        input_size: Some(SIDE),
        epochs,
        validation: Some(VALIDATION),
        seed: Some(subject.seed),
        ..Choices::default()
    };
    let chosen = Hyperparameters::chosen(&choices, None, subject.learnt().len());
    chosen.validate()?;
    Ok(chosen)
}

/// Trains a network and measures it. Its weights file, model card and checkpoint lie beside the record; an interrupted
/// training goes on. `None` if the person at the terminal stopped it.
///
/// # Errors
///
/// As [`trainer::train`] and [`publish`].
pub fn measure<B: Backend>(
    hyperparameters: &Hyperparameters,
    subject: &Subject<'_>,
    means: &Means<'_, B>,
    record: &Path,
    report: &mut dyn Report,
) -> Result<Option<Measured>, TrainError> {
    let name = hyperparameters.architecture.name();
    // Another run, of other settings, is not what this one goes on with.
    let run =
        format!("{name}.{}-{}-{}", subject.learnt().len(), hyperparameters.epochs, subject.seed);
    let checkpoint = beside(record, &run, "checkpoint");
    let held_out = subject.held_out();
    let run = Run {
        hyperparameters,
        classes: subject.classes,
        data: &subject.splits.sources.join("; "),
        training: subject.learnt(),
        validation: &held_out,
        backend: means.backend,
        half: means.half,
        checkpoint: &checkpoint,
        checkpoint_seconds: 60.0,
        resume: checkpoint.exists(),
        history: None,
        start: None,
        teachers: &[],
    };
    let trained = trainer::train::<Autodiff<B>>(&run, means.device, report)?;
    let Some(trained) = trained else { return Ok(None) };
    let seconds = trained.seconds;
    let tests = [(run.data.to_owned(), subject.test.to_vec())];
    let publication = Publication {
        hyperparameters,
        classes: subject.classes,
        data: run.data,
        backend: means.backend,
        training_images: subject.learnt().len(),
        validation: &subject.splits.validation,
        sources: &subject.splits.sources,
        tests: &tests,
        contents: Contents::Pixels,
        precision: Precision::Int8,
        output: &beside(record, name, "safetensors"),
    };
    let measured = measure_file(&publication, trained, seconds, subject, |classifier, example| {
        // On this thread: whole test sets are prepared on others.
        let tensor = input::planes(example, &classifier.header().preprocessing)?;
        pollster::block_on(classifier.logits(&[&tensor]))?;
        Ok(())
    })?;
    if checkpoint.exists() {
        std::fs::remove_file(&checkpoint)
            .map_err(|why| TrainError::File { path: checkpoint, why })?;
    }
    Ok(Some(measured))
}

/// Publishes a network, and measures the file: its test pictures, and by `classify` what one of those of the comparison
/// takes.
///
/// # Errors
///
/// As [`publish`], and the first error of `classify`.
pub fn measure_file<B: Backend>(
    publication: &Publication<'_>,
    trained: Trained<B>,
    seconds: f64,
    subject: &Subject<'_>,
    classify: impl Fn(&Classifier, &Example) -> Result<(), TrainError> + Send + Sync,
) -> Result<Measured, TrainError> {
    let path = publication.output;
    let Published { tests, bytes, .. } = publish(publication, trained)?;
    let content =
        std::fs::read(path).map_err(|why| TrainError::File { path: path.to_owned(), why })?;
    let (network, header) = network_file::read::<Flex>(&content, &Default::default())?;
    let views = header.preprocessing.views().count() as u64;
    let (parameters, milliseconds) = on_one_thread(|| -> Result<_, TrainError> {
        let classifier = Classifier::load(&content)?;
        let time = milliseconds(subject.test, |example| classify(&classifier, example))?;
        Ok((classifier.parameters(), time))
    })?;
    let epochs = publication.hyperparameters.epochs;
    Ok(Measured {
        confusion: tests
            .into_iter()
            .next()
            .map(|(_, metrics)| metrics.confusion)
            .unwrap_or_default(),
        chosen: format!("{epochs} epochs"),
        parameters,
        multiply_adds: views * network.multiply_adds(header.preprocessing.input_size),
        bytes,
        milliseconds,
        seconds,
    })
}

/// A file of a method beside the record: `compare.plain.safetensors` beside `compare.json`.
pub fn beside(record: &Path, method: &str, ending: &str) -> PathBuf {
    record.with_extension(format!("{method}.{ending}"))
}
