//! From logits to an answer: calibrated probabilities, classes in order, 'not sure', yes or no.
//!
//! # Yes or no
//!
//! The answer to 'is it a …?' is yes where the probability reaches a threshold: [`Prediction::is`]. In the article that
//! this project grew from it is the larger one of max(0, log₂ S₀) and max(0, log₂ S₁), S being what the network gives 'no'
//! and 'yes'. For probabilities that is no answer: none of them is over 1, so neither logarithm is over 0, and both terms
//! are 0 whatever the network says.
//!
//! ```
//! use glimpse::prediction::probabilities;
//!
//! let term = |share: f32| share.log2().max(0.0);
//! for logits in [[3.0, -1.0], [0.0, 0.0], [-2.0, 5.0]] {
//!     let shares = probabilities(&logits, 1.0);
//!     assert_eq!([term(shares[0]), term(shares[1])], [0.0, 0.0]);
//! }
//! // What is sound: of two logits, the difference against the log-odds of the threshold, which is the same as
//! // the probability against the threshold.
//! let (logits, threshold) = ([-2.0f32, 5.0], 0.9f32);
//! let yes = logits[1] - logits[0] >= (threshold / (1.0 - threshold)).ln();
//! assert_eq!(yes, probabilities(&logits, 1.0)[1] >= threshold);
//! ```
//!
//! Which threshold is right depends on what a wrong yes and a wrong no cost: see [`held_out`](crate::held_out).

use serde::Serialize;

/// A class and how probable it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranked {
    /// Its place among the network's classes.
    pub index: usize,
    /// Its name.
    pub label: String,
    /// In `[0, 1]`; those of all classes add up to one.
    pub probability: f32,
}

/// What the network makes of one picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// All classes, the most probable first.
    pub ranked: Vec<Ranked>,
    /// Whether the first of them is probable enough to be called an answer.
    pub sure: bool,
}

/// The answer to 'is it a …?' or 'is it one of …?'.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct YesNo {
    /// The class asked for; of several classes all of them, with commas between.
    pub label: String,
    /// Its probability; of several classes that of all of them together. In `[0, 1]`.
    pub probability: f32,
    /// Whether that reaches the threshold.
    pub yes: bool,
}

impl Prediction {
    /// Makes a prediction of a network's logits, as [`rank`] takes them.
    ///
    /// # Panics
    ///
    /// As [`rank`].
    pub fn new(logits: &[f32], classes: &[String], temperature: f32, not_sure_below: f32) -> Self {
        let ranked = rank(logits, classes, temperature);
        let sure = ranked.first().is_some_and(|best| best.probability >= not_sure_below);
        Self { ranked, sure }
    }

    /// The most probable class.
    pub fn best(&self) -> &Ranked {
        &self.ranked[0]
    }

    /// Answers whether the picture shows one of these classes: yes from the threshold (in `[0, 1]`) upwards.
    /// `None` if the network doesn't know all of them.
    pub fn is<L: AsRef<str>>(&self, labels: &[L], threshold: f32) -> Option<YesNo> {
        let named = |label: &L| self.ranked.iter().find(|class| class.label == label.as_ref());
        let classes = labels.iter().map(named).collect::<Option<Vec<&Ranked>>>()?;
        let names: Vec<&str> = classes.iter().map(|class| class.label.as_str()).collect();
        let probability = classes.iter().map(|class| class.probability).sum::<f32>().min(1.0);
        Some(YesNo { label: names.join(", "), probability, yes: probability >= threshold })
    }
}

/// All classes, the most probable first.
///
/// With two classes the network has a single logit, that of the second class (binary cross-entropy);
/// otherwise there is one for each class.
///
/// # Panics
///
/// If the number of logits does not belong to the number of classes.
pub fn rank(logits: &[f32], classes: &[String], temperature: f32) -> Vec<Ranked> {
    let probabilities = probabilities(logits, temperature);
    assert_eq!(probabilities.len(), classes.len(), "logits and classes do not belong together");
    let mut ranked: Vec<Ranked> = probabilities
        .into_iter()
        .zip(classes)
        .enumerate()
        .map(|(index, (probability, label))| Ranked { index, label: label.clone(), probability })
        .collect();
    ranked.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.index.cmp(&b.index)));
    ranked
}

/// Softmax of the logits divided by the temperature; of a single logit, its sigmoid and the rest.
pub fn probabilities(logits: &[f32], temperature: f32) -> Vec<f32> {
    if let [logit] = logits {
        // A sigmoid is the softmax of the logit and zero.
        let [no, yes] = softmax(&[0.0, *logit], temperature)[..] else { unreachable!() };
        return vec![no, yes];
    }
    softmax(logits, temperature)
}

/// In double precision, and with the largest exponent at zero, so that nothing overflows.
fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scaled = |logit: &f32| (f64::from(logit - largest) / f64::from(temperature)).exp();
    let exponentials: Vec<f64> = logits.iter().map(scaled).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.into_iter().map(|value| (value / sum) as f32).collect()
}

/// The class that logits are for: the largest one, and of a single logit its sign.
pub fn argmax(logits: &[f32]) -> usize {
    match logits {
        [logit] => usize::from(*logit > 0.0),
        _ => first_largest(logits),
    }
}

/// The place of the largest number, the first of several; 0 where there is none.
pub fn first_largest<T: PartialOrd>(numbers: &[T]) -> usize {
    let places = 0..numbers.len();
    places.reduce(|best, next| if numbers[next] > numbers[best] { next } else { best }).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn probabilities_are_those_of_the_textbook() {
        let p = probabilities(&[1.0f32.ln(), 2.0f32.ln(), 5.0f32.ln()], 1.0);
        for (found, expected) in p.iter().zip([0.125, 0.25, 0.625]) {
            assert!((found - expected).abs() < 1e-6, "{p:?}");
        }
    }

    #[test]
    fn a_high_temperature_flattens_and_a_low_one_sharpens() {
        let logits = [0.0, 1.0, 3.0];
        let at = |t| probabilities(&logits, t)[2];
        assert!(at(0.5) > at(1.0) && at(1.0) > at(4.0) && at(4.0) > 1.0 / 3.0);
    }

    #[test]
    fn extreme_logits_stay_numbers() {
        let p = probabilities(&[1e30, -1e30, 0.0], 0.1);
        assert_eq!(p, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn one_logit_answers_for_two_classes() {
        let p = Prediction::new(&[3.0f32.ln()], &classes(&["cat", "dog"]), 1.0, 0.5);
        assert_eq!(p.best().label, "dog");
        assert!((p.best().probability - 0.75).abs() < 1e-6);
        assert!((p.ranked[1].probability - 0.25).abs() < 1e-6);
    }

    #[test]
    fn classes_come_in_order_and_the_threshold_decides() {
        let names = classes(&["a", "b", "c"]);
        let p = Prediction::new(&[0.0, 2.0, 1.0], &names, 1.0, 0.7);
        let order: Vec<_> = p.ranked.iter().map(|r| r.label.as_str()).collect();
        assert_eq!(order, ["b", "c", "a"]);
        assert!(!p.sure, "0.665 is below 0.7");
        assert!(Prediction::new(&[0.0, 2.0, 1.0], &names, 1.0, 0.6).sure);
        assert!(p.is(&["b"], 0.6).is_some_and(|answer| answer.yes));
        assert!(p.is(&["b"], 0.7).is_some_and(|answer| !answer.yes));
        assert_eq!(p.is(&["zebra"], 0.5), None);
        assert_eq!(p.is(&["b", "zebra"], 0.5), None);
    }
}
