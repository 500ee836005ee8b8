//! Linear support vector machines, one class against the rest, by dual coordinate descent (Hsieh et al. 2008).

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::Rows;

/// How a machine is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What an error costs, beside the weights' squares; above 0.
    pub cost: f64,
    /// At most as many passes over the rows.
    pub passes: usize,
    /// It ends when no row's condition is violated by more.
    pub tolerance: f64,
    /// Decides the order of rows.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { cost: 1.0, passes: 1000, tolerance: 0.01, seed: 0 }
    }
}

/// A plane for each class.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSvm {
    /// Weights of each class, the last one of which is the bias.
    planes: Vec<Vec<f64>>,
}

impl LinearSvm {
    /// Separates each class from the others; `labels` are below `classes`, one for each row.
    ///
    /// # Panics
    ///
    /// If there are not as many labels as rows.
    pub fn fit(rows: &Rows, labels: &[usize], classes: usize, options: Options) -> Self {
        assert_eq!(rows.len(), labels.len(), "one label for each row");
        let plane = |class: usize| {
            let signs: Vec<f64> =
                labels.iter().map(|&label| if label == class { 1.0 } else { -1.0 }).collect();
            descend(rows, &signs, options).0
        };
        Self { planes: (0..classes).into_par_iter().map(plane).collect() }
    }

    /// The class whose plane a row is furthest above.
    pub fn predict(&self, row: &[f32]) -> usize {
        let scores = self.planes.iter().map(|plane| score(plane, row));
        let best =
            scores.enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map_or(0, |(class, _)| class)
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        self.planes.iter().map(Vec::len).sum()
    }
}

/// How far a row is above a plane; the bias counts as the weight of a column of ones.
fn score(plane: &[f64], row: &[f32]) -> f64 {
    let bias = plane.last().copied().unwrap_or(0.0);
    bias + plane.iter().zip(row).map(|(weight, &value)| weight * f64::from(value)).sum::<f64>()
}

/// The plane for signs of 1 and -1 under the squared hinge loss, and the dual variables that it is made of.
fn descend(rows: &Rows, signs: &[f64], options: Options) -> (Vec<f64>, Vec<f64>) {
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let diagonal = 0.5 / options.cost;
    let square = |row: &[f32]| row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>();
    let curvature: Vec<f64> = rows.iter().map(|row| square(row) + 1.0 + diagonal).collect();
    let mut plane = vec![0.0; rows.columns() + 1];
    let mut dual = vec![0.0f64; rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for _ in 0..options.passes {
        order.shuffle(&mut random);
        let mut violation = 0.0f64;
        for &index in &order {
            let (row, sign) = (rows.row(index), signs[index]);
            let gradient = sign * score(&plane, row) - 1.0 + diagonal * dual[index];
            let projected = if dual[index] == 0.0 { gradient.min(0.0) } else { gradient };
            violation = violation.max(projected.abs());
            let moved = (dual[index] - gradient / curvature[index]).max(0.0);
            let step = (moved - dual[index]) * sign;
            if step != 0.0 {
                dual[index] = moved;
                let ones = std::iter::once(1.0);
                let values = row.iter().map(|&value| f64::from(value)).chain(ones);
                plane.iter_mut().zip(values).for_each(|(weight, value)| *weight += step * value);
            }
        }
        if violation <= options.tolerance {
            break;
        }
    }
    (plane, dual)
}

#[cfg(test)]
mod tests {
    use super::super::fourier::Fourier;
    use super::*;

    /// Points around corners of a square, and which diagonal they are on.
    fn exclusive_or() -> (Rows, Vec<usize>) {
        let corner = |at: usize| [(at % 2) as f32, (at / 2 % 2) as f32];
        let shift = |at: usize| ((at * 7) % 11) as f32 / 55.0 - 0.1;
        let points = (0..80).flat_map(|at| corner(at).map(|side| 2.0 * side - 1.0 + shift(at)));
        let labels = (0..80).map(|at| (at % 2) ^ (at / 2 % 2)).collect();
        (Rows::new(points.collect(), 2), labels)
    }

    fn right(svm: &LinearSvm, rows: &Rows, labels: &[usize]) -> usize {
        rows.iter().zip(labels).filter(|(row, label)| svm.predict(row) == **label).count()
    }

    #[test]
    fn primal_and_dual_objectives_meet() {
        let (rows, labels) = exclusive_or();
        let signs: Vec<f64> = labels.iter().map(|&label| 2.0 * label as f64 - 1.0).collect();
        let options = Options { cost: 0.7, passes: 10_000, tolerance: 1e-9, seed: 3 };
        let (plane, dual) = descend(&rows, &signs, options);
        let half = plane.iter().map(|weight| weight * weight).sum::<f64>() / 2.0;
        let hinge =
            |(row, sign): (&[f32], &f64)| (1.0 - sign * score(&plane, row)).max(0.0).powi(2);
        let primal = half + 0.7 * rows.iter().zip(&signs).map(hinge).sum::<f64>();
        let gain: f64 = dual.iter().map(|value| value - value * value / 2.8).sum();
        assert!(primal > 1.0 && (primal - (gain - half)).abs() < 1e-6, "{primal} {gain} {half}");
    }

    #[test]
    fn planes_separate_corners_but_not_diagonals_for_which_it_takes_a_kernel() {
        let (rows, labels) = exclusive_or();
        let options = Options::default();
        let corners: Vec<usize> = (0..80).map(|at| at % 4).collect();
        let svm = LinearSvm::fit(&rows, &corners, 4, options);
        assert_eq!(right(&svm, &rows, &corners), 80);
        assert_eq!(svm.parameters(), 12);
        assert_eq!(svm, LinearSvm::fit(&rows, &corners, 4, options));

        assert!(right(&LinearSvm::fit(&rows, &labels, 2, options), &rows, &labels) <= 60);
        let waves = Fourier::new(2, 100, 0.5, 1).apply(&rows);
        assert_eq!(right(&LinearSvm::fit(&waves, &labels, 2, options), &waves, &labels), 80);
    }
}
