//! Honest probabilities: the temperature and the threshold of 'not sure', from the validation images.
//!
//! A network trained with smoothed labels is less sure than it should be, most others are more sure. One
//! number mends that: the temperature that makes the validation labels most likely (Guo et al., "On calibration
//! of modern neural networks", arXiv:1706.04599). It changes no answer, only how sure it is.

use crate::prediction::probabilities;

/// Answers that are given should be right at least this often.
const WANTED_PRECISION: f64 = 0.95;
/// A share of fewer answers than this proves nothing.
const FEWEST_ANSWERS: usize = 20;
/// But no threshold asks for more than this, in percent.
const HIGHEST_PERCENT: u32 = 90;

/// Fewer validation images than this say nothing: a handful that happen to be right would make it sure of all.
pub const ENOUGH: usize = 100;

/// The temperature with the lowest mean negative log-likelihood, in `[0.05, 20]`; 1 with too few images to tell.
pub fn temperature(logits: &[Vec<f32>], labels: &[usize]) -> f32 {
    if logits.len() < ENOUGH {
        return 1.0;
    }
    // The loss has a single minimum in the logarithm of the temperature: golden-section search.
    let loss = |log: f64| negative_log_likelihood(logits, labels, log.exp() as f32);
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05f64.ln(), 20f64.ln());
    while high - low > 1e-4 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    ((low + high) / 2.0).exp() as f32
}

/// Mean negative log-likelihood of the labels, in nats.
pub fn negative_log_likelihood(logits: &[Vec<f32>], labels: &[usize], temperature: f32) -> f64 {
    let sum: f64 = logits
        .iter()
        .zip(labels)
        .map(|(logits, &label)| {
            -f64::from(probabilities(logits, temperature)[label].max(1e-12)).ln()
        })
        .sum();
    sum / logits.len().max(1) as f64
}

/// The lowest threshold, in whole percent and at most 0.9, from which 95 % of the answers given are right; 0.9 where
/// none reaches that, and 0 with too few images to tell.
///
/// Each item is the probability of an answer and whether it was right.
pub fn not_sure_below(answers: &[(f32, bool)]) -> f32 {
    if answers.len() < ENOUGH {
        return 0.0;
    }
    let percent = |percent: u32| percent as f32 / 100.0;
    let precise = |&threshold: &f32| {
        let given = answers.iter().filter(|(probability, _)| *probability >= threshold);
        let (count, right) =
            given.fold((0, 0), |(n, r), (_, right)| (n + 1, r + usize::from(*right)));
        count >= FEWEST_ANSWERS && right as f64 / count as f64 >= WANTED_PRECISION
    };
    (0..HIGHEST_PERCENT).map(percent).find(precise).unwrap_or(percent(HIGHEST_PERCENT))
}

/// Expected calibration error: the mean distance between how sure and how right, over fifteen equal bins of
/// probability (Guo et al.). In `[0, 1]`.
pub fn calibration_error(answers: &[(f32, bool)]) -> f64 {
    const BINS: usize = 15;
    let mut bins = [(0usize, 0.0f64, 0usize); BINS];
    for (probability, is_right) in answers {
        let bin = ((probability * BINS as f32) as usize).min(BINS - 1);
        bins[bin].0 += 1;
        bins[bin].1 += f64::from(*probability);
        bins[bin].2 += usize::from(*is_right);
    }
    let gap = |(_, sure, right): &(usize, f64, usize)| (sure - *right as f64).abs();
    bins.iter().map(gap).sum::<f64>() / answers.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_temperature_undoes_a_scale() {
        // Labels drawn from the probabilities of the logits, in exact proportion: those logits are right at 1,
        // and three times the logits at 3.
        let logits = [4.0f32.ln(), 0.0];
        let rows: Vec<Vec<f32>> = (0..100).map(|_| vec![logits[0] * 3.0, 0.0]).collect();
        let labels: Vec<usize> = (0..100).map(|i| usize::from(i % 5 == 0)).collect();
        let found = temperature(&rows, &labels);
        assert!((found - 3.0).abs() < 0.01, "{found}");
        let better = negative_log_likelihood(&rows, &labels, found);
        assert!(better < negative_log_likelihood(&rows, &labels, 1.0));
        assert_eq!(temperature(&rows[1..], &labels[1..]), 1.0, "too few to tell");
    }

    #[test]
    fn the_threshold_is_the_lowest_that_is_right_often_enough() {
        // Above 0.5 all are right; below, none.
        let answers: Vec<(f32, bool)> = (0..100).map(|i| (i as f32 / 100.0, i >= 50)).collect();
        let threshold = not_sure_below(&answers);
        // Of the 53 answers from 0.47 on, 50 are right, which is 94 %; of the 52 from 0.48 on, 96 %.
        assert_eq!(threshold, 0.48);
        let wrong = [(0.99, false); 100];
        assert_eq!(not_sure_below(&wrong), 0.9, "never right: the highest threshold");
        assert_eq!(not_sure_below(&wrong[1..]), 0.0, "too few to tell");
    }

    #[test]
    fn calibration_error_is_the_gap_between_sure_and_right() {
        let honest: Vec<(f32, bool)> = (0..10).map(|i| (0.8, i < 8)).collect();
        assert!(calibration_error(&honest) < 1e-6);
        let boastful: Vec<(f32, bool)> = (0..10).map(|i| (0.9, i < 5)).collect();
        assert!((calibration_error(&boastful) - 0.4).abs() < 1e-6);
    }
}
