//! Honest probabilities: the temperature and the threshold of 'not sure', from the validation images.
//!
//! A network trained with smoothed labels is less sure than it should be, most others are more sure. One
//! number mends that: the temperature that makes the validation labels most likely (Guo et al., "On calibration
//! of modern neural networks", arXiv:1706.04599). It changes no answer, only how sure it is.

use crate::prediction::probabilities;

/// Answers that are given should be right at least this often.
const WANTED_PRECISION: f64 = 0.95;
/// But no threshold asks for more than this.
const HIGHEST_THRESHOLD: f32 = 0.9;

/// The temperature with the lowest mean negative log-likelihood, in `[0.05, 20]`; 1 without images.
pub fn temperature(logits: &[Vec<f32>], labels: &[usize]) -> f32 {
    if logits.is_empty() {
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

/// The lowest threshold above which 95 % of the answers are right, at most 0.9; in whole percent.
///
/// Each item is the probability of an answer and whether it was right.
pub fn not_sure_below(answers: &[(f32, bool)]) -> f32 {
    let mut answers = answers.to_vec();
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut threshold = HIGHEST_THRESHOLD;
    let mut right = 0;
    for (given, (probability, is_right)) in answers.iter().enumerate() {
        right += usize::from(*is_right);
        let precision = right as f64 / (given + 1) as f64;
        if precision >= WANTED_PRECISION && *probability < threshold {
            threshold = *probability;
        }
    }
    (threshold * 100.0).ceil() / 100.0
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
        let rows: Vec<Vec<f32>> = (0..50).map(|_| vec![logits[0] * 3.0, 0.0]).collect();
        let labels: Vec<usize> = (0..50).map(|i| usize::from(i % 5 == 0)).collect();
        let found = temperature(&rows, &labels);
        assert!((found - 3.0).abs() < 0.01, "{found}");
        let better = negative_log_likelihood(&rows, &labels, found);
        assert!(better < negative_log_likelihood(&rows, &labels, 1.0));
    }

    #[test]
    fn the_threshold_is_the_lowest_that_is_right_often_enough() {
        // Above 0.5 all are right; below, none.
        let answers: Vec<(f32, bool)> = (0..100).map(|i| (i as f32 / 100.0, i >= 50)).collect();
        let threshold = not_sure_below(&answers);
        assert!((0.46..=0.51).contains(&threshold), "{threshold}");
        assert_eq!(not_sure_below(&[(0.99, false)]), 0.9, "never right: the highest threshold");
    }

    #[test]
    fn calibration_error_is_the_gap_between_sure_and_right() {
        let honest: Vec<(f32, bool)> = (0..10).map(|i| (0.8, i < 8)).collect();
        assert!(calibration_error(&honest) < 1e-6);
        let boastful: Vec<(f32, bool)> = (0..10).map(|i| (0.9, i < 5)).collect();
        assert!((calibration_error(&boastful) - 0.4).abs() < 1e-6);
    }
}
