//! Sums of products of rows of numbers, which most of the time of learning goes to.
//!
//! Each is made of several sums, so that the compiler may use the processor's vectors, and of one row with four others at
//! once, so that what is read from memory serves four times. The order of additions is fixed: the same numbers come out
//! wherever it runs, and in fours as one by one.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

/// How many rows are worked on together.
pub const ROWS: usize = 4;

/// What can be summed up here: `f32` and `f64`.
pub trait Number:
    Copy + Default + Add<Output = Self> + AddAssign + Mul<Output = Self> + Sum
{
}

impl Number for f32 {}
impl Number for f64 {}

/// The sum of the products of two rows of the same length.
pub fn product<T: Number, const LANES: usize>(a: &[T], b: &[T]) -> T {
    let mut sums = [T::default(); LANES];
    let (a, rest_a) = a.as_chunks::<LANES>();
    let (b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.into_iter().sum::<T>() + rest_a.iter().zip(rest_b).map(|(&a, &b)| a * b).sum()
}

/// The same of a row and each of four others.
pub fn products<T: Number, const LANES: usize>(row: &[T], others: [&[T]; ROWS]) -> [T; ROWS] {
    let mut sums = [[T::default(); LANES]; ROWS];
    let (chunks, rest) = row.as_chunks::<LANES>();
    let split = others.map(|other| other.as_chunks::<LANES>());
    let [a, b, c, d] = split.map(|(chunks, _)| chunks);
    for ((((row, a), b), c), d) in chunks.iter().zip(a).zip(b).zip(c).zip(d) {
        for lane in 0..LANES {
            sums[0][lane] += row[lane] * a[lane];
            sums[1][lane] += row[lane] * b[lane];
            sums[2][lane] += row[lane] * c[lane];
            sums[3][lane] += row[lane] * d[lane];
        }
    }
    std::array::from_fn(|other| {
        let rest = rest.iter().zip(split[other].1).map(|(&a, &b)| a * b).sum();
        sums[other].into_iter().sum::<T>() + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_at_once_are_as_one_by_one() {
        for length in [0, 1, 7, 8, 9, 30] {
            let row = |seed: usize| -> Vec<f32> {
                (0..length).map(|at| ((at * 31 + seed * 17) % 23) as f32 / 7.0 - 1.5).collect()
            };
            let rows: [Vec<f32>; ROWS] = std::array::from_fn(row);
            let found = products::<f32, 4>(&row(9), rows.each_ref().map(Vec::as_slice));
            for (other, sum) in rows.iter().zip(found) {
                assert_eq!(sum, product::<f32, 4>(&row(9), other));
                let plain: f32 = row(9).iter().zip(other).map(|(a, b)| a * b).sum();
                assert!((sum - plain).abs() < 1e-4);
            }
        }
    }
}
