//! A dense layer for one picture in single precision: its inputs' weights, row by row as a weights file has them.

use super::lanes::Quad;
use super::pool::{self, MOST_THREADS, Scattered};

/// So many sums are a thread's at a time, and what a product costs, beside one of two integers: more, as every weight comes
/// from memory.
const BLOCK: usize = 64;
const COST: usize = 4;

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
    let wide = sums.len();
    assert_eq!(weights.len(), inputs.len() * wide, "a weight for each input and each sum");
    let blocks = wide.div_ceil(BLOCK);
    let sums = Scattered::new(sums);
    let cost = BLOCK * inputs.len() * COST;
    pool::shared().share(blocks, cost, &mut [(); MOST_THREADS], |blocks, ()| {
        let columns = blocks.start * BLOCK..wide.min(blocks.end * BLOCK);
        // SAFETY: no other thread has these blocks.
        let sums = unsafe { sums.slice(columns.start, columns.len()) };
        add_columns(weights, wide, columns.start, inputs, sums);
    });
}

/// As [`add_weighted_rows`], for the columns from `first` on of which there are sums.
fn add_columns(weights: &[f32], wide: usize, first: usize, inputs: &[f32], sums: &mut [f32]) {
    /// So many rows are added at once, for each time that a sum is read and written.
    const ROWS: usize = 4;
    let own = sums.len();
    let row = |row: usize| &weights[row * wide + first..][..own];
    let whole = own / 4 * 4;
    let (fours, rest) = inputs.as_chunks::<ROWS>();
    for (four, inputs) in fours.iter().enumerate() {
        let rows: [&[f32]; ROWS] = std::array::from_fn(|of| row(four * ROWS + of));
        let quads = inputs.map(Quad::splat);
        for at in (0..whole).step_by(4) {
            // SAFETY: four sums begin at `at`, and so do four weights in each of the four rows.
            unsafe {
                let product = |of: usize| quads[of].times(Quad::read(rows[of].as_ptr().add(at)));
                let first = product(0).plus(product(1));
                let second = product(2).plus(product(3));
                let sum = sums.as_mut_ptr().add(at);
                Quad::read(sum).plus(first.plus(second)).write(sum);
            }
        }
        for (row, input) in rows.iter().zip(inputs) {
            for (sum, weight) in sums[whole..].iter_mut().zip(&row[whole..]) {
                *sum += input * weight;
            }
        }
    }
    for (input, at) in rest.iter().zip(inputs.len() - rest.len()..) {
        for (sum, weight) in sums.iter_mut().zip(row(at)) {
            *sum += input * weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_a_plain_loop() {
        for (inputs, wide) in [(1, 1), (3, 4), (4, 3), (9, 11), (16, 8), (0, 5), (6, 131)] {
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
