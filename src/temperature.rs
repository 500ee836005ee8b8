//! The search for the temperature that makes labels most likely (Guo et al., "On calibration of modern neural
//! networks", arXiv:1706.04599).

/// Temperatures are looked for in this range.
pub const TEMPERATURES: (f64, f64) = (0.05, 20.0);
/// How strongly a temperature of 1 is expected: the precision of a Gaussian on the temperature's logarithm. An image
/// tells at most 0.44 about that logarithm (its Fisher information, at a probability of 0.92), so that this is worth
/// five images or more.
const PRIOR: f64 = 2.0;

/// The temperature with the lowest sum of a loss, given its logarithm, and of what it is expected to be; from
/// `lowest`, a logarithm, upwards.
pub fn likeliest(lowest: f64, loss: impl Fn(f64) -> f64) -> f32 {
    let loss = |log: f64| loss(log) + PRIOR * log * log / 2.0;
    let highest = TEMPERATURES.1.ln();
    // First where about, because the loss and the expectation together may have more than one minimum.
    const STEPS: usize = 16;
    let step = (highest - lowest) / STEPS as f64;
    let place = |index: usize| lowest + step * index as f64;
    let losses: Vec<f64> = (0..=STEPS).map(|index| loss(place(index))).collect();
    let best = (0..=STEPS).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap_or(0);
    // Then by golden-section search.
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (place(best.saturating_sub(1)), place((best + 1).min(STEPS)));
    while high - low > 1e-4 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    // An end of the range is reached only in the limit.
    let middle = (low + high) / 2.0;
    let ends = [lowest, middle, highest];
    let found = ends.into_iter().min_by(|&a, &b| loss(a).total_cmp(&loss(b))).unwrap_or(middle);
    found.exp() as f32
}
