//! Random draws that depend on the seed and on what they are for, never on what was drawn before.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution};

/// A generator for one purpose, from the run's seed and whatever else distinguishes the draw.
pub(super) fn generator(seed: u64, purpose: u64, index: u64) -> ChaCha8Rng {
    let mut bytes = [0u8; 32];
    for (part, value) in bytes.chunks_exact_mut(8).zip([seed, purpose, index, 0]) {
        part.copy_from_slice(&value.to_le_bytes());
    }
    ChaCha8Rng::from_seed(bytes)
}

/// The order in which an epoch goes through the images.
pub(super) fn order_of_epoch(images: usize, seed: u64, epoch: usize) -> Vec<usize> {
    const ORDER: u64 = u64::MAX;
    let mut order: Vec<usize> = (0..images).collect();
    order.shuffle(&mut generator(seed, ORDER, epoch as u64));
    order
}

/// The larger share of two images that are mixed, in `[0.5, 1]`, drawn from a Beta distribution for the batch that begins
/// with an image. No images are mixed where `alpha` is no parameter of such a distribution.
pub(super) fn share_of_mixture(alpha: f32, seed: u64, epoch: usize, first: usize) -> f32 {
    const MIXTURE: u64 = u64::MAX - 1;
    let mut random = generator(seed.wrapping_add((epoch as u64) << 32), MIXTURE, first as u64);
    Beta::new(alpha, alpha).map_or(1.0, |beta| {
        let share = beta.sample(&mut random);
        share.max(1.0 - share)
    })
}
