//! Symmetric positive definite systems, as large as there are pictures.
//!
//! With 2,000 pictures that is what teaching takes its time for, in a browser above all. So it runs along rows, and works on
//! four of them at once: see [`products`](crate::products).

use std::array::from_fn;

use crate::products::{self, ROWS};

/// Sums that each sum of products is made of.
const LANES: usize = 4;

/// The Cholesky factor L of a symmetric positive definite matrix A = L·Lᵀ.
pub(super) struct Factor {
    size: usize,
    /// L on the diagonal and below it, row by row.
    cells: Vec<f64>,
}

/// The inverse of such a matrix, whose entries are computed when they are asked for.
pub(super) struct Inverse {
    size: usize,
    /// L on the diagonal; above it the transposed inverse of L, whose own diagonal is that of L, inverted.
    cells: Vec<f64>,
}

impl Factor {
    /// Factors a matrix. Nothing where it isn't positive definite.
    ///
    /// # Shapes
    ///
    /// - `cells`: `[size, size]`, of which only the diagonal and what is below it is looked at
    pub fn new(size: usize, mut cells: Vec<f64>) -> Option<Self> {
        for first in (0..size).step_by(ROWS) {
            let count = ROWS.min(size - first);
            // Rows beyond the last are zeros, and nobody looks at what becomes of them.
            let mut own: [Vec<f64>; ROWS] = from_fn(|row| match row < count {
                true => cells[(first + row) * size..][..size].to_vec(),
                false => vec![0.0; size],
            });
            for place in 0..first {
                let row = &cells[place * size..][..=place];
                let sums = products::products::<_, LANES>(
                    &row[..place],
                    from_fn(|each| &own[each][..place]),
                );
                for (own, sum) in own.iter_mut().zip(sums) {
                    own[place] = (own[place] - sum) / row[place];
                }
            }
            for each in 0..count {
                for earlier in 0..each {
                    let place = first + earlier;
                    let sum = product(&own[earlier][..place], &own[each][..place]);
                    own[each][place] = (own[each][place] - sum) / own[earlier][place];
                }
                let place = first + each;
                let rest = own[each][place] - product(&own[each][..place], &own[each][..place]);
                if rest.is_nan() || rest <= 0.0 {
                    return None;
                }
                own[each][place] = rest.sqrt();
            }
            for (row, own) in own.iter().enumerate().take(count) {
                cells[(first + row) * size..][..size].copy_from_slice(own);
            }
        }
        Some(Self { size, cells })
    }

    /// Solves A·x = y, in the place of y.
    ///
    /// # Shapes
    ///
    /// - `column`: `[size]`
    pub fn solve(&self, column: &mut [f64]) {
        for place in 0..self.size {
            let row = &self.cells[place * self.size..][..=place];
            column[place] = (column[place] - product(&row[..place], &column[..place])) / row[place];
        }
        for place in (0..self.size).rev() {
            let row = &self.cells[place * self.size..][..=place];
            column[place] /= row[place];
            let value = column[place];
            for (own, factor) in column.iter_mut().zip(&row[..place]) {
                *own -= factor * value;
            }
        }
    }

    /// The inverse of A.
    pub fn inverse(self) -> Inverse {
        let Self { size, mut cells } = self;
        for first in (0..size).step_by(ROWS) {
            let count = ROWS.min(size - first);
            let mut own: [Vec<f64>; ROWS] = from_fn(|_| vec![0.0; size]);
            for (each, own) in own.iter_mut().enumerate().take(count) {
                own[first + each] = 1.0 / cells[(first + each) * (size + 1)];
            }
            for place in first + 1..size {
                let row = &cells[place * size..][..=place];
                let sums = products::products::<_, LANES>(
                    &row[first..place],
                    from_fn(|each| &own[each][first..place]),
                );
                for (each, own) in own.iter_mut().enumerate() {
                    if first + each < place {
                        own[place] = -sums[each] / row[place];
                    }
                }
            }
            for (each, own) in own.iter().enumerate().take(count) {
                let place = first + each;
                cells[place * size..][place + 1..size].copy_from_slice(&own[place + 1..]);
            }
        }
        Inverse { size, cells }
    }
}

impl Inverse {
    /// An entry of it.
    pub fn entry(&self, one: usize, other: usize) -> f64 {
        let (first, last) = (one.min(other), one.max(other));
        let row = |place: usize| &self.cells[place * self.size..][..self.size];
        let on_diagonal = 1.0 / row(last)[last];
        let begin = if first == last { on_diagonal } else { row(first)[last] };
        begin * on_diagonal + product(&row(first)[last + 1..], &row(last)[last + 1..])
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    products::product::<_, LANES>(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::DMatrix;

    #[test]
    fn it_solves_and_inverts_as_another_library_does() {
        for size in [1, 2, 3, 4, 5, 8, 11, 30] {
            let noise = |row: usize, column: usize| ((row * 37 + column * 101) % 29) as f64 - 14.0;
            let root = DMatrix::from_fn(size, size, noise);
            let matrix = &root * root.transpose() + DMatrix::identity(size, size) * 3.0;
            let expected = matrix.clone().try_inverse().unwrap();
            // What is above the diagonal isn't looked at.
            let cells =
                (0..size * size)
                    .map(|at| {
                        if at % size > at / size {
                            f64::NAN
                        } else {
                            matrix[(at / size, at % size)]
                        }
                    })
                    .collect();
            let factor = Factor::new(size, cells).unwrap();
            let y: Vec<f64> = (0..size).map(|place| place as f64 - 1.5).collect();
            let mut x = y.clone();
            factor.solve(&mut x);
            for (place, value) in y.iter().enumerate() {
                let found: f64 = (0..size).map(|column| matrix[(place, column)] * x[column]).sum();
                assert!((found - value).abs() < 1e-8, "{size}: {found} for {value}");
            }
            let inverse = factor.inverse();
            for row in 0..size {
                for column in 0..size {
                    let (found, expected) = (inverse.entry(row, column), expected[(row, column)]);
                    assert!((found - expected).abs() < 1e-9, "{size}: {found} for {expected}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert!(Factor::new(2, vec![1.0, 0.0, 2.0, 1.0]).is_none());
        assert!(Factor::new(1, vec![f64::NAN]).is_none());
        assert!(Factor::new(0, Vec::new()).is_some());
    }
}
