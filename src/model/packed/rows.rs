//! A dense layer for one picture in single precision: its inputs' weights, row by row as a weights file has them.

use super::lanes::Quad;
use super::pool::{MOST_THREADS, Scattered, shared};

/// Adds to each of `sums` its column of the weights, each of which is multiplied with the input of its row.
///
/// # Shapes
///
/// - `weights`: `[inputs, sums]`
///
/// # Panics
///
/// If there are more or fewer weights.
pub fn add_weighted_rows(weights: &[f32], inputs: &[f32], sums: &mut [f32]) {
    /// What a product costs, whose weight comes from far away, beside one of two integers that are at hand.
    const COST: usize = 8;
    let wide = sums.len();
    assert_eq!(weights.len(), inputs.len() * wide, "a weight for each input and each sum");
    let (quads, rest) = (wide / QUAD, wide % QUAD);
    let (whole, last) = sums.split_at_mut(wide - rest);
    let whole = Scattered::new(whole);
    shared().share(quads, inputs.len() * QUAD * COST, &mut [(); MOST_THREADS], |range, ()| {
        // SAFETY: no other thread has these sums.
        let sums = unsafe { whole.slice(range.start * QUAD, range.len() * QUAD) };
        add_to_quads(weights, inputs, wide, range.start * QUAD, sums);
    });
    for (row, input) in inputs.iter().enumerate() {
        let weights = &weights[row * wide + wide - rest..][..rest];
        for (sum, weight) in last.iter_mut().zip(weights) {
            *sum += input * weight;
        }
    }
}

/// Sums in a vector.
const QUAD: usize = 4;

/// Adds to sums, so many that they are whole vectors, the first of which is at `from`.
fn add_to_quads(weights: &[f32], inputs: &[f32], wide: usize, from: usize, sums: &mut [f32]) {
    /// So many rows are added at once, for each time that a sum is read and written.
    const ROWS: usize = 4;
    assert!(sums.len().is_multiple_of(QUAD) && from + sums.len() <= wide);
    let (fours, rest) = inputs.as_chunks::<ROWS>();
    let of_fours = weights.chunks_exact((ROWS * wide).max(1));
    for (inputs, weights) in fours.iter().zip(of_fours) {
        let quads = inputs.map(Quad::splat);
        for at in (0..sums.len()).step_by(QUAD) {
            // SAFETY: four sums begin at `at`, and so do four weights, `from` farther on, in each of the four rows.
            unsafe {
                let product = |row: usize| {
                    quads[row].times(Quad::read(weights.as_ptr().add(row * wide + from + at)))
                };
                let first = product(0).plus(product(1));
                let second = product(2).plus(product(3));
                let sum = sums.as_mut_ptr().add(at);
                Quad::read(sum).plus(first.plus(second)).write(sum);
            }
        }
    }
    let left = weights[(inputs.len() - rest.len()) * wide..].chunks_exact(wide.max(1));
    for (input, weights) in rest.iter().zip(left) {
        for (sum, weight) in sums.iter_mut().zip(&weights[from..]) {
            *sum += input * weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_a_plain_loop() {
        for (inputs, wide) in [(1, 1), (3, 4), (4, 3), (9, 11), (16, 8), (0, 5)] {
            let number = |at: usize| (at * 37 % 64) as f32 - 31.0;
            let weights: Vec<f32> = (0..inputs * wide).map(number).collect();
            let row: Vec<f32> = (0..inputs).map(|at| number(at + 5)).collect();
            let mut found: Vec<f32> = (0..wide).map(number).collect();
            let expected: Vec<f32> = (0..wide)
                .map(|at| {
                    let products = row.iter().enumerate().map(|(i, x)| x * weights[i * wide + at]);
                    number(at) + products.sum::<f32>()
                })
                .collect();
            add_weighted_rows(&weights, &row, &mut found);
            // Whole numbers: no order of the sums rounds them.
            assert_eq!(found, expected, "{inputs} by {wide}");
        }
    }
}
