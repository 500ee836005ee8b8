//! Random Fourier features (Rahimi and Recht 2007): a linear machine on them is nearly one with a radial kernel.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;

use super::Rows;
use super::matrix::cross;

/// Cosines of random projections.
#[derive(Debug, Clone, PartialEq)]
pub struct Fourier {
    directions: Rows,
    phases: Vec<f32>,
}

impl Fourier {
    /// `features` cosines of rows with `columns` numbers, for the kernel `exp(-gamma |a - b|²)`.
    pub fn new(columns: usize, features: usize, gamma: f32, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let deviation = (2.0 * gamma).sqrt();
        let draw = |random: &mut ChaCha8Rng| deviation * random.sample::<f32, _>(StandardNormal);
        let directions = (0..features * columns).map(|_| draw(&mut random)).collect();
        let phases =
            (0..features).map(|_| random.random_range(0.0..std::f32::consts::TAU)).collect();
        Self { directions: Rows::new(directions, columns), phases }
    }

    /// The features of each row; their products are nearly the kernel's values.
    pub fn apply(&self, rows: &Rows) -> Rows {
        self.apply_to_values(rows.values())
    }

    /// The same of the values of whole rows.
    pub fn apply_to_values(&self, values: &[f32]) -> Rows {
        let features = self.phases.len();
        let scale = (2.0 / features as f32).sqrt();
        let mut waves = cross(values, self.directions.values(), self.directions.columns());
        waves.par_chunks_mut(features).for_each(|row| {
            row.iter_mut().zip(&self.phases).for_each(|(wave, phase)| {
                *wave = scale * (*wave + phase).cos();
            });
        });
        Rows::new(waves, features)
    }

    /// How many features it makes.
    pub fn features(&self) -> usize {
        self.phases.len()
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        self.directions.values().len() + self.phases.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_nearly_the_kernel_and_the_seed_decides() {
        let rows = Rows::new(vec![0.0, 0.0, 1.0, 0.5, -1.0, 2.0], 2);
        let fourier = Fourier::new(2, 20_000, 0.4, 1);
        let features = fourier.apply(&rows);
        for (a, b, square) in [(0, 0, 0.0), (0, 1, 1.25), (1, 2, 6.25)] {
            let product: f32 =
                features.row(a).iter().zip(features.row(b)).map(|(a, b)| a * b).sum();
            assert!((product - (-0.4f32 * square).exp()).abs() < 0.03, "{a} {b} {product}");
        }
        assert_eq!(fourier, Fourier::new(2, 20_000, 0.4, 1));
        assert_ne!(fourier, Fourier::new(2, 20_000, 0.4, 2));
    }
}
