//! Principal component analysis: the few directions in which rows differ most.

use nalgebra::DMatrix;

use super::Rows;
use super::matrix::cross;
use crate::learn::components::basis;

/// A mean, and directions of length 1 at right angles.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    mean: Vec<f32>,
    directions: Rows,
}

impl Pca {
    /// The directions of the largest variance of rows, at most `most`. They span what the principal components span,
    /// without being these themselves: distances are the same.
    ///
    /// # Panics
    ///
    /// If there is no row, or `most` is 0.
    pub fn fit(rows: &Rows, most: usize) -> Self {
        let (count, columns) = (rows.len(), rows.columns());
        let mut data = DMatrix::from_row_slice(count, columns, rows.values());
        let mean = data.row_mean();
        data.row_iter_mut().for_each(|mut row| row -= &mean);
        let basis = basis(&data, most.min(count).min(columns));
        // A matrix lies in memory column by column, and a column is a direction.
        let directions = Rows::new(basis.as_slice().to_vec(), columns);
        Self { mean: mean.iter().copied().collect(), directions }
    }

    /// Where each row lies along the directions.
    pub fn apply(&self, rows: &Rows) -> Rows {
        let (columns, count) = (rows.columns(), self.directions.len());
        let offsets = cross(&self.mean, self.directions.values(), columns);
        let mut values = cross(rows.values(), self.directions.values(), columns);
        for row in values.chunks_exact_mut(count) {
            row.iter_mut().zip(&offsets).for_each(|(value, offset)| *value -= offset);
        }
        Rows::new(values, count)
    }

    /// How many directions there are.
    pub fn directions(&self) -> usize {
        self.directions.len()
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        self.mean.len() + self.directions.values().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_plane_keeps_its_distances_in_two_directions() {
        let point = |at: usize| {
            let (a, b) = ((at * 7 % 13) as f32, (at * 5 % 11) as f32);
            [a + 2.0, b - a, 3.0, a + b, 0.5 * b]
        };
        let rows = Rows::new((0..20).flat_map(point).collect(), 5);
        let pca = Pca::fit(&rows, 2);
        let found = pca.apply(&rows);
        assert_eq!((found.len(), found.columns(), pca.parameters()), (20, 2, 15));
        let far = |rows: &Rows, a: usize, b: usize| -> f32 {
            rows.row(a).iter().zip(rows.row(b)).map(|(a, b)| (a - b).powi(2)).sum()
        };
        for a in 0..20 {
            assert!((far(&rows, a, 0) - far(&found, a, 0)).abs() < 1e-2);
        }
        let sums: f32 = found.iter().map(|row| row[0]).sum();
        assert!(sums.abs() < 1e-2, "around the mean: {sums}");
    }
}
