//! Principal components: the few directions in which embeddings differ most.

use nalgebra::DMatrix;

/// Rounds of subspace iteration.
const ROUNDS: usize = 8;

/// The principal components of embeddings: the row of each, the component of the largest variance first; as
/// many as there are, and at most `most`.
///
/// By subspace iteration, whose time grows with the number of pictures and not with the square of the width. It begins
/// with a fixed pattern.
pub fn components(embeddings: &[Vec<f32>], most: usize) -> Vec<Vec<f32>> {
    let (pictures, width) = (embeddings.len(), embeddings[0].len());
    let mut data = DMatrix::from_fn(pictures, width, |row, column| embeddings[row][column]);
    let mean = data.row_mean();
    for mut row in data.row_iter_mut() {
        row -= &mean;
    }
    let count = most.min(pictures).min(width);
    let mut scores = &data * basis(&data, count);
    // Turned into the directions of variance, of which the sign is free: that of the largest score is made positive.
    let svd = scores.clone().svd(false, true);
    let Some(turn) = svd.v_t else { return rows_of(&scores) };
    scores *= turn.transpose();
    let mut order: Vec<usize> = (0..scores.ncols()).collect();
    order.sort_by(|&a, &b| svd.singular_values[b].total_cmp(&svd.singular_values[a]));
    let mut sorted = scores.select_columns(&order);
    for mut column in sorted.column_iter_mut() {
        if column[column.iamax()] < 0.0 {
            column.neg_mut();
        }
    }
    rows_of(&sorted)
}

/// An orthonormal basis, column by column, of the space in which rows around zero differ most. Its columns are no
/// principal components themselves, but span what these span.
pub(crate) fn basis(data: &DMatrix<f32>, count: usize) -> DMatrix<f32> {
    // A quadratic pattern: no column of it is a combination of others.
    let pattern = |row: usize, column: usize| {
        (((row + 1) * (column + 2) * 7919 + row * row * 31) % 2003) as f32 / 2003.0 - 0.5
    };
    let mut basis = DMatrix::from_fn(data.ncols(), count, pattern);
    for _ in 0..ROUNDS {
        basis = data.tr_mul(&(data * basis.qr().q()));
    }
    basis.qr().q()
}

fn rows_of(matrix: &DMatrix<f32>) -> Vec<Vec<f32>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_component_has_the_largest_variance() {
        let rows: Vec<Vec<f32>> =
            (0..9).map(|i| vec![0.1 * ((i * i) % 5) as f32, 3.0 * i as f32, 0.0]).collect();
        let found = components(&rows, 30);
        for (index, row) in found.iter().enumerate() {
            assert!((row[0].abs() - 3.0 * (index as f32 - 4.0).abs()).abs() < 0.3, "{row:?}");
        }
    }
}
