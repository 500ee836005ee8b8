//! Figures of probabilities and scores: negative log-likelihood, reliability and calibration error, area under the ROC
//! curve.

use serde::Serialize;

use crate::metrics::{Interval, share};

/// An answer to an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answered {
    /// The probability of the class that was answered, in `[0, 1]`.
    pub probability: f32,
    /// Whether it is the right one.
    pub right: bool,
    /// The number of the source that the image comes from.
    pub source: usize,
}

/// Mean negative log-likelihood of the labels, in nats; 0 of no images.
///
/// # Shapes
///
/// - `logits`, `labels` and `weights` (0 or more): one for each image
pub fn negative_log_likelihood(
    logits: &[Vec<f32>],
    labels: &[usize],
    weights: &[f64],
    temperature: f32,
) -> f64 {
    mean_loss(logits, labels, weights, f64::from(temperature))
}

/// As [`negative_log_likelihood`].
pub fn mean_loss(logits: &[Vec<f32>], labels: &[usize], weights: &[f64], temperature: f64) -> f64 {
    let images = logits.iter().zip(labels).zip(weights);
    mean(images.map(|((row, &label), &weight)| (loss(row, label, temperature), weight)))
}

/// Of values, each with its weight.
fn mean(values: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, weights) = values.fold((0.0, 0.0), |(sum, all), (v, w)| (sum + v * w, all + w));
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// The negative logarithm of a label's probability. Computed as such, because a probability next to 0 or 1 would have
/// lost its digits.
fn loss(logits: &[f32], label: usize, temperature: f64) -> f64 {
    // A single logit is that of the second of two classes, and the first has zero.
    let logits = if let [logit] = logits { &[0.0, *logit] } else { logits };
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scaled = |logit: f32| (f64::from(logit) - f64::from(largest)) / temperature;
    // The largest is left out of the sum: beside its 1 the digits of the others would be lost.
    let others = match logits.iter().position(|&logit| logit == largest) {
        Some(place) => [&logits[..place], &logits[place + 1..]],
        None => [logits, &[]],
    };
    let rest: f64 = others.into_iter().flatten().map(|&logit| scaled(logit).exp()).sum();
    rest.ln_1p() - scaled(logits[label])
}

/// Equal bins of probability, over which the reliability of answers is counted (Guo et al.).
const BINS: usize = 15;

fn bin_of(answer: &Answered) -> usize {
    ((answer.probability * BINS as f32) as usize).min(BINS - 1)
}

/// Answers that were about as sure as each other: one point of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// The probabilities of the bin begin here, in `[0, 1]`.
    pub low: f64,
    /// And end here.
    pub high: f64,
    /// Answers in it, one or more.
    pub images: usize,
    /// Their mean probability, in `[0, 1]`.
    pub probability: f64,
    /// Share of them that was right, in `[0, 1]`: the same, where probabilities are honest.
    pub accuracy: f64,
    /// Of that share.
    pub accuracy_interval: Interval,
}

/// The reliability curve: how often answers were right that were so sure, for each of fifteen equal bins of probability
/// that has any.
pub fn reliability(answers: &[Answered]) -> Vec<ReliabilityBin> {
    // Answers, those that were right, and the sum of their probabilities.
    let mut bins = [(0usize, 0usize, 0.0f64); BINS];
    for answer in answers {
        let (images, right, sum) = &mut bins[bin_of(answer)];
        *images += 1;
        *right += usize::from(answer.right);
        *sum += f64::from(answer.probability);
    }
    let edge = |bin: usize| bin as f64 / BINS as f64;
    let some = bins.iter().enumerate().filter(|(_, (images, ..))| *images > 0);
    some.map(|(bin, &(images, right, sum))| ReliabilityBin {
        low: edge(bin),
        high: edge(bin + 1),
        images,
        probability: sum / images as f64,
        accuracy: share(right, images),
        accuracy_interval: Interval::wilson(right, images),
    })
    .collect()
}

/// Expected calibration error: the mean distance between how sure and how right, over the bins of `reliability`. In
/// `[0, 1]`.
///
/// # Shapes
///
/// - `answers` and `weights` (0 or more): one for each image
pub fn calibration_error(answers: &[Answered], weights: &[f64]) -> f64 {
    // What the answers of a bin are too sure by, all together.
    let mut excess = [0.0f64; BINS];
    for (answer, weight) in answers.iter().zip(weights) {
        let right = if answer.right { 1.0 } else { 0.0 };
        excess[bin_of(answer)] += weight * (f64::from(answer.probability) - right);
    }
    let all: f64 = weights.iter().sum();
    if all > 0.0 { excess.iter().map(|sum| sum.abs()).sum::<f64>() / all } else { 0.0 }
}

/// The share of pairs of a positive and a negative in which the positive has the higher score; equal scores count
/// half (Mann and Whitney's U). `None` without a pair.
pub fn auroc(scores: &[(f32, bool)]) -> Option<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut ordered) = (0usize, 0.0);
    for equal in sorted.chunk_by(|a, b| a.0 == b.0) {
        let positives = equal.iter().filter(|(_, positive)| *positive).count();
        let negatives = equal.len() - positives;
        ordered += positives as f64 * (below as f64 + negatives as f64 / 2.0);
        below += negatives;
    }
    let pairs = below * (scores.len() - below);
    (pairs > 0).then(|| ordered / pairs as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_under_the_curve_is_the_share_of_pairs_in_order() {
        let scores = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        assert_eq!(auroc(&scores), Some(0.75));
        assert_eq!(auroc(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(auroc(&[(0.5, true)]), None);
    }

    #[test]
    fn the_loss_has_no_floor_and_keeps_its_digits() {
        let loss = |row: &[f32], label, temperature| {
            negative_log_likelihood(&[row.to_vec()], &[label], &[1.0], temperature)
        };
        assert_eq!(loss(&[0.0, 100.0, -5.0], 0, 1.0), 100.0);
        assert_eq!(loss(&[0.0, 100.0, -5.0], 0, 0.5), 200.0);
        assert_eq!(loss(&[1e30, -1e30], 1, 1.0), f64::from(1e30f32) * 2.0);
        // e⁻⁵⁰ is less than what a probability next to 1 can be told from 1 by.
        let tiny = loss(&[50.0, 0.0], 0, 1.0);
        assert!((tiny / (-50f64).exp() - 1.0).abs() < 1e-9, "{tiny}");
        assert!((loss(&[0.0, 0.0], 1, 1.0) - 2f64.ln()).abs() < 1e-12);
        // One logit answers for two classes.
        assert_eq!(loss(&[3.0], 0, 1.0), loss(&[0.0, 3.0], 0, 1.0));
        assert_eq!(loss(&[3.0], 1, 2.0), loss(&[0.0, 3.0], 1, 2.0));
        assert_eq!(negative_log_likelihood(&[], &[], &[], 1.0), 0.0);
    }

    #[test]
    fn calibration_error_is_the_gap_between_sure_and_right() {
        let answered = |answers: &mut dyn Iterator<Item = (f32, bool)>| -> Vec<Answered> {
            answers.map(|(probability, right)| Answered { probability, right, source: 0 }).collect()
        };
        let honest = answered(&mut (0..10).map(|i| (0.8, i < 8)));
        assert!(calibration_error(&honest, &[1.0; 10]) < 1e-6);
        let boastful = answered(&mut (0..10).map(|i| (0.9, i < 5)));
        assert!((calibration_error(&boastful, &[1.0; 10]) - 0.4).abs() < 1e-6);
        // With three times the weight on what is right, three of four are.
        let weights: Vec<f64> = (0..10).map(|i| if i < 5 { 3.0 } else { 1.0 }).collect();
        assert!((calibration_error(&boastful, &weights) - 0.15).abs() < 1e-6);
        assert_eq!(calibration_error(&[], &[]), 0.0);

        let curve = reliability(&[honest, boastful].concat());
        let found: Vec<_> = curve.iter().map(|bin| (bin.images, bin.accuracy)).collect();
        assert_eq!(found, [(10, 0.8), (10, 0.5)]);
        let [first, second] = [curve[0], curve[1]];
        assert!((first.probability - 0.8).abs() < 1e-6 && (second.probability - 0.9).abs() < 1e-6);
        assert!(first.low <= 0.8 && 0.8 <= first.high && second.low >= first.high, "{curve:?}");
        assert_eq!(first.accuracy_interval, Interval::wilson(8, 10));
        assert_eq!(
            reliability(&[Answered { probability: 1.0, right: true, source: 0 }])[0].high,
            1.0
        );
    }
}
