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

use nalgebra::{DMatrix, DVector, Dyn, linalg::Cholesky};

use super::embedding::cosine;
use super::{LearnError, copies};
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
        // The lower half is all that is looked at.
        let mut kernel = DMatrix::<f64>::zeros(pictures, pictures);
        for a in 0..pictures {
            for b in 0..=a {
                kernel[(a, b)] = f64::from(cosine(self.embeddings[a], self.embeddings[b]));
            }
        }
        let sets = copies::sets(pictures, |a, b| kernel[(a.max(b), a.min(b))] as f32);
        for (picture, penalty) in self.penalties(&sets).into_iter().enumerate() {
            kernel[(picture, picture)] += penalty;
        }
        kernel.add_scalar_mut(1.0);
        let factor = Cholesky::new(kernel).ok_or(LearnError::Singular)?;
        let classes = self.classes.len();
        let targets = DMatrix::from_fn(pictures, classes, |picture, class| {
            f64::from(u8::from(self.labels[picture] == class)) - 1.0 / classes as f64
        });
        let dual = factor.solve(&targets);
        let left_out = self.left_out(&factor, &dual, &targets, &sets)?;
        let (weight, bias) = self.primal(&dual);
        let head = Head {
            weight,
            bias,
            temperature: self.temperature(&left_out, &sets),
            none: self.none.then(|| self.limit(&left_out)),
        };
        Ok(Taught { head, left_out, sets })
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

    /// The weights and biases of the dual coefficients, scaled.
    fn primal(&self, dual: &DMatrix<f64>) -> (Vec<f32>, Vec<f32>) {
        let (width, classes) = (self.embeddings[0].len(), self.classes.len());
        let mut weight = vec![0.0f64; width * classes];
        for (picture, row) in self.embeddings.iter().enumerate() {
            for (feature, &value) in row.iter().enumerate() {
                for class in 0..classes {
                    weight[feature * classes + class] += f64::from(value) * dual[(picture, class)];
                }
            }
        }
        let bias = (0..classes).map(|class| (SCALE * dual.column(class).sum()) as f32).collect();
        (weight.into_iter().map(|value| (SCALE * value) as f32).collect(), bias)
    }

    /// The logits of each picture by a head that was taught without its set of near-copies.
    fn left_out(
        &self,
        factor: &Cholesky<f64, Dyn>,
        dual: &DMatrix<f64>,
        targets: &DMatrix<f64>,
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
            // Their block of the inverse, by the inverse of the factor.
            let mut columns = Vec::new();
            for &member in &members {
                let mut unit = DVector::<f64>::zeros(pictures);
                unit[member] = 1.0;
                factor.l_dirty().solve_lower_triangular_mut(&mut unit);
                columns.push(unit);
            }
            let block =
                DMatrix::from_fn(members.len(), members.len(), |a, b| columns[a].dot(&columns[b]));
            let own = DMatrix::from_fn(members.len(), targets.ncols(), |member, class| {
                dual[(members[member], class)]
            });
            let residuals = Cholesky::new(block).ok_or(LearnError::Singular)?.solve(&own);
            for (place, &member) in members.iter().enumerate() {
                logits[member] = (0..targets.ncols())
                    .map(|class| {
                        (SCALE * (targets[(member, class)] - residuals[(place, class)])) as f32
                    })
                    .collect();
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
            measurable.iter().any(|&picture| best(&left_out[picture]) != self.labels[picture]);
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
        let right = |picture: &usize| best(&left_out[*picture]) == self.labels[*picture];
        let mut highest: Vec<f32> = (0..left_out.len())
            .filter(right)
            .map(|picture| left_out[picture][self.labels[picture]])
            .collect();
        highest.sort_unstable_by(f32::total_cmp);
        let place = (highest.len() as f64 * REFUSED) as usize;
        highest.get(place).copied().unwrap_or(0.0)
    }
}

fn best(logits: &[f32]) -> usize {
    (0..logits.len()).fold(0, |best, class| if logits[class] > logits[best] { class } else { best })
}
