//! Features of a backbone as directions: centred, and of length one.
//!
//! The features of a ReLU network are all positive, so any two pictures look alike by them. Without the mean that they
//! have over many photos, the cosine of two pictures says how alike they are.

use super::LearnError;
use crate::products::{ROWS, product, products};

/// The space that embeddings lie in.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    centre: Vec<f32>,
}

impl Space {
    /// A space around the mean of the features over many photos.
    pub fn new(centre: Vec<f32>) -> Self {
        Self { centre }
    }

    /// How many numbers an embedding has.
    pub fn width(&self) -> usize {
        self.centre.len()
    }

    /// The embedding that belongs to features: of length 1, or all zeros where the features are the centre itself.
    ///
    /// # Errors
    ///
    /// [`LearnError::Width`] or [`LearnError::NotFinite`].
    pub fn embed(&self, features: &[f32]) -> Result<Vec<f32>, LearnError> {
        let (found, expected) = (features.len(), self.centre.len());
        if found != expected {
            return Err(LearnError::Width { found, expected });
        }
        let centred: Vec<f64> =
            features.iter().zip(&self.centre).map(|(f, c)| f64::from(*f) - f64::from(*c)).collect();
        let length = centred.iter().map(|value| value * value).sum::<f64>().sqrt();
        if !length.is_finite() {
            return Err(LearnError::NotFinite);
        }
        let length = if length > 1e-6 { length } else { 1.0 };
        Ok(centred.into_iter().map(|value| (value / length) as f32).collect())
    }
}

/// Sums that each cosine is made of.
const LANES: usize = 4;

/// The cosine of two embeddings, from −1 to 1.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    product::<_, LANES>(a, b)
}

/// The cosines of all pairs of embeddings: row by row, those of each with the ones before it and with itself.
///
/// # Shapes
///
/// - result: `[n, n]`, zero above the diagonal
pub(super) fn cosines(embeddings: &[&[f32]]) -> Vec<f32> {
    let count = embeddings.len();
    let mut all = vec![0.0; count * count];
    for first in (0..count).step_by(ROWS) {
        // Beyond the last, the last once more.
        let rows = std::array::from_fn(|each| embeddings[(first + each).min(count - 1)]);
        for (earlier, embedding) in embeddings.iter().enumerate().take(first + ROWS) {
            for (each, cosine) in products::<_, LANES>(embedding, rows).into_iter().enumerate() {
                let row = first + each;
                if row < count && earlier <= row {
                    all[row * count + earlier] = cosine;
                }
            }
        }
    }
    all
}

/// The Euclidean distance of two points.
pub(super) fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt()
}

/// Checks that there are at least two embeddings, all of the same length.
pub(super) fn validate(embeddings: &[Vec<f32>]) -> Result<(), LearnError> {
    let [first, _, ..] = embeddings else { return Err(LearnError::TooFew) };
    match embeddings.iter().find(|row| row.len() != first.len()) {
        Some(row) => Err(LearnError::Width { found: row.len(), expected: first.len() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedding_is_centred_and_of_length_one() {
        let space = Space::new(vec![1.0, 1.0, 1.0]);
        assert_eq!(space.embed(&[4.0, 5.0, 1.0]), Ok(vec![0.6, 0.8, 0.0]));
        assert_eq!(space.embed(&[1.0, 1.0, 1.0]), Ok(vec![0.0; 3]));
        assert_eq!(space.embed(&[1.0]), Err(LearnError::Width { found: 1, expected: 3 }));
        assert_eq!(space.embed(&[f32::NAN, 0.0, 0.0]), Err(LearnError::NotFinite));
    }

    #[test]
    fn the_cosine_is_the_sum_of_products() {
        let a: Vec<f32> = (0..19).map(|i| i as f32).collect();
        assert_eq!(cosine(&a, &[2.0; 19]), 2.0 * 171.0);
        assert_eq!(cosine(&[], &[]), 0.0);
    }
}
