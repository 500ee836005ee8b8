//! Random forests (Breiman 2001): trees on rows drawn with replacement, each node of which chooses from a few columns, and
//! a vote of all of them.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::Rows;
use super::bins::Bins;
use super::majority::majority;
use super::tree::{Ground, Options, Tree};

/// Deeper than this no tree grows, whose two halves of a node are ever so unequal.
const DEEPEST: usize = 64;

/// See the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    trees: Vec<Tree>,
    classes: usize,
}

impl Forest {
    /// Grows so many trees, until a leaf is of one class or no split makes it purer, each node choosing from as many columns as the square root of them all.
    ///
    /// # Panics
    ///
    /// If there are not as many labels as rows, or no row.
    pub fn grow(rows: &Rows, labels: &[usize], classes: usize, trees: usize, seed: u64) -> Self {
        assert_eq!(rows.len(), labels.len(), "one label for each row");
        let bins = Bins::fit(rows);
        let binned = bins.apply(rows);
        let ground = Ground { bins: &bins, binned: &binned, labels, classes };
        let columns = Some((rows.columns() as f64).sqrt().round() as usize);
        let options = Options { depth: DEEPEST, leaf: 1, columns };
        let tree = |number: usize| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(number as u64);
            let drawn = (0..rows.len()).map(|_| random.random_range(0..rows.len())).collect();
            Tree::grow(&ground, drawn, options, &mut random)
        };
        Self { trees: (0..trees).into_par_iter().map(tree).collect(), classes }
    }

    /// The class that most trees vote for, the first of several.
    pub fn classify(&self, row: &[f32]) -> usize {
        let votes: Vec<usize> =
            self.trees.iter().map(|tree| tree.classify(row, usize::MAX)).collect();
        majority(&votes, self.classes)
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        self.trees.iter().map(|tree| tree.parameters(usize::MAX)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    /// Rows of noise in which two classes differ a little in every column.
    fn noise(seed: u64) -> (Rows, Vec<usize>) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let labels: Vec<usize> = (0..400).map(|at| at % 2).collect();
        let mut value = |label: usize| random.random::<f32>() + 0.1 * label as f32;
        let values = labels.iter().flat_map(|&label| [(); 16].map(|()| value(label))).collect();
        (Rows::new(values, 16), labels)
    }

    #[test]
    fn many_trees_are_more_often_right_than_one_and_the_seed_decides() {
        let ((rows, labels), (others, truth)) = (noise(1), noise(2));
        let forest = Forest::grow(&rows, &labels, 2, 60, 5);
        let whole = Options { depth: DEEPEST, leaf: 1, columns: None };
        let one = tree::grow(&rows, &labels, 2, whole, &mut ChaCha8Rng::seed_from_u64(1));
        let right = |classify: &dyn Fn(&[f32]) -> usize| {
            others.iter().zip(&truth).filter(|(row, label)| classify(row) == **label).count()
        };
        let (by_one, by_all) =
            (right(&|row| one.classify(row, usize::MAX)), right(&|row| forest.classify(row)));
        assert!(by_all > by_one + 20, "{by_one} {by_all}");
        assert!(forest.parameters() > one.parameters(usize::MAX));
        assert_eq!(forest, Forest::grow(&rows, &labels, 2, 60, 5));
        assert_ne!(forest, Forest::grow(&rows, &labels, 2, 60, 6));
    }
}
