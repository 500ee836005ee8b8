//! The validation split: the examples that decide when to stop and how far to trust the scores.
//!
//! Neither may be decided on the test examples, or the accuracy that the model card states would be
//! flattered by the choice. So a share of the training examples is put aside, the same share of
//! every class, drawn from a seed that the model card can state.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::{DatasetError, Example};

/// Splits the examples into training and validation indices, each in ascending order.
///
/// Of every class with `n` examples, `n · validation_fraction`, rounded, go to validation; at least
/// one and at most `n - 1` when the fraction is above 0 and `n` is 2 or more. A class with a single
/// example keeps it for training. The same examples, fraction and seed give the same split on every
/// machine and in every version: each example draws a number from ChaCha8 and the lowest go, so that
/// nothing depends on how a library shuffles; each class has its own stream, so that a change to one
/// class leaves the others as they were.
///
/// # Errors
///
/// [`DatasetError::Fraction`] unless `0 ≤ validation_fraction < 1`.
pub fn split(
    examples: &[Example],
    validation_fraction: f64,
    seed: u64,
) -> Result<(Vec<usize>, Vec<usize>), DatasetError> {
    if !(0.0..1.0).contains(&validation_fraction) {
        return Err(DatasetError::Fraction(validation_fraction));
    }
    let classes = examples.iter().map(|example| example.label + 1).max().unwrap_or(0);
    let mut members = vec![Vec::new(); classes];
    for (index, example) in examples.iter().enumerate() {
        members[example.label].push(index);
    }

    let mut validation = Vec::new();
    for (label, members) in members.iter().enumerate() {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(label as u64);
        let mut drawn: Vec<_> = members.iter().map(|&index| (rng.next_u64(), index)).collect();
        drawn.sort_unstable();
        drawn.truncate(validation_count(members.len(), validation_fraction));
        validation.extend(drawn.into_iter().map(|(_, index)| index));
    }
    validation.sort_unstable();
    let train =
        (0..examples.len()).filter(|index| validation.binary_search(index).is_err()).collect();
    Ok((train, validation))
}

fn validation_count(members: usize, fraction: f64) -> usize {
    if members < 2 || fraction == 0.0 {
        return 0;
    }
    let share = (members as f64 * fraction).round() as usize;
    share.clamp(1, members - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(labels: impl IntoIterator<Item = usize>) -> Vec<Example> {
        let example = |label| Example { image: Vec::new().into(), label };
        labels.into_iter().map(example).collect()
    }

    #[test]
    fn every_example_is_in_exactly_one_part_and_every_class_gives_its_share() {
        let examples = examples((0..1000).map(|index| index % 7 % 3));
        let (train, validation) = split(&examples, 0.1, 42).unwrap();
        let mut all = [train.clone(), validation.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
        for class in 0..3 {
            let count =
                |part: &[usize]| part.iter().filter(|&&i| examples[i].label == class).count();
            let (train, validation) = (count(&train), count(&validation));
            let share = validation as f64 / (train + validation) as f64;
            assert!((share - 0.1).abs() < 0.002, "class {class}: {share}");
        }
    }

    #[test]
    fn the_seed_alone_decides() {
        let examples = examples((0..200).map(|index| index % 2));
        let one = split(&examples, 0.2, 1).unwrap();
        assert_eq!(one, split(&examples, 0.2, 1).unwrap());
        assert_ne!(one, split(&examples, 0.2, 2).unwrap());
    }

    /// The split is part of what a model card states, so it may not change with a dependency.
    #[test]
    fn the_split_of_a_seed_is_for_ever() {
        let examples = examples((0..40).map(|index| index % 2));
        let (_, validation) = split(&examples, 0.2, 7).unwrap();
        assert_eq!(validation, [0, 2, 3, 9, 12, 23, 25, 34]);
    }

    #[test]
    fn small_classes_keep_an_example_on_each_side() {
        let examples = examples([0, 0, 1, 2, 2, 2]);
        for fraction in [0.01, 0.99] {
            let (train, validation) = split(&examples, fraction, 3).unwrap();
            for class in [0, 2] {
                assert!(train.iter().any(|&i| examples[i].label == class));
                assert!(validation.iter().any(|&i| examples[i].label == class));
            }
            assert!(train.contains(&2), "the only example of class 1 is for training");
        }
    }

    #[test]
    fn no_share_means_no_validation_and_a_senseless_share_is_refused() {
        let examples = examples([0, 0, 1, 1]);
        assert_eq!(split(&examples, 0.0, 3).unwrap(), (vec![0, 1, 2, 3], vec![]));
        assert_eq!(split(&[], 0.1, 3).unwrap(), (vec![], vec![]));
        for fraction in [-0.1, 1.0, f64::NAN] {
            let error = split(&examples, fraction, 3).unwrap_err();
            assert!(matches!(error, DatasetError::Fraction(_)));
        }
    }
}
