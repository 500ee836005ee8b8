//! The pictures that all methods get, in their three parts.

use super::error::CompareError;
use crate::train::dataset::{Dataset, Example, split};
use crate::train::splits::Splits;

/// Side of the pictures that all methods get, in pixels.
pub const SIDE: usize = 32;
/// The share of the pictures that is held out where the data have no such part themselves: enough to choose by.
pub const VALIDATION: f64 = 0.1;

/// The pictures of a comparison.
pub struct Subject<'a> {
    /// Names of the classes.
    pub classes: &'a [String],
    /// The parts.
    pub splits: &'a Splits<'a>,
    /// What is measured on.
    pub test: &'a [&'a Example],
    /// Decides all that is drawn.
    pub seed: u64,
}

impl<'a> Subject<'a> {
    /// The pictures to learn from.
    pub fn learnt(&self) -> &[&'a Example] {
        &self.splits.training
    }

    /// The pictures to choose by.
    pub fn held_out(&self) -> Vec<&'a Example> {
        self.splits.validation.iter().map(|sample| sample.example).collect()
    }
}

/// What pictures are.
pub fn labels(examples: &[&Example]) -> Vec<usize> {
    examples.iter().map(|example| example.label).collect()
}

/// Keeps so many of the pictures to learn from, of each class about as large a share, drawn by the seed.
///
/// # Errors
///
/// [`CompareError::TooManyPictures`].
pub fn keep(
    mut dataset: Dataset,
    pictures: Option<usize>,
    seed: u64,
) -> Result<Dataset, CompareError> {
    let there = dataset.train.len();
    match pictures {
        Some(asked) if asked > there => Err(CompareError::TooManyPictures { asked, there }),
        Some(asked) if asked < there => {
            let (_, kept) = split(&dataset.train, asked as f64 / there as f64, seed)?;
            let mut index = 0..;
            dataset
                .train
                .retain(|_| index.next().is_some_and(|index| kept.binary_search(&index).is_ok()));
            Ok(dataset)
        }
        _ => Ok(dataset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(count: usize) -> Dataset {
        let example = |at: usize| Example { image: vec![at as u8].into(), label: at % 2 };
        Dataset {
            classes: vec!["a".to_owned(), "b".to_owned()],
            train: (0..count).map(example).collect(),
            validation: Vec::new(),
            test: Vec::new(),
            source: String::new(),
            skipped: Vec::new(),
            ignored: Default::default(),
            origins: Vec::new(),
        }
    }

    #[test]
    fn some_pictures_of_each_class_are_kept_by_the_seed() {
        let kept = |pictures, seed| keep(dataset(40), pictures, seed).unwrap().train;
        assert_eq!(kept(None, 1).len(), 40);
        assert_eq!(kept(Some(40), 1).len(), 40);
        let some = kept(Some(10), 1);
        assert_eq!(some.iter().filter(|example| example.label == 0).count(), 5);
        assert_eq!((some.len(), &some), (10, &kept(Some(10), 1)));
        assert_ne!(some, kept(Some(10), 2));
        let error = keep(dataset(40), Some(41), 1).unwrap_err();
        assert!(matches!(error, CompareError::TooManyPictures { asked: 41, there: 40 }));
    }
}
