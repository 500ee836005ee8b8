//! Nearest neighbours: a row is what most of the training rows next to it are.

use rayon::prelude::*;

use super::Rows;
use super::matrix::{cross, dot};
use crate::prediction::first_largest;

/// Rows that ask, and rows that are asked, at a time: their distances fit into the processor's memory.
const BLOCK: [usize; 2] = [256, 4096];

/// Training rows and what they are.
#[derive(Debug, Clone)]
pub struct Nearest {
    rows: Rows,
    /// Half the square of each row's length.
    halves: Vec<f32>,
    labels: Vec<usize>,
    classes: usize,
}

impl Nearest {
    /// Keeps the rows; `labels` are below `classes`, one for each.
    ///
    /// # Panics
    ///
    /// If there are not as many labels as rows.
    pub fn new(rows: Rows, labels: &[usize], classes: usize) -> Self {
        assert_eq!(rows.len(), labels.len(), "one label for each row");
        let halves = rows.iter().map(|row| dot(row, row) / 2.0).collect();
        Self { rows, halves, labels: labels.to_vec(), classes }
    }

    /// The labels of the `most` nearest rows of each row, the nearest first, by Euclidean distance; of rows that are
    /// equally far, the first.
    pub fn neighbours(&self, rows: &Rows, most: usize) -> Vec<Vec<usize>> {
        let columns = rows.columns();
        let mut all = Vec::with_capacity(rows.len());
        for start in (0..rows.len()).step_by(BLOCK[0]) {
            let asking = rows.block(start, BLOCK[0]);
            let mut found = vec![Vec::new(); asking.len() / columns];
            for first in (0..self.rows.len()).step_by(BLOCK[1]) {
                let asked = self.rows.block(first, BLOCK[1]);
                let products = cross(asking, asked, columns);
                let halves = &self.halves[first..][..asked.len() / columns];
                found.par_iter_mut().zip(products.par_chunks_exact(halves.len())).for_each(
                    |(found, products)| {
                        for (place, (product, half)) in products.iter().zip(halves).enumerate() {
                            // Half the square of the distance, but for what is the same for all.
                            insert(found, most, (half - product, first + place));
                        }
                    },
                );
            }
            let label = |&(_, index): &(f32, usize)| self.labels[index];
            all.extend(found.iter().map(|found| found.iter().map(label).collect::<Vec<_>>()));
        }
        all
    }

    /// What most of the first `k` neighbours are; of classes with as many, that of the nearest.
    pub fn vote(&self, neighbours: &[usize], k: usize) -> usize {
        let neighbours = &neighbours[..k.min(neighbours.len())];
        let mut counts = vec![0usize; self.classes];
        neighbours.iter().for_each(|&label| counts[label] += 1);
        let votes: Vec<usize> = neighbours.iter().map(|&label| counts[label]).collect();
        neighbours.get(first_largest(&votes)).copied().unwrap_or(0)
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        self.rows.values().len()
    }
}

/// Keeps the `most` nearest, in their order.
fn insert(found: &mut Vec<(f32, usize)>, most: usize, new: (f32, usize)) {
    if found.len() == most && found.last().is_none_or(|last| last.0 <= new.0) {
        return;
    }
    let place = found.partition_point(|known| known.0 <= new.0);
    found.insert(place, new);
    found.truncate(most);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_those_that_a_plain_search_finds() {
        let point =
            |at: usize| [((at * 37) % 101) as f32, ((at * 53) % 89) as f32, at as f32 / 50.0];
        let rows = Rows::new((0..5000).flat_map(point).collect(), 3);
        let labels: Vec<usize> = (0..5000).collect();
        let asking =
            Rows::new((0..300).flat_map(|at| point(at * 3 + 7).map(|x| x + 0.4)).collect(), 3);
        let nearest = Nearest::new(rows.clone(), &labels, 5000);
        let found = nearest.neighbours(&asking, 4);
        assert_eq!(found.len(), 300);
        for (row, found) in asking.iter().zip(found) {
            let far = |&label: &usize| -> f32 {
                rows.row(label).iter().zip(row).map(|(a, b)| (a - b).powi(2)).sum()
            };
            let mut distances: Vec<f32> = labels.iter().map(far).collect();
            distances.sort_by(f32::total_cmp);
            for (label, distance) in found.iter().zip(distances) {
                assert!((far(label) - distance).abs() < 0.02 + 0.001 * distance);
            }
        }
    }

    #[test]
    fn most_of_the_neighbours_decide_and_the_nearest_of_equals() {
        let nearest = Nearest::new(Rows::new(vec![0.0, 1.0, 2.0, 3.0], 1), &[1, 0, 0, 2], 3);
        let found = nearest.neighbours(&Rows::new(vec![-0.4], 1), 9);
        assert_eq!(found, [[1, 0, 0, 2]]);
        let votes = [1, 2, 3, 9].map(|k| nearest.vote(&found[0], k));
        assert_eq!(votes, [1, 1, 0, 0]);
        assert_eq!(nearest.parameters(), 4);
    }
}
