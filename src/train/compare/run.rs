//! One method after the other.

use std::path::Path;

use burn::tensor::backend::Backend;

use super::error::CompareError;
use super::frozen;
use super::handmade::Handmade;
use super::method::Method;
use super::networks::{self, Means};
use super::record::{Record, Row, Settings};
use super::subject::{Subject, VALIDATION, keep};
use crate::train::dataset::{Dataset, Example, unite};
use crate::train::report::Report;
use crate::train::splits::Splits;

/// What is compared, and with what.
pub struct Comparison<'a> {
    /// In the order of the table.
    pub methods: &'a [Method],
    /// How many pictures there are to learn from and to choose by; all where it is nothing.
    pub pictures: Option<usize>,
    /// Epochs of networks that are trained; for each as many as are usual where it is nothing.
    pub epochs: Option<usize>,
    /// Decides all that is drawn.
    pub seed: u64,
    /// What the backend is called.
    pub backend: &'a str,
    /// Whether images pass through networks in half precision while these are trained.
    pub half: bool,
    /// The weights whose backbone makes the features of [`Method::Photo`].
    pub photo: &'a Path,
    /// Where the rows are kept. Networks lie beside it.
    pub record: &'a Path,
}

/// Computes the rows that are not in the record yet, and writes each as soon as it is done. `told` gets every row, old and
/// new. `None` if the person at the terminal stopped it; what is done by then is in the record.
///
/// `dataset` holds pictures of [`SIDE`](super::SIDE) × [`SIDE`](super::SIDE) pixels, planar RGB in bytes.
///
/// # Errors
///
/// A [`CompareError`].
pub fn compare<B: Backend>(
    comparison: &Comparison<'_>,
    dataset: Dataset,
    device: &B::Device,
    report: &mut dyn Report,
    mut told: impl FnMut(&Row),
) -> Result<Option<Vec<Row>>, CompareError> {
    let Comparison { methods, pictures, epochs, seed, backend, half, photo, record: path } =
        *comparison;
    let mut record = Record::read(path)?;
    let mut datasets = [keep(dataset, pictures, seed)?];
    let classes = unite(&mut datasets)?;
    let splits = Splits::new(&datasets, VALIDATION, seed)?;
    let test: &[&Example] =
        splits.tests.first().map_or(&[][..], |(_, examples)| examples.as_slice());
    if test.is_empty() {
        return Err(CompareError::NoTest { source_name: splits.sources.join("; ") });
    }
    let subject = Subject { classes: &classes, splits: &splits, test, seed };
    let handmade = Handmade::new(&subject);
    let means = Means::<B> { device, backend, half };
    let mut rows = Vec::new();
    for &method in methods {
        let mut settings = Settings {
            data: splits.sources.join("; "),
            learnt: subject.learnt().len(),
            held_out: splits.validation.len(),
            seed,
            epochs: None,
            backend: None,
            weights: None,
        };
        let start = match method {
            Method::Photo => Some(frozen::start(photo)?),
            _ => None,
        };
        let hyperparameters = match (method.architecture(), &start) {
            (Some(architecture), _) => {
                settings.backend = Some(backend.to_owned());
                Some(networks::hyperparameters(architecture, &subject, epochs)?)
            }
            (None, Some(start)) => {
                settings.weights = Some(start.checksum);
                Some(frozen::hyperparameters(start, &subject))
            }
            (None, None) => None,
        };
        settings.epochs = hyperparameters.as_ref().map(|chosen| chosen.epochs);
        let row = match record.find(method, &settings) {
            Some(row) => row.clone(),
            None => {
                let measured = match (&hyperparameters, &start) {
                    (Some(chosen), Some(start)) => {
                        frozen::measure(start, chosen, &subject, path, report)?
                    }
                    (Some(chosen), None) => {
                        networks::measure(chosen, &subject, &means, path, report)?
                    }
                    (None, _) => handmade.measure(method),
                };
                let Some(measured) = measured else { return Ok(None) };
                let row = Row::new(method, settings, &classes, measured);
                record.add(path, row.clone())?;
                row
            }
        };
        told(&row);
        rows.push(row);
    }
    Ok(Some(rows))
}
