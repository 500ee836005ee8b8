//! The products of each row of one table with each row of another: nearly all the time of nearest neighbours, and of random
//! features.

use burn::backend::Flex;
use burn::tensor::{Tensor, TensorData};

use crate::products::{ROWS, product, products};

/// Fewer rows than that are multiplied one by one: to arrange the others for a product of matrices takes longer.
const FEW: usize = 8;
/// Sums that each sum of products is made of.
const LANES: usize = 16;

/// The products, for each row of `a` those with all rows of `b`. Many rows are shared out among threads.
///
/// # Shapes
///
/// - `a`: `[n, columns]`, `b`: `[m, columns]`, row by row
/// - output: `[n, m]`, row by row
pub fn cross(a: &[f32], b: &[f32], columns: usize) -> Vec<f32> {
    let (n, m) = (a.len() / columns, b.len() / columns);
    if n < FEW {
        return a.chunks_exact(columns).flat_map(|row| with_each(row, b, columns)).collect();
    }
    let device = Default::default();
    let matrix = |values: &[f32], rows| -> Tensor<Flex, 2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [rows, columns]), &device)
    };
    let found = matrix(a, n).matmul(matrix(b, m).transpose());
    found.into_data().iter::<f32>().collect()
}

/// The products of one row with all rows of `b`.
fn with_each(row: &[f32], b: &[f32], columns: usize) -> Vec<f32> {
    let mut found = Vec::with_capacity(b.len() / columns);
    let fours = b.chunks_exact(ROWS * columns);
    let rest = fours.remainder();
    for four in fours {
        let others = std::array::from_fn(|other| &four[other * columns..][..columns]);
        found.extend(products::<_, LANES>(row, others));
    }
    found.extend(rest.chunks_exact(columns).map(|other| dot(row, other)));
    found
}

/// The sum of the products of two rows of the same length.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    product::<_, LANES>(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_and_many_have_the_same_products() {
        let values = |rows: usize, step: f32| -> Vec<f32> {
            (0..rows * 37).map(|at| (at as f32 * step).sin()).collect()
        };
        let b = values(11, 0.3);
        let many = values(FEW + 1, 0.7);
        let found = cross(&many, &b, 37);
        assert_eq!(found.len(), (FEW + 1) * 11);
        for (row, found) in many.chunks_exact(37).zip(found.chunks_exact(11)) {
            let alone = cross(row, &b, 37);
            for ((other, found), alone) in b.chunks_exact(37).zip(found).zip(alone) {
                let plain: f32 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                assert!((found - plain).abs() < 1e-4 && (alone - plain).abs() < 1e-4);
            }
        }
    }
}
