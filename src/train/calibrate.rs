//! Honest probabilities: the temperature and the threshold of 'not sure', from the validation images.
//!
//! A network trained with smoothed labels is less sure than it should be, most others are more sure. One
//! number mends that: the temperature that makes the validation labels most likely (Guo et al., "On calibration
//! of modern neural networks", arXiv:1706.04599). It changes no answer, only how sure it is.
//!
//! Images may count for more or less than one, by their weights: no figure depends on what the weights add up to. What
//! needs enough images counts the images, whatever they weigh.

use std::collections::BTreeMap;

use super::metrics::{Answered, mean_loss};
use super::objective::argmax;
use crate::temperature::{TEMPERATURES, likeliest};

/// Answers that are given should be right at least this often.
const WANTED_PRECISION: f64 = 0.95;
/// A share of fewer answers than this proves nothing.
const FEWEST_ANSWERS: usize = 20;
/// But no threshold asks for more than this, in percent.
const HIGHEST_PERCENT: u32 = 95;

/// Fewer validation images than this say nothing: a handful that happen to be right would make it sure of all.
pub const ENOUGH: usize = 100;

/// The temperature that makes the labels most likely, in `[0.05, 20]`, with a weak expectation that it is 1; 1 with too
/// few images to tell.
///
/// It is at least 1 where no image is called wrongly: how seldom the network errs can't be told from no errors, and the
/// labels would only be the likelier the lower the temperature.
///
/// # Shapes
///
/// - `logits`, `labels` and `weights` (0 or more): one for each image
pub fn temperature(logits: &[Vec<f32>], labels: &[usize], weights: &[f64]) -> f32 {
    if logits.len() < ENOUGH {
        return 1.0;
    }
    let loss = |log: f64| {
        let images = logits.len() as f64;
        images * mean_loss(logits, labels, weights, log.exp())
    };
    let images = logits.iter().zip(labels).zip(weights);
    let errs = images.into_iter().any(|((row, &label), &w)| w > 0.0 && argmax(row) != label);
    let lowest = if errs { TEMPERATURES.0.ln() } else { 0.0 };
    likeliest(lowest, loss)
}

/// As [`temperature`], where a label stands for several outputs together: `set_of` says for each output the label that
/// it belongs to.
///
/// # Shapes
///
/// - `pictures`: the logits of a picture, and its label
pub fn temperature_of_sets(pictures: &[(&[f32], usize)], set_of: &[Option<usize>]) -> f32 {
    if pictures.len() < ENOUGH {
        return 1.0;
    }
    let log_sum = |logits: &mut dyn Iterator<Item = f32>, temperature: f64| -> f64 {
        let scaled: Vec<f64> = logits.map(|logit| f64::from(logit) / temperature).collect();
        let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        largest + scaled.iter().map(|value| (value - largest).exp()).sum::<f64>().ln()
    };
    let in_set = |logits: &[f32], label: usize| {
        let pairs = logits.iter().zip(set_of).filter(move |(_, set)| **set == Some(label));
        pairs.map(|(logit, _)| *logit).collect::<Vec<f32>>()
    };
    let errs = pictures
        .iter()
        .any(|&(logits, label)| set_of.get(argmax(logits)).copied().flatten() != Some(label));
    let lowest = if errs { TEMPERATURES.0.ln() } else { 0.0 };
    likeliest(lowest, |log| {
        let loss = |&(logits, label): &(&[f32], usize)| {
            let all = log_sum(&mut logits.iter().copied(), log.exp());
            all - log_sum(&mut in_set(logits, label).into_iter(), log.exp())
        };
        pictures.iter().map(loss).sum()
    })
}

/// The lowest threshold, in whole percent and at most 0.95, at which 95 % of the answers given are right, for the
/// images of every source; 0.95 where none reaches that, and 0 with too few images to tell.
///
/// Sources with fewer than twenty images are looked at together. Where a threshold leaves fewer than twenty answers of
/// a source, a share says little: then at most one of them may be wrong, as of twenty. From one source at least there
/// must be twenty.
pub fn not_sure_below(answers: &[Answered]) -> f32 {
    if answers.len() < ENOUGH {
        return 0.0;
    }
    let mut images = BTreeMap::<usize, usize>::new();
    for answer in answers {
        *images.entry(answer.source).or_default() += 1;
    }
    let mut sources = BTreeMap::<Option<usize>, Vec<&Answered>>::new();
    for answer in answers {
        let large = images[&answer.source] >= FEWEST_ANSWERS;
        sources.entry(large.then_some(answer.source)).or_default().push(answer);
    }
    sources.retain(|_, answers| answers.len() >= FEWEST_ANSWERS);

    let percent = |percent: u32| percent as f32 / 100.0;
    let precise = |&threshold: &f32| {
        let given: Vec<(usize, usize)> = sources
            .values()
            .map(|answers| {
                let given = answers.iter().filter(|answer| answer.probability >= threshold);
                given.fold((0, 0), |(n, wrong), answer| (n + 1, wrong + usize::from(!answer.right)))
            })
            .collect();
        given.iter().any(|&(count, _)| count >= FEWEST_ANSWERS)
            && given.iter().all(|&(count, wrong)| {
                let count = count.max(FEWEST_ANSWERS);
                (count - wrong) as f64 / count as f64 >= WANTED_PRECISION
            })
    };
    (0..HIGHEST_PERCENT).map(percent).find(precise).unwrap_or(percent(HIGHEST_PERCENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::metrics::negative_log_likelihood;

    fn ones(count: usize) -> Vec<f64> {
        vec![1.0; count]
    }

    /// Labels drawn from the probabilities of logits, in exact proportion: those logits are right at 1, and three times
    /// the logits, as they are here, at 3.
    fn boastful(images: usize) -> (Vec<Vec<f32>>, Vec<usize>) {
        let row = vec![4.0f32.ln() * 3.0, 0.0];
        (vec![row; images], (0..images).map(|i| usize::from(i % 5 == 0)).collect())
    }

    #[test]
    fn the_temperature_undoes_a_scale() {
        let (rows, labels) = boastful(10_000);
        let found = temperature(&rows, &labels, &ones(10_000));
        assert!((found - 3.0).abs() < 0.01, "{found}");
        let loss =
            |temperature| negative_log_likelihood(&rows, &labels, &ones(10_000), temperature);
        assert!(loss(found) < loss(1.0));
    }

    #[test]
    fn few_images_are_not_believed_altogether() {
        let (rows, labels) = boastful(100);
        let found = temperature(&rows, &labels, &ones(100));
        assert!((2.5..2.95).contains(&found), "{found}");
        assert_eq!(temperature(&rows[1..], &labels[1..], &ones(99)), 1.0, "too few to tell");
        // What counts is how many there are, not what they weigh.
        assert_eq!(temperature(&rows[1..], &labels[1..], &[1000.0; 99]), 1.0, "too few to tell");
        let heavy = temperature(&rows, &labels, &[1000.0; 100]);
        assert!((heavy - found).abs() < 1e-3, "{heavy}, not {found}");
    }

    /// 120 images with these margins between the two classes, all called rightly but for so many.
    fn nearly_perfect(wrong: usize) -> (Vec<Vec<f32>>, Vec<usize>) {
        let rows = (0..120).map(|i| vec![0.0, 1.0 + 3.0 * i as f32 / 119.0]).collect();
        (rows, (0..120).map(|i| usize::from(i >= wrong)).collect())
    }

    #[test]
    fn the_temperature_of_sets_looks_at_all_outputs_of_a_label_together() {
        // Outputs 0 and 1 are of the first label, 2 of the second, 3 of none. Labels in exact proportion to the
        // probabilities 0.2 + 0.3, 0.4 and 0.1, of which the logits are thrice the logarithms.
        let logits = [0.2f32, 0.3, 0.4, 0.1].map(|share| 3.0 * share.ln());
        let set_of = [Some(0), Some(0), Some(1), None];
        let labels = (0..900).map(|n| usize::from(n % 9 >= 5));
        let pictures: Vec<(&[f32], usize)> = labels.map(|label| (&logits[..], label)).collect();
        let found = temperature_of_sets(&pictures, &set_of);
        let loss = |temperature: f32| -> f64 {
            let p = crate::prediction::probabilities(&logits, temperature);
            -(5.0 * f64::from(p[0] + p[1]).ln() + 4.0 * f64::from(p[2]).ln())
        };
        for other in [found * 0.9, found * 1.1, 1.0, 3.0] {
            assert!(loss(found) < loss(other) + 1e-3, "{found} is no better than {other}");
        }
        assert!(found > 1.5, "{found}");
        assert_eq!(temperature_of_sets(&pictures[..99], &set_of), 1.0, "too few to tell");
    }

    #[test]
    fn nothing_is_made_surer_without_an_error() {
        let (rows, labels) = nearly_perfect(0);
        assert_eq!(temperature(&rows, &labels, &ones(120)), 1.0);
        // The same with the single logit of two classes.
        let single: Vec<Vec<f32>> = rows.iter().map(|row| vec![row[1]]).collect();
        assert_eq!(temperature(&single, &labels, &ones(120)), 1.0);

        let (rows, labels) = nearly_perfect(1);
        let found = temperature(&rows, &labels, &ones(120));
        assert!((0.3..1.0).contains(&found), "{found}");
        // An image that weighs nothing is none.
        let mut weights = ones(120);
        weights[0] = 0.0;
        assert_eq!(temperature(&rows, &labels, &weights), 1.0);
    }

    #[test]
    fn a_weight_is_as_good_as_copies() {
        let (mut rows, mut labels) = nearly_perfect(30);
        let mut weights = ones(120);
        weights[..40].fill(3.0);
        let weighted = temperature(&rows, &labels, &weights);
        let loss = negative_log_likelihood(&rows, &labels, &weights, 0.7);
        for image in 0..40 {
            rows.extend([rows[image].clone(), rows[image].clone()]);
            labels.extend([labels[image]; 2]);
        }
        let copied = negative_log_likelihood(&rows, &labels, &ones(200), 0.7);
        assert!((loss - copied).abs() < 1e-12, "{loss}, not {copied}");
        // Not the same: 200 images are more to believe than 120. But near it.
        let copied = temperature(&rows, &labels, &ones(200));
        assert!((weighted / copied - 1.0).abs() < 0.1, "{weighted} and {copied}");
        assert_ne!(weighted, temperature(&rows, &labels, &ones(200)[..120]));
    }

    fn answered(source: usize, answers: impl IntoIterator<Item = (f32, bool)>) -> Vec<Answered> {
        let answer = |(probability, right)| Answered { probability, right, source };
        answers.into_iter().map(answer).collect()
    }

    /// Right from this percentage up, wrong below it; one answer for each percentage.
    fn right_from(percent: usize) -> impl Iterator<Item = (f32, bool)> {
        (0..100).map(move |i| (i as f32 / 100.0, i >= percent))
    }

    #[test]
    fn the_threshold_is_the_lowest_that_is_right_often_enough() {
        // Of the 53 answers from 0.47 on, 50 are right, which is 94 %; of the 52 from 0.48 on, 96 %.
        assert_eq!(not_sure_below(&answered(0, right_from(50))), 0.48);
        let wrong = answered(0, [(0.99, false); 100]);
        assert_eq!(not_sure_below(&wrong), 0.95, "never right: the highest threshold");
        assert_eq!(not_sure_below(&wrong[1..]), 0.0, "too few to tell");
        let right = answered(0, [(0.99, true); 100]);
        assert_eq!(not_sure_below(&right), 0.0, "always right");
        // The 18 answers from 0.82 on are all right, but that few prove nothing.
        assert_eq!(not_sure_below(&answered(0, right_from(82))), 0.95);
    }

    #[test]
    fn the_threshold_holds_for_each_source() {
        // A large source that is always right hides a small one that is mostly wrong below 0.7.
        let easy = answered(0, [(0.99, true); 2000]);
        let hard = answered(1, right_from(70));
        let mixed: Vec<Answered> = [easy.clone(), hard.clone()].concat();
        let one_source: Vec<Answered> =
            mixed.iter().map(|a| Answered { source: 0, ..*a }).collect();
        assert_eq!(not_sure_below(&one_source), 0.0, "as one it would be good enough");
        assert_eq!(not_sure_below(&mixed), not_sure_below(&hard));
        assert_eq!(not_sure_below(&mixed), 0.69);

        // Of fewer than twenty images of a source nothing can be told.
        let few = answered(1, [(0.6, false); 19]);
        assert_eq!(not_sure_below(&[easy.clone(), few.clone()].concat()), 0.0);
        // But several such sources are looked at together.
        let more = answered(2, [(0.6, false); 19]);
        assert_eq!(not_sure_below(&[easy.clone(), few, more].concat()), 0.61);

        // A threshold that leaves nineteen wrong answers of a source does not get by because they are few.
        let wrong = answered(1, (50..90).map(|i| (i as f32 / 100.0, false)));
        assert_eq!(not_sure_below(&[easy, wrong].concat()), 0.89, "one wrong answer is left");
    }
}
