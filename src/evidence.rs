//! What a wide vocabulary says about a few classes.
//!
//! The photo network's body was trained on a thousand names, and many of them are kinds of a class: 120 breeds are
//! dogs. Its head has a row for each class and one for each name, and the probability of a class is that of its own
//! row and of all its kinds together, in one softmax over all rows. So the names answer for photographs, on which they
//! were trained; the rows of the classes have to learn only what the names do not know, such as pictures of 32 pixels;
//! and whatever is recognised as something else, a teapot, speaks for 'none of these'.

use serde::{Deserialize, Serialize};

/// How the logits of a vocabulary count for classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// For each name, the class that it is a kind of; the class 'none of these' for a name that is a kind of no
    /// other; nothing where it counts for no class.
    pub class_of: Vec<Option<usize>>,
    /// The logits of names are multiplied by this. Above 0, at most 100.
    pub scale: f32,
    /// Added to the logits of the kinds of a class, but not to those of 'none of these': a picture that is shown to a
    /// network of few classes is more often of one of them than chance would have it. From −100 to 100.
    pub bonus: f32,
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
    /// A number is out of its range.
    #[error(
        "The scale of evidence must be above 0 and at most 100 and its bonus within 100, not {0} and {1}."
    )]
    Numbers(f32, f32),
}

/// Numbers beyond this are damage, and could make logits infinite.
const LARGEST: f32 = 100.0;

impl Evidence {
    /// Checks it against so many classes and names.
    ///
    /// # Errors
    ///
    /// See [`EvidenceError`].
    pub fn validate(&self, classes: usize, names: usize) -> Result<(), EvidenceError> {
        if self.class_of.len() != names {
            return Err(EvidenceError::Names { found: self.class_of.len(), expected: names });
        }
        if classes < 3 {
            return Err(EvidenceError::TooFew);
        }
        if let Some(&found) = self.class_of.iter().flatten().find(|&&class| class >= classes) {
            return Err(EvidenceError::Class { found, classes });
        }
        let Self { scale, bonus, .. } = *self;
        if !(scale > 0.0 && scale <= LARGEST && bonus.abs() <= LARGEST) {
            return Err(EvidenceError::Numbers(scale, bonus));
        }
        Ok(())
    }

    /// The class that a name is a kind of, by their places; `none` is that of 'none of these'.
    pub fn class_of_name(&self, index: usize, _none: Option<usize>) -> Option<usize> {
        self.class_of.get(index).copied().flatten()
    }

    /// The logits of the classes, with what the names say: of each class the logarithm of the sum of the exponentials
    /// of its own row and of all its kinds.
    ///
    /// `none` is the place of 'none of these' among the classes.
    pub fn weigh(&self, classes: &[f32], names: &[f32], none: Option<usize>) -> Vec<f32> {
        let mut sums: Vec<LogSum> = classes.iter().map(|&logit| LogSum::of(logit)).collect();
        for (term, class) in self.terms(names, none) {
            sums[class].add(term);
        }
        sums.into_iter().map(LogSum::value).collect()
    }

    /// The logarithm of the sum of the exponentials of all names that count for any class.
    pub fn mass(&self, names: &[f32], none: Option<usize>) -> f32 {
        let mut sum = LogSum::of(f32::NEG_INFINITY);
        for (term, _) in self.terms(names, none) {
            sum.add(term);
        }
        sum.value()
    }

    /// What each name adds, and to which class.
    fn terms<'a>(
        &'a self,
        names: &'a [f32],
        none: Option<usize>,
    ) -> impl Iterator<Item = (f32, usize)> + 'a {
        names.iter().zip(&self.class_of).filter_map(move |(logit, class)| {
            let class = (*class)?;
            let bonus = if Some(class) == none { 0.0 } else { self.bonus };
            Some((logit * self.scale + bonus, class))
        })
    }
}

/// A sum of exponentials, kept relative to the largest exponent so that nothing overflows.
#[derive(Clone, Copy)]
struct LogSum {
    largest: f32,
    sum: f64,
}

impl LogSum {
    fn of(term: f32) -> Self {
        Self { largest: term, sum: 1.0 }
    }

    fn add(&mut self, term: f32) {
        if term > self.largest {
            self.sum = self.sum * f64::from(self.largest - term).exp() + 1.0;
            self.largest = term;
        } else {
            self.sum += f64::from(term - self.largest).exp();
        }
    }

    fn value(self) -> f32 {
        self.largest + self.sum.ln() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two kinds of the first class, one that is none of them, one that counts for nothing.
    fn evidence() -> Evidence {
        Evidence { class_of: vec![Some(0), Some(0), Some(2), None], scale: 2.0, bonus: 0.5 }
    }

    #[test]
    fn a_class_is_itself_and_all_its_kinds() {
        let (classes, names) = ([0.1f32, 0.2, 0.3], [1.0f32, -1.0, 0.7, 99.0]);
        let found = evidence().weigh(&classes, &names, Some(2));
        let expected = [
            (0.1f32.exp() + 2.5f32.exp() + (-1.5f32).exp()).ln(),
            0.2,
            (0.3f32.exp() + 1.4f32.exp()).ln(),
        ];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
        }
        let mass = (2.5f32.exp() + (-1.5f32).exp() + 1.4f32.exp()).ln();
        assert!((evidence().mass(&names, Some(2)) - mass).abs() < 1e-6);
    }

    #[test]
    fn large_logits_stay_numbers() {
        let found = evidence().weigh(&[0.0; 3], &[300.0, -300.0, 250.0, 0.0], Some(2));
        assert_eq!(found, [600.5, 0.0, 500.0]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(evidence().validate(3, 4), Ok(()));
        assert!(matches!(evidence().validate(3, 5), Err(EvidenceError::Names { .. })));
        assert!(matches!(evidence().validate(2, 4), Err(EvidenceError::TooFew)));
        let wrong = Evidence { class_of: vec![Some(3); 4], ..evidence() };
        assert!(matches!(wrong.validate(3, 4), Err(EvidenceError::Class { found: 3, .. })));
        for (scale, bonus) in [(0.0, 0.0), (f32::NAN, 0.0), (1e38, 0.0), (1.0, f32::NAN)] {
            let wrong = Evidence { scale, bonus, ..evidence() };
            assert!(matches!(wrong.validate(3, 4), Err(EvidenceError::Numbers(..))));
        }
    }
}
