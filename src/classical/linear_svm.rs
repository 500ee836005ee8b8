//! Linear support vector machines, one class against the rest, by dual coordinate descent (Hsieh et al. 2008), block by
//! block where the rows are too many to be held at once (Yu et al. 2010).

use std::borrow::Cow;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::Rows;
use super::fourier::Fourier;
use super::matrix::{cross, dot};
use crate::prediction::first_largest;

/// So many passes are made over a block before it makes place for the next: to make it again costs about as much.
const PASSES_OF_A_BLOCK: usize = 2;

/// How a machine is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What an error costs, beside the weights' squares; above 0.
    pub cost: f64,
    /// At most as many passes over all rows, or over all blocks of them.
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

/// Rows that are there, or are made when they are needed. Each of several blocks should hold rows of all classes in about
/// their shares: the descent takes ever so long where each pulls another way.
pub trait Blocks: Sync {
    /// The length of each row.
    fn columns(&self) -> usize;
    /// The numbers of the first row of each block, and of the row after the last.
    fn bounds(&self) -> Vec<usize>;
    /// The rows of a block.
    fn block(&self, bounds: [usize; 2]) -> Cow<'_, Rows>;
}

/// All at once.
impl Blocks for Rows {
    fn columns(&self) -> usize {
        self.columns()
    }

    fn bounds(&self) -> Vec<usize> {
        vec![0, self.len()]
    }

    fn block(&self, _bounds: [usize; 2]) -> Cow<'_, Rows> {
        Cow::Borrowed(self)
    }
}

/// The random features of rows, made block by block.
#[derive(Debug, Clone, Copy)]
pub struct Waves<'a> {
    /// What makes them.
    pub fourier: &'a Fourier,
    /// Of what.
    pub rows: &'a Rows,
    /// Rows in a block, 1 or more.
    pub size: usize,
}

impl Blocks for Waves<'_> {
    fn columns(&self) -> usize {
        self.fourier.features()
    }

    fn bounds(&self) -> Vec<usize> {
        let count = self.rows.len();
        (0..count).step_by(self.size).chain([count]).collect()
    }

    fn block(&self, [start, end]: [usize; 2]) -> Cow<'_, Rows> {
        Cow::Owned(self.fourier.apply_to_values(self.rows.block(start, end - start)))
    }
}

/// A plane for each class.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSvm {
    /// Weights of each class.
    planes: Rows,
    /// How far each plane is shifted.
    biases: Vec<f32>,
}

impl LinearSvm {
    /// Separates each class from the others; `labels` are below `classes`, one for each row.
    ///
    /// # Panics
    ///
    /// If there are not as many labels as rows.
    pub fn fit(rows: &impl Blocks, labels: &[usize], classes: usize, options: Options) -> Self {
        let planes = descend(rows, labels, classes, options);
        Self {
            biases: planes.iter().map(|plane| plane.bias).collect(),
            planes: Rows::new(
                planes.into_iter().flat_map(|plane| plane.weights).collect(),
                rows.columns(),
            ),
        }
    }

    /// The class of each row: that whose plane it is furthest above.
    pub fn classify(&self, rows: &Rows) -> Vec<usize> {
        let products = cross(rows.values(), self.planes.values(), rows.columns());
        products.chunks_exact(self.biases.len()).map(|row| self.highest(row)).collect()
    }

    fn highest(&self, products: &[f32]) -> usize {
        let scores = products.iter().zip(&self.biases).map(|(product, bias)| product + bias);
        first_largest(&scores.collect::<Vec<_>>())
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        self.planes.values().len() + self.biases.len()
    }
}

/// The plane of one class on its way, under the squared hinge loss.
struct Plane {
    class: usize,
    weights: Vec<f32>,
    /// The weight of a column of ones.
    bias: f32,
    /// The dual variable of each row, of which the weights are made.
    dual: Vec<f64>,
    /// By how much a condition was violated at most in this pass.
    violation: f64,
    done: bool,
}

impl Plane {
    fn score(&self, row: &[f32]) -> f64 {
        f64::from(dot(&self.weights, row) + self.bias)
    }

    /// Minimises the dual objective over the variable of one row.
    fn step(&mut self, index: usize, row: &[f32], label: usize, curvature: f64, diagonal: f64) {
        let sign = if label == self.class { 1.0 } else { -1.0 };
        let before = self.dual[index];
        let gradient = sign * self.score(row) - 1.0 + diagonal * before;
        let projected = if before == 0.0 { gradient.min(0.0) } else { gradient };
        self.violation = self.violation.max(projected.abs());
        let after = (before - gradient / curvature).max(0.0);
        let step = ((after - before) * sign) as f32;
        if step != 0.0 {
            self.dual[index] = after;
            self.bias += step;
            self.weights.iter_mut().zip(row).for_each(|(weight, value)| *weight += step * value);
        }
    }
}

fn descend(rows: &impl Blocks, labels: &[usize], classes: usize, options: Options) -> Vec<Plane> {
    let bounds = rows.bounds();
    let count = bounds.last().copied().unwrap_or(0);
    assert_eq!(count, labels.len(), "one label for each row");
    let new = |class| Plane {
        class,
        weights: vec![0.0; rows.columns()],
        bias: 0.0,
        dual: vec![0.0; count],
        violation: 0.0,
        done: false,
    };
    let mut planes: Vec<Plane> = (0..classes).map(new).collect();
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let diagonal = 0.5 / options.cost;
    let mut blocks: Vec<[usize; 2]> = bounds.array_windows().copied().collect();
    let passes = if blocks.len() > 1 { PASSES_OF_A_BLOCK } else { 1 };
    // A thread takes its classes through a row while the processor has that at hand.
    let together = classes.div_ceil(rayon::current_num_threads()).max(1);
    for _ in 0..options.passes {
        blocks.shuffle(&mut random);
        planes.iter_mut().for_each(|plane| plane.violation = 0.0);
        for &[start, end] in &blocks {
            let block = rows.block([start, end]);
            let curvature: Vec<f64> =
                block.iter().map(|row| f64::from(dot(row, row)) + 1.0 + diagonal).collect();
            let mut order: Vec<usize> = (0..block.len()).collect();
            for _ in 0..passes {
                order.shuffle(&mut random);
                planes.par_chunks_mut(together).for_each(|planes| {
                    for &place in &order {
                        let (index, row) = (start + place, block.row(place));
                        for plane in planes.iter_mut().filter(|plane| !plane.done) {
                            plane.step(index, row, labels[index], curvature[place], diagonal);
                        }
                    }
                });
            }
        }
        planes.iter_mut().for_each(|plane| plane.done |= plane.violation <= options.tolerance);
        if planes.iter().all(|plane| plane.done) {
            break;
        }
    }
    planes
}

#[cfg(test)]
mod tests {
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
        svm.classify(rows).iter().zip(labels).filter(|(found, label)| found == label).count()
    }

    #[test]
    fn primal_and_dual_objectives_meet() {
        let (rows, labels) = exclusive_or();
        let options = Options { cost: 0.7, passes: 10_000, tolerance: 1e-6, seed: 3 };
        for plane in descend(&rows, &labels, 2, options) {
            let squares = plane.weights.iter().chain([&plane.bias]).map(|&w| f64::from(w).powi(2));
            let half = squares.sum::<f64>() / 2.0;
            let hinge = |(row, &label): (&[f32], &usize)| {
                let sign = if label == plane.class { 1.0 } else { -1.0 };
                (1.0 - sign * plane.score(row)).max(0.0).powi(2)
            };
            let primal = half + 0.7 * rows.iter().zip(&labels).map(hinge).sum::<f64>();
            let gain: f64 = plane.dual.iter().map(|value| value - value * value / 2.8).sum();
            let gap = primal - (gain - half);
            assert!(primal > 1.0 && gap.abs() < 1e-5 * primal, "{primal} {gain} {half}");
        }
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
        let fourier = Fourier::new(2, 100, 0.5, 1);
        let waves = fourier.apply(&rows);
        assert_eq!(right(&LinearSvm::fit(&waves, &labels, 2, options), &waves, &labels), 80);
    }

    #[test]
    fn a_few_passes_over_blocks_of_mixed_rows_are_enough() {
        let (rows, labels) = exclusive_or();
        let fourier = Fourier::new(2, 60, 0.5, 1);
        let waves = Waves { fourier: &fourier, rows: &rows, size: 20 };
        let options = Options { passes: 10, tolerance: 0.1, ..Options::default() };
        let svm = LinearSvm::fit(&waves, &labels, 2, options);
        assert_eq!(right(&svm, &fourier.apply(&rows), &labels), 80);
    }

    #[test]
    fn blocks_lead_to_the_plane_that_all_rows_at_once_do() {
        let (rows, labels) = exclusive_or();
        let fourier = Fourier::new(2, 60, 0.5, 1);
        let options = Options { passes: 3000, tolerance: 1e-4, ..Options::default() };
        let whole = LinearSvm::fit(&fourier.apply(&rows), &labels, 2, options);
        let waves = Waves { fourier: &fourier, rows: &rows, size: 33 };
        assert_eq!(waves.bounds(), [0, 33, 66, 80]);
        let parts = LinearSvm::fit(&waves, &labels, 2, options);
        for (a, b) in whole.planes.values().iter().zip(parts.planes.values()) {
            assert!((a - b).abs() < 1e-2, "{a} {b}");
        }
    }
}
