//! What a wide vocabulary says about a few classes.
//!
//! The backbone of the photo network was trained on a thousand names, and many of them are kinds of a class: 120 breeds
//! are dogs. Neither those names nor a head on the backbone's features alone carries over to photos of another origin;
//! both together do. So the answer has two parts, each a small linear model that was trained on photos:
//!
//! ```text
//! features ─→ head ────────────────────┐
//!                                      ├─→ which of the classes, if any ──┐
//! names ─→ log-probability of each ────┘            │ how clear that is   ├─→ logits of the classes
//!          class's names, and of ─────────────→ is it any of them at all ─┘   and of 'none of these'
//!          all other names
//! ```
//!
//! The logit of a class is what the head makes of the features plus the log-probability of its names. (With a trained
//! weight for the names of each class the weights came out within 0.04 of one, so there is none.)
//!
//! Whether it is any of them is decided by three numbers, not by the features: these know only the few things that the
//! head was shown as 'none of these', and the world is full of others.

use serde::{Deserialize, Serialize};

/// How a vocabulary counts for classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// For each name, the class that it is a kind of; the class 'none of these' for a name that is a kind of no
    /// other; nothing where it counts for no class.
    pub class_of: Vec<Option<usize>>,
    /// How 'none of these' is told from all classes together, where the network has learnt that.
    pub none: Option<NoneOfThese>,
}

/// The logit of 'none of these' against all other classes together: a logistic model of three inputs. All from −100 to
/// 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoneOfThese {
    /// Of the log-probability of all names that are kinds of no class.
    pub others: f32,
    /// Of the log-probability of all names that are kinds of any class.
    pub kinds: f32,
    /// Of the log-probability of the best class among the classes.
    pub clearness: f32,
    /// The constant.
    pub bias: f32,
}

/// Why an [`Evidence`] from a file can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvidenceError {
    /// It is not about these names.
    #[error("There is evidence of {found} names, and {expected} names.")]
    Names {
        /// Names in the evidence.
        found: usize,
        /// Names in the vocabulary.
        expected: usize,
    },
    /// It is not about these classes.
    #[error("A name is said to be a kind of class {found}, and there are {classes}.")]
    Class {
        /// The class, from zero.
        found: usize,
        /// How many there are.
        classes: usize,
    },
    /// With two classes there is a single logit, to which nothing can be added.
    #[error("Evidence needs at least three classes.")]
    TooFew,
    /// 'None of these' is weighed and is no class, or is a class and not weighed.
    #[error(
        "Evidence must say how 'none of these' is told from the classes where it is one, and only there."
    )]
    None,
    /// A number is out of its range.
    #[error("The numbers of evidence must be within 100, not {0}.")]
    Number(f32),
}

/// Numbers beyond this are damage, and could make logits infinite.
const LARGEST: f32 = 100.0;
/// A class with fewer names than this is not covered by them.
const FEWEST_NAMES: usize = 5;
/// Log-probabilities of names below this say no more than that it is something else.
pub const FLOOR: f32 = -12.0;

impl Evidence {
    /// Checks it against so many classes, of which one may be 'none of these', and so many names.
    ///
    /// # Errors
    ///
    /// See [`EvidenceError`].
    pub fn validate(
        &self,
        classes: usize,
        names: usize,
        none: Option<usize>,
    ) -> Result<(), EvidenceError> {
        if self.class_of.len() != names {
            return Err(EvidenceError::Names { found: self.class_of.len(), expected: names });
        }
        if classes < 3 {
            return Err(EvidenceError::TooFew);
        }
        if let Some(&found) = self.class_of.iter().flatten().find(|&&class| class >= classes) {
            return Err(EvidenceError::Class { found, classes });
        }
        if self.none.is_some() != none.is_some() {
            return Err(EvidenceError::None);
        }
        let numbers = self
            .none
            .map(|NoneOfThese { others, kinds, clearness, bias }| [others, kinds, clearness, bias]);
        // No range holds NaN.
        let within = |number: &f32| (-LARGEST..=LARGEST).contains(number);
        match numbers.into_iter().flatten().find(|number| !within(number)) {
            Some(number) => Err(EvidenceError::Number(number)),
            None => Ok(()),
        }
    }

    /// The class that a name is a kind of, if it counts for any.
    pub fn class_of_name(&self, index: usize) -> Option<usize> {
        self.class_of.get(index).copied().flatten()
    }

    /// Whether the names of a class cover it, so that the best of them may be believed: there are more deer than the
    /// antelopes among the names, and a deer would be called one of those.
    pub fn covers(&self, class: usize) -> bool {
        self.class_of.iter().filter(|of| **of == Some(class)).count() >= FEWEST_NAMES
    }

    /// Log-probability of the names of each class, at least [`FLOOR`]: what the models of this module read.
    ///
    /// # Shapes
    ///
    /// - `names`: the logits of the vocabulary
    /// - output: one for each class
    pub fn log_probabilities(&self, names: &[f32], classes: usize) -> Vec<f32> {
        // Relative to the largest, so that nothing overflows; what underflows is below the floor by far.
        let largest = names.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let (mut sums, mut all) = (vec![0.0f64; classes], 0.0);
        for (logit, class) in names.iter().zip(&self.class_of) {
            let share = f64::from(logit - largest).exp();
            all += share;
            if let Some(class) = *class {
                sums[class] += share;
            }
        }
        sums.into_iter().map(|sum| ((sum / all).ln() as f32).max(FLOOR)).collect()
    }

    /// The logits of the classes: of the softmax that gives each class its probability.
    ///
    /// # Shapes
    ///
    /// - `classes`: what the head makes of the features, one for each class
    /// - `names`: the logits of the vocabulary
    /// - output: one for each class
    ///
    /// `none` is the place of 'none of these' among the classes.
    pub fn weigh(&self, classes: &[f32], names: &[f32], none: Option<usize>) -> Vec<f32> {
        let of_names = self.log_probabilities(names, classes.len());
        let which = self.which(classes, &of_names, none);
        let Some((model, place)) = self.none.zip(none) else { return which };
        let [others, kinds, clearness] = none_inputs(&of_names, &which, place);
        let mut logits = which;
        logits[place] =
            model.others * others + model.kinds * kinds + model.clearness * clearness + model.bias;
        logits
    }

    /// The log-probabilities of the classes but for 'none of these', whose place holds −∞: they add up to one without
    /// it.
    pub fn which(&self, classes: &[f32], of_names: &[f32], none: Option<usize>) -> Vec<f32> {
        let mut logits: Vec<f32> = classes.iter().zip(of_names).map(|(own, of)| own + of).collect();
        if let Some(none) = none {
            logits[none] = f32::NEG_INFINITY;
        }
        let all = logsumexp(logits.iter().map(|&logit| logit.into())) as f32;
        logits.iter_mut().for_each(|logit| *logit -= all);
        logits
    }
}

/// What [`NoneOfThese`] reads: log-probabilities of all names that are kinds of no class, of those that are, and of the
/// best class among the classes.
///
/// # Shapes
///
/// - `of_names`: those of [`Evidence::log_probabilities`]
/// - `which`: log-probabilities of the classes, where the place of 'none of these' is not looked at
pub fn none_inputs(of_names: &[f32], which: &[f32], none: usize) -> [f32; 3] {
    let others = |values: &[f32]| -> Vec<f32> {
        let kept = values.iter().enumerate().filter(|(class, _)| *class != none);
        kept.map(|(_, value)| *value).collect()
    };
    let best = others(which).into_iter().fold(f32::NEG_INFINITY, f32::max);
    let kinds = logsumexp(others(of_names).into_iter().map(f64::from)) as f32;
    [of_names[none], kinds, best]
}

/// The logarithm of the sum of exponentials, in double precision and with the largest exponent at zero, so that nothing
/// overflows; −∞ of nothing.
pub(crate) fn logsumexp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + values.map(|value| (value - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two kinds of the first class, one of the second, two that are none of them, one that counts for nothing.
    fn evidence() -> Evidence {
        Evidence {
            class_of: vec![Some(0), Some(0), Some(1), Some(2), Some(2), None],
            none: Some(NoneOfThese { others: 0.9, kinds: -0.8, clearness: -0.7, bias: 0.1 }),
        }
    }

    const NAMES: [f32; 6] = [1.0, -1.0, 0.7, 0.2, 0.3, -2.0];

    fn close(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
    }

    #[test]
    fn the_logits_are_those_computed_by_hand() {
        let sum = |logits: &[f32]| logits.iter().map(|logit| logit.exp()).sum::<f32>();
        let share = |logits: &[f32]| (sum(logits) / sum(&NAMES)).ln();
        let [a, b, rest] = [share(&NAMES[..2]), share(&NAMES[2..3]), share(&NAMES[3..5])];
        let (first, second) = (0.1 + a, 0.2 + b);
        let all = sum(&[first, second]).ln();
        let none = 0.9 * rest - 0.8 * sum(&[a, b]).ln() - 0.7 * (first.max(second) - all) + 0.1;
        let found = evidence().weigh(&[0.1, 0.2, 99.0], &NAMES, Some(2));
        for (found, expected) in found.into_iter().zip([first - all, second - all, none]) {
            close(found, expected);
        }
    }

    #[test]
    fn without_none_it_chooses_among_all_classes() {
        // No name counts: each class has the same, lowest log-probability.
        let evidence = Evidence { none: None, class_of: vec![None; 6] };
        let found = evidence.weigh(&[0.0, 1.0, 2.0], &NAMES, None);
        let all = (1.0 + 1f32.exp() + 2f32.exp()).ln();
        for (found, expected) in found.into_iter().zip([-all, 1.0 - all, 2.0 - all]) {
            close(found, expected);
        }
    }

    #[test]
    fn large_logits_stay_numbers() {
        let names = [3e30, -3e30, 300.0, 0.0, 250.0, 0.0];
        let found = evidence().weigh(&[-1e30, 0.0, 1e30], &names, Some(2));
        assert!(found.iter().all(|logit| logit.is_finite()), "{found:?}");
        assert_eq!(evidence().log_probabilities(&names, 3), [0.0, FLOOR, FLOOR]);
    }

    #[test]
    fn a_name_is_a_kind_of_its_class() {
        let of = |index| evidence().class_of_name(index);
        assert_eq!([0, 2, 4, 5].map(of), [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn a_class_is_covered_by_five_names() {
        let class_of = [vec![Some(0); 5], vec![Some(1); 4], vec![None; 9]].concat();
        let evidence = Evidence { class_of, none: None };
        assert_eq!([0, 1, 2].map(|class| evidence.covers(class)), [true, false, false]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let refusal = |wrong: Evidence| wrong.validate(3, 6, Some(2)).unwrap_err();
        assert_eq!(evidence().validate(3, 6, Some(2)), Ok(()));
        assert!(matches!(evidence().validate(3, 5, Some(2)), Err(EvidenceError::Names { .. })));
        assert!(matches!(evidence().validate(2, 6, Some(1)), Err(EvidenceError::TooFew)));
        assert_eq!(evidence().validate(3, 6, None), Err(EvidenceError::None));
        assert_eq!(refusal(Evidence { none: None, ..evidence() }), EvidenceError::None);
        let wrong = Evidence { class_of: vec![Some(3); 6], ..evidence() };
        assert!(matches!(refusal(wrong), EvidenceError::Class { found: 3, .. }));
        for number in [f32::NAN, f32::INFINITY, 101.0] {
            let none = evidence().none.map(|none| NoneOfThese { bias: number, ..none });
            assert!(matches!(refusal(Evidence { none, ..evidence() }), EvidenceError::Number(_)));
        }
    }
}
