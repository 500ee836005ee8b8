//! The splits of all data sets together: what is learnt from, what is held out, and what is measured once.

use super::dataset::{Dataset, DatasetError, Example, split};

/// No example comes more often than this in an epoch: a handful of pictures would be learnt by heart.
const MOST_REPEATS: usize = 20;

/// A picture to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// The picture, or the features of its views, and its class.
    pub example: &'a Example,
    /// The number of its collection.
    pub source: usize,
}

/// See the [module](self).
pub struct Splits<'a> {
    /// The examples of an epoch. Those of a small source come several times, so that it counts as much as a large one.
    pub training: Vec<&'a Example>,
    /// Each of them once.
    pub samples: Vec<Sample<'a>>,
    /// The examples held out, each once.
    pub validation: Vec<Sample<'a>>,
    /// The names of the sources.
    pub sources: Vec<String>,
    /// The test examples of each source, with its name.
    pub tests: Vec<(String, Vec<&'a Example>)>,
}

impl<'a> Splits<'a> {
    /// Divides data sets that were [united](super::dataset::unite): of each, its own examples for
    /// validation are held out, or, where it has none, the given share of its training examples.
    ///
    /// # Errors
    ///
    /// As [`split`].
    pub fn new(datasets: &'a [Dataset], validation: f64, seed: u64) -> Result<Self, DatasetError> {
        let mut splits = Self {
            training: Vec::new(),
            samples: Vec::new(),
            validation: Vec::new(),
            sources: Vec::new(),
            tests: Vec::new(),
        };
        let largest = datasets.iter().map(|dataset| dataset.train.len()).max().unwrap_or(0);
        for (source, dataset) in datasets.iter().enumerate() {
            let (training, held_out) = if dataset.validation.is_empty() {
                split(&dataset.train, validation, seed)?
            } else {
                ((0..dataset.train.len()).collect(), Vec::new())
            };
            let times = (largest as f64 / dataset.train.len().max(1) as f64).round() as usize;
            for _ in 0..times.clamp(1, MOST_REPEATS) {
                splits.training.extend(training.iter().map(|&index| &dataset.train[index]));
            }
            let sample = |index: &usize| Sample { example: &dataset.train[*index], source };
            splits.samples.extend(training.iter().map(sample));
            splits.validation.extend(held_out.iter().map(sample));
            let apart = dataset.validation.iter().map(|example| Sample { example, source });
            splits.validation.extend(apart);
            splits.sources.push(dataset.source.clone());
            splits.tests.push((dataset.source.clone(), dataset.test.iter().collect()));
        }
        Ok(splits)
    }
}
