//! A head that is taught with a few pictures: ridge regression on their embeddings.
//!
//! The targets are 1 for the class of a picture and 0 for the others, less the mean; the penalty on the weights is
//! what keeps a head of 1,280 inputs from learning a handful of pictures by heart. It is solved in its dual form: with
//! n pictures that is one symmetric system of n equations, whatever the number of features,
//!
//! ```text
//! (K + λD) A = Y,    K = Z·Zᵀ + 1,    weights = Zᵀ·A,    bias = 1ᵀ·A
//! ```
//!
//! where the rows of Z are the embeddings. The diagonal D makes classes count the same, however many pictures each has,
//! and near-copies count as one picture.
//!
//! The same factors give, in closed form, what a head taught without a picture would have said to it (Rasmussen and
//! Williams, "Gaussian processes for machine learning", 2006, section 5.4.2); for several pictures left out together
//! it takes their block of the inverse. So a head is measured on every picture, and none is lost to measuring.

use super::embedding::cosines;
use super::factor::{Factor, Inverse};
use super::{LearnError, copies};
use crate::prediction::argmax;
use crate::temperature::likeliest;

/// The penalty λ. Chosen by episodes of five classes: see `docs/teaching.md`.
pub const PENALTY: f64 = 0.3;
/// What the outputs are multiplied by, so that a temperature of 1 is about right.
pub const SCALE: f64 = 10.0;
/// Of the pictures whose class is found again when they are left out, this share is called 'none of these' instead.
const REFUSED: f64 = 0.05;
/// From this probability on an answer is sure.
pub const NOT_SURE_BELOW: f32 = 0.7;

/// What is taught: pictures of classes.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    /// The embedding of each picture, of length 1: see [`super::Space::embed`].
    pub embeddings: &'a [&'a [f32]],
    /// The class of each picture, from zero.
    pub labels: &'a [usize],
    /// The names of the classes. Each has a picture at least.
    pub classes: &'a [String],
    /// Whether the head may answer 'none of these'.
    pub none: bool,
}

/// A linear head on embeddings, and how its outputs become an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// For each feature the weight of each class, the classes running fastest.
    pub weight: Vec<f32>,
    /// One for each class.
    pub bias: Vec<f32>,
    /// The logits are divided by this before the softmax.
    pub temperature: f32,
    /// The logit of 'none of these', where the head may say so.
    pub none: Option<f32>,
}

/// A head, and what it would have said of each of its pictures without it and its near-copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Taught {
    /// The head, taught with all pictures.
    pub head: Head,
    /// The logits of the classes for each picture, left out with its near-copies.
    pub left_out: Vec<Vec<f32>>,
    /// The set of near-copies of each picture: see [`copies::sets`].
    pub sets: Vec<usize>,
}

impl Lesson<'_> {
    fn validate(&self) -> Result<(), LearnError> {
        let (pictures, labels) = (self.embeddings.len(), self.labels.len());
        if labels != pictures {
            return Err(LearnError::Labels { labels, pictures });
        }
        let classes = self.classes.len();
        if let Some(&found) = self.labels.iter().find(|&&label| label >= classes) {
            return Err(LearnError::Class { found, classes });
        }
        if classes < 2 {
            return Err(LearnError::OneClass);
        }
        for (class, name) in self.classes.iter().enumerate() {
            if self.classes[..class].contains(name) {
                return Err(LearnError::SameName(name.clone()));
            }
            if !self.labels.contains(&class) {
                return Err(LearnError::Empty(name.clone()));
            }
        }
        let expected = self.embeddings[0].len();
        match self.embeddings.iter().find(|row| row.len() != expected) {
            Some(row) => Err(LearnError::Width { found: row.len(), expected }),
            None => Ok(()),
        }
    }

    /// Teaches a head.
    ///
    /// # Errors
    ///
    /// If labels and pictures don't fit together, or there are fewer than two classes: see [`LearnError`].
    pub fn teach(&self) -> Result<Taught, LearnError> {
        self.validate()?;
        let pictures = self.embeddings.len();
        let cosines = cosines(self.embeddings);
        let sets = copies::sets(pictures, |a, b| cosines[a.max(b) * pictures + a.min(b)]);
        let mut kernel: Vec<f64> =
            cosines.into_iter().map(|cosine| f64::from(cosine) + 1.0).collect();
        for (picture, penalty) in self.penalties(&sets).into_iter().enumerate() {
            kernel[picture * (pictures + 1)] += penalty;
        }
        let factor = Factor::new(pictures, kernel).ok_or(LearnError::Singular)?;
        let dual: Vec<Vec<f64>> = (0..self.classes.len())
            .map(|class| {
                let mut column: Vec<f64> =
                    (0..pictures).map(|picture| self.target(picture, class)).collect();
                factor.solve(&mut column);
                column
            })
            .collect();
        let left_out = self.left_out(&factor.inverse(), &dual, &sets)?;
        let (weight, bias) = self.primal(&dual);
        let head = Head {
            weight,
            bias,
            temperature: self.temperature(&left_out, &sets),
            none: self.none.then(|| self.limit(&left_out)),
        };
        Ok(Taught { head, left_out, sets })
    }

    /// What a head is to say of a picture for a class.
    fn target(&self, picture: usize, class: usize) -> f64 {
        f64::from(u8::from(self.labels[picture] == class)) - 1.0 / self.classes.len() as f64
    }

    /// λD: each class counts the same, and in each class each set of near-copies.
    fn penalties(&self, sets: &[usize]) -> Vec<f64> {
        let copies = |picture: usize| {
            let same = |other: &usize| {
                sets[*other] == sets[picture] && self.labels[*other] == self.labels[picture]
            };
            (0..sets.len()).filter(same).count() as f64
        };
        let copies: Vec<f64> = (0..sets.len()).map(copies).collect();
        let mut sizes = vec![0.0; self.classes.len()];
        for (&label, copies) in self.labels.iter().zip(&copies) {
            sizes[label] += 1.0 / copies;
        }
        let all: f64 = sizes.iter().sum();
        let mean = all / sizes.len() as f64;
        self.labels
            .iter()
            .zip(copies)
            .map(|(&label, copies)| PENALTY * copies * sizes[label] / mean)
            .collect()
    }

    /// The weights and biases of the dual coefficients of each class, scaled.
    fn primal(&self, dual: &[Vec<f64>]) -> (Vec<f32>, Vec<f32>) {
        let (width, classes) = (self.embeddings[0].len(), self.classes.len());
        let mut weight = vec![0.0f64; width * classes];
        for (picture, row) in self.embeddings.iter().enumerate() {
            let own: Vec<f64> = dual.iter().map(|column| column[picture]).collect();
            for (weights, &value) in weight.chunks_exact_mut(classes).zip(*row) {
                for (weight, own) in weights.iter_mut().zip(&own) {
                    *weight += f64::from(value) * own;
                }
            }
        }
        let bias = dual.iter().map(|column| (SCALE * column.iter().sum::<f64>()) as f32).collect();
        (weight.into_iter().map(|value| (SCALE * value) as f32).collect(), bias)
    }

    /// The logits of each picture by a head that was taught without its set of near-copies.
    fn left_out(
        &self,
        inverse: &Inverse,
        dual: &[Vec<f64>],
        sets: &[usize],
    ) -> Result<Vec<Vec<f32>>, LearnError> {
        let pictures = sets.len();
        let mut logits = vec![Vec::new(); pictures];
        for first in 0..pictures {
            if sets[first] != first {
                continue;
            }
            let members: Vec<usize> =
                (first..pictures).filter(|&other| sets[other] == first).collect();
            // Their block of the inverse.
            let mut block = vec![0.0; members.len() * members.len()];
            for (a, &one) in members.iter().enumerate() {
                for (b, &other) in members[..=a].iter().enumerate() {
                    block[a * members.len() + b] = inverse.entry(one, other);
                }
            }
            let block = Factor::new(members.len(), block).ok_or(LearnError::Singular)?;
            for (class, column) in dual.iter().enumerate() {
                let mut residuals: Vec<f64> =
                    members.iter().map(|&member| column[member]).collect();
                block.solve(&mut residuals);
                for (&member, residual) in members.iter().zip(residuals) {
                    logits[member].push((SCALE * (self.target(member, class) - residual)) as f32);
                }
            }
        }
        Ok(logits)
    }

    /// Whether a head that was taught without a picture and its near-copies knew its class at all.
    pub fn measurable(&self, sets: &[usize], picture: usize) -> bool {
        let others = |other: usize| {
            self.labels[other] == self.labels[picture] && sets[other] != sets[picture]
        };
        (0..sets.len()).any(others)
    }

    /// The temperature that makes the labels of the pictures left out most likely.
    fn temperature(&self, left_out: &[Vec<f32>], sets: &[usize]) -> f32 {
        let measurable: Vec<usize> =
            (0..sets.len()).filter(|&picture| self.measurable(sets, picture)).collect();
        // Without a single error the lowest temperature would be the likeliest: then it stays what it usually is.
        let errs =
            measurable.iter().any(|&picture| argmax(&left_out[picture]) != self.labels[picture]);
        likeliest(if errs { -1.5 } else { 0.0 }, |log| {
            let loss = |&picture: &usize| {
                let scaled = |class: usize| f64::from(left_out[picture][class]) / log.exp();
                let own = scaled(self.labels[picture]);
                let all: f64 =
                    (0..self.classes.len()).map(|class| (scaled(class) - own).exp()).sum();
                all.ln()
            };
            measurable.iter().map(loss).sum()
        })
    }

    /// The logit of 'none of these': a picture that no class says as much to is none of them.
    fn limit(&self, left_out: &[Vec<f32>]) -> f32 {
        let right = |picture: &usize| argmax(&left_out[*picture]) == self.labels[*picture];
        let mut highest: Vec<f32> = (0..left_out.len())
            .filter(right)
            .map(|picture| left_out[picture][self.labels[picture]])
            .collect();
        highest.sort_unstable_by(f32::total_cmp);
        let place = (highest.len() as f64 * REFUSED) as usize;
        highest.get(place).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::Report;
    use crate::learn::embedding::cosine;
    use nalgebra::{DMatrix, DVector, linalg::Cholesky};

    const WIDTH: usize = 24;

    /// Numbers from −0.5 to 0.5 that look drawn at random and never change.
    fn noise(seed: usize) -> impl Iterator<Item = f32> {
        let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 24) as f32 - 0.5
        })
    }

    fn unit(mut row: Vec<f32>) -> Vec<f32> {
        let length = cosine(&row, &row).sqrt();
        row.iter_mut().for_each(|value| *value /= length);
        row
    }

    /// A picture of a class: its axis and noise.
    fn picture(class: usize, number: usize, spread: f32) -> Vec<f32> {
        let noise = noise(100 * class + number);
        let axis = |place| if place == class { 1.0 } else { 0.0 };
        unit(
            noise
                .take(WIDTH)
                .enumerate()
                .map(|(place, value)| axis(place) + spread * value)
                .collect(),
        )
    }

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|class| format!("class {class}")).collect()
    }

    fn teach(rows: &[Vec<f32>], labels: &[usize], classes: usize, none: bool) -> (Taught, Report) {
        let embeddings: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let classes = names(classes);
        let lesson = Lesson { embeddings: &embeddings, labels, classes: &classes, none };
        let taught = lesson.teach().unwrap();
        let report = Report::new(&lesson, &taught);
        (taught, report)
    }

    #[test]
    fn it_learns_from_two_pictures_of_each_class() {
        let labels = [0, 0, 1, 1, 2, 2];
        let rows: Vec<_> = labels.iter().enumerate().map(|(n, &c)| picture(c, n, 0.4)).collect();
        let (taught, report) = teach(&rows, &labels, 3, true);
        for class in 0..3 {
            let logits = taught.head.logits(&picture(class, 77, 0.4));
            assert_eq!(taught.head.rank(&logits, &names(3))[0].index, class);
        }
        assert_eq!(report.accuracy, Some(1.0));
        let unlike = taught.head.logits(&picture(9, 1, 0.4));
        let best = &taught.head.rank(&unlike, &names(3))[0];
        assert_eq!((best.index, best.label.as_str()), (3, "none"));
    }

    #[test]
    fn what_was_left_out_is_as_if_it_had_never_been_there() {
        let labels: Vec<usize> = (0..14).map(|n| n % 2).collect();
        let mut rows: Vec<_> = (0..14).map(|n| picture(n % 2, n, 1.5)).collect();
        // A near-copy of another picture of its class, which is left out with it.
        rows[6] = unit(rows[4].iter().zip(noise(5)).map(|(v, n)| v + 0.02 * n).collect());
        let embeddings: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let classes = names(2);
        let lesson =
            Lesson { embeddings: &embeddings, labels: &labels, classes: &classes, none: false };
        let Taught { left_out, sets, .. } = lesson.teach().unwrap();
        assert_eq!((sets[4], sets[6]), (4, 4));
        let penalties = lesson.penalties(&sets);
        for left in [0, 3, 4, 6] {
            // The same system without the set, solved anew.
            let rest: Vec<usize> = (0..14).filter(|&other| sets[other] != sets[left]).collect();
            let system = DMatrix::from_fn(rest.len(), rest.len(), |a, b| {
                let penalty = if a == b { penalties[rest[a]] } else { 0.0 };
                f64::from(cosine(&rows[rest[a]], &rows[rest[b]])) + 1.0 + penalty
            });
            let target = |class: usize| {
                DVector::from_fn(
                    rest.len(),
                    |a, _| if labels[rest[a]] == class { 0.5 } else { -0.5 },
                )
            };
            for (class, closed) in left_out[left].iter().take(2).enumerate() {
                let dual = Cholesky::new(system.clone()).unwrap().solve(&target(class));
                let said: f64 = rest
                    .iter()
                    .zip(dual.iter())
                    .map(|(&other, dual)| {
                        dual * (f64::from(cosine(&rows[other], &rows[left])) + 1.0)
                    })
                    .sum();
                let closed = f64::from(*closed);
                assert!(
                    (SCALE * said - closed).abs() < 1e-4,
                    "picture {left}: {} and {closed}",
                    SCALE * said
                );
            }
        }
    }

    #[test]
    fn near_copies_do_not_prove_what_was_not_learnt() {
        // Labels that mean nothing, and three frames of every picture: one frame would give the others away.
        let labels: Vec<usize> = (0..60).map(|n| (n / 3) * 7 % 4 % 2).collect();
        let rows: Vec<_> = (0..60)
            .map(|n| {
                let scene = noise(1000 + n / 3).take(WIDTH);
                unit(scene.zip(noise(n)).map(|(value, frame)| value + 0.05 * frame).collect())
            })
            .collect();
        let (_, report) = teach(&rows, &labels, 2, false);
        assert_eq!(report.copies, 60);
        let accuracy = report.accuracy.unwrap();
        assert!(accuracy < 0.65, "{accuracy}");
        assert!(
            report.interval.high - report.interval.low > 0.3,
            "twenty scenes, not sixty pictures"
        );
        // Each frame apart would be believed.
        let apart: Vec<_> = (0..60)
            .map(|n| {
                unit(
                    noise(1000 + n / 3)
                        .take(WIDTH)
                        .zip(noise(n))
                        .map(|(v, f)| v + 0.4 * f)
                        .collect(),
                )
            })
            .collect();
        let (_, believed) = teach(&apart, &labels, 2, false);
        let believed = believed.accuracy.unwrap();
        assert!(believed > accuracy + 0.15, "{believed}, {accuracy}");
    }

    #[test]
    fn classes_count_the_same_however_many_pictures_they_have() {
        let labels: Vec<usize> = (0..42).map(|n| usize::from(n < 2)).collect();
        let rows: Vec<_> =
            labels.iter().enumerate().map(|(n, &class)| picture(class, n, 0.8)).collect();
        let (taught, _) = teach(&rows, &labels, 2, false);
        let right = (100..140).filter(|&n| {
            let logits = taught.head.logits(&picture(1, n, 0.8));
            logits[1] > logits[0]
        });
        assert!(right.count() > 24);
    }

    #[test]
    fn a_wrong_label_and_the_poorest_class_are_named() {
        let mut labels: Vec<usize> = (0..30).map(|n| n % 3).collect();
        let rows: Vec<_> = (0..30).map(|n| picture(n % 3, n, 0.3)).collect();
        labels[4] = 2;
        let (_, report) = teach(&rows, &labels, 3, true);
        assert_eq!(report.suspicious[0], 4);
        assert!(report.confusion[2][1] >= 1, "{:?}", report.confusion);
        assert_eq!(report.alike, [[0usize; 2]; 0]);
        let (_, report) = teach(&rows[..7], &[0, 1, 2, 0, 1, 2, 0][..7], 3, true);
        assert_eq!(report.measured, 7);
        let (_, report) = teach(&rows[..5], &[0, 1, 2, 0, 1], 3, true);
        assert_eq!((report.measured, report.helps), (4, 2), "of one picture, nothing is known");
        // The same pictures in two classes.
        let twice: Vec<_> = (0..8).map(|n| picture(0, n % 4, 0.5)).collect();
        let (_, report) = teach(&twice, &[0, 0, 0, 0, 1, 1, 1, 1], 2, false);
        assert_eq!(report.alike, [[0, 1]]);
        assert_eq!(report.suspicious.len(), 8);
    }

    #[test]
    fn one_picture_of_a_class_is_taught_and_not_measured() {
        let rows = [picture(0, 1, 0.2), picture(1, 2, 0.2)];
        let (taught, report) = teach(&rows, &[0, 1], 2, false);
        assert_eq!((report.measured, report.accuracy), (0, None));
        let logits = taught.head.logits(&picture(1, 50, 0.2));
        assert_eq!(taught.head.rank(&logits, &names(2))[0].index, 1);
    }

    #[test]
    fn a_lesson_that_makes_no_sense_is_refused() {
        let rows = [picture(0, 1, 0.2), picture(1, 2, 0.2)];
        let embeddings: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let two = names(2);
        let refusal = |labels: &[usize], classes: &[String]| {
            let lesson = Lesson { embeddings: &embeddings, labels, classes, none: true };
            lesson.teach().unwrap_err()
        };
        assert_eq!(refusal(&[0], &two), LearnError::Labels { labels: 1, pictures: 2 });
        assert_eq!(refusal(&[0, 2], &two), LearnError::Class { found: 2, classes: 2 });
        assert_eq!(refusal(&[0, 0], &two[..1]), LearnError::OneClass);
        assert_eq!(refusal(&[0, 0], &two), LearnError::Empty("class 1".to_owned()));
        let same = ["a", "a"].map(str::to_owned);
        assert_eq!(refusal(&[0, 1], &same), LearnError::SameName("a".to_owned()));
        let short = [rows[0].as_slice(), &rows[1][1..]];
        let lesson = Lesson { embeddings: &short, labels: &[0, 1], classes: &two, none: true };
        assert_eq!(lesson.teach(), Err(LearnError::Width { found: 23, expected: 24 }));
    }
}
