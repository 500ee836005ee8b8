//! Random draws that depend on the seed and on what they are for, never on what was drawn before.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

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
