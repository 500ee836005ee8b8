//! A new head on the frozen backbone of a network, which has learnt from other pictures.

use std::path::Path;
use std::time::Instant;

use super::measured::Measured;
use super::networks::{beside, measure_file};
use super::subject::{SIDE, Subject, VALIDATION};
use crate::classifier::Options;
use crate::model::weights::Precision;
use crate::pixels::Pixels;
use crate::preprocess::{Framing, Image};
use crate::train::TrainError;
use crate::train::dataset::Example;
use crate::train::evaluate::Contents;
use crate::train::features::{Backbone, Cache};
use crate::train::head::{HeadRun, train_head};
use crate::train::hyperparameters::{Choices, Hyperparameters};
use crate::train::pretrained::Start;
use crate::train::publish::Publication;
use crate::train::report::Report;
use crate::train::splits::Sample;
use crate::train::workers;

const NAME: &str = "photo";

/// Reads the weights whose backbone is used.
///
/// # Errors
///
/// If the file can't be read, or is no weights file.
pub fn start(path: &Path) -> Result<Start, TrainError> {
    let bytes =
        std::fs::read(path).map_err(|why| TrainError::File { path: path.to_owned(), why })?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Start::new(file, bytes, Some(Precision::Int8))?)
}

/// How the head is trained: as is usual, on one view of each picture, the whole of it.
pub fn hyperparameters(start: &Start, subject: &Subject<'_>) -> Hyperparameters {
    let choices = Choices {
        views: Some(1),
        validation: Some(VALIDATION),
        seed: Some(subject.seed),
        ..Choices::default()
    };
    let usual = Hyperparameters::chosen(&choices, Some(start), subject.learnt().len());
    Hyperparameters { framing: Framing::Stretch, second_framing: None, ..usual }
}

/// Trains a head and measures the network. Its weights file and model card lie beside the record. `None` if the person at
/// the terminal stopped it.
///
/// # Errors
///
/// If a file can't be read or written, or the device fails.
pub fn measure(
    start: &Start,
    hyperparameters: &Hyperparameters,
    subject: &Subject<'_>,
    record: &Path,
    report: &mut dyn Report,
) -> Result<Option<Measured>, TrainError> {
    let clock = Instant::now();
    let path = beside(record, NAME, "features");
    // Of an earlier run that was interrupted: the time of training would not hold what it took.
    remove(&path)?;
    let cache = Cache::open(&path)?;
    let backbone = Backbone::new(start, hyperparameters, &cache);
    let learnt = features(&backbone, subject.learnt())?;
    let held_out = features(&backbone, &subject.held_out())?;
    let sample = |example| Sample { example, source: 0 };
    let samples: Vec<Sample<'_>> = learnt.iter().map(sample).collect();
    let validation: Vec<Sample<'_>> = held_out.iter().map(sample).collect();
    let sources = &subject.splits.sources;
    let run = HeadRun {
        start,
        hyperparameters,
        classes: subject.classes,
        training: &learnt.iter().collect::<Vec<_>>(),
        validation: &held_out.iter().collect::<Vec<_>>(),
        keep_classes: false,
        samples: &samples,
        sources,
        leave_one_out: false,
    };
    let trained = train_head(&run, report)?;
    let seconds = clock.elapsed().as_secs_f64();
    let Some(trained) = trained else { return Ok(None) };
    let test = features(&backbone, subject.test)?;
    let data = sources.join("; ");
    let tests = [(data.clone(), test.iter().collect())];
    let publication = Publication {
        hyperparameters,
        classes: subject.classes,
        data: &data,
        backend: "flex",
        training_images: learnt.len(),
        validation: &validation,
        sources,
        tests: &tests,
        contents: Contents::Features { width: start.width },
        precision: Precision::Int8,
        output: &beside(record, NAME, "safetensors"),
    };
    let measured = measure_file(&publication, trained, seconds, subject, |classifier, example| {
        let views = classifier.views(&pixels(example)?, &Options::default());
        pollster::block_on(classifier.logits_of_views(&views))?;
        Ok(())
    })?;
    drop(backbone);
    drop(cache);
    remove(&path)?;
    Ok(Some(measured))
}

/// The features of pictures, instead of their pixels.
fn features(backbone: &Backbone<'_>, examples: &[&Example]) -> Result<Vec<Example>, TrainError> {
    let mut found = Vec::with_capacity(examples.len());
    workers::in_order(
        examples.iter(),
        |example| {
            let image = backbone.extract_features(&pixels(example)?)?;
            Ok::<_, TrainError>(Example { image: image.into(), label: example.label })
        },
        |example| {
            found.push(example);
            Ok(())
        },
    )?;
    Ok(found)
}

/// A picture of the comparison as the photo network takes it.
fn pixels(example: &Example) -> Result<Pixels, TrainError> {
    let rgba = Image::from_rgb8_planar(SIDE, example.image.held()).to_rgba8();
    Ok(Pixels::new(SIDE as u32, SIDE as u32, rgba)?)
}

fn remove(path: &Path) -> Result<(), TrainError> {
    match std::fs::remove_file(path) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
            Err(TrainError::File { path: path.to_owned(), why })
        }
        _ => Ok(()),
    }
}
