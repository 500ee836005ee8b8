//! Decision trees (Breiman et al. 1984) on histograms: a node counts the classes in each step of a column, and splits where
//! Gini's impurity falls most.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::Rows;
use super::bins::{Binned, Bins};
use crate::prediction::first_largest;

/// How a tree grows.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Splits between the root and a leaf, at most.
    pub depth: usize,
    /// Rows in a leaf, at least.
    pub leaf: usize,
    /// Columns that a node chooses from, drawn anew for each; all where it is nothing.
    pub columns: Option<usize>,
}

/// A node, and after it those below it: first the tree of what is below the threshold, then the other.
#[derive(Debug, Clone, PartialEq)]
struct Node {
    /// What most of its rows are.
    class: usize,
    split: Option<Split>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Split {
    column: usize,
    threshold: f32,
    /// The place of the node for what is not below the threshold.
    above: usize,
}

/// See the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    nodes: Vec<Node>,
}

/// What trees grow on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Where columns may be split.
    pub bins: &'a Bins,
    /// The rows.
    pub binned: &'a Binned,
    /// What they are, below `classes`, one for each row.
    pub labels: &'a [usize],
    /// How many classes there are.
    pub classes: usize,
}

impl Tree {
    /// Grows a tree on some of the rows, of which one may come several times. `random` draws the columns.
    pub fn grow(
        ground: &Ground<'_>,
        mut rows: Vec<usize>,
        options: Options,
        random: &mut ChaCha8Rng,
    ) -> Self {
        let mut growth = Growth {
            ground,
            options,
            random,
            columns: (0..ground.bins.columns()).collect(),
            histogram: Vec::new(),
            nodes: Vec::new(),
        };
        growth.grow(&mut rows, 0);
        Self { nodes: growth.nodes }
    }

    /// The class of a row, by the first splits alone: at most `depth` of them.
    pub fn classify(&self, row: &[f32], depth: usize) -> usize {
        let mut place = 0;
        for _ in 0..depth {
            let Some(split) = self.nodes[place].split else { break };
            place = if row[split.column] < split.threshold { place + 1 } else { split.above };
        }
        self.nodes[place].class
    }

    /// How many numbers it consists of, cut at a depth: column and threshold of each split, the class of each leaf.
    pub fn parameters(&self, depth: usize) -> usize {
        let mut waiting = vec![(0, depth)];
        let mut count = 0;
        while let Some((place, left)) = waiting.pop() {
            match self.nodes[place].split {
                Some(split) if left > 0 => {
                    count += 2;
                    waiting.extend([(place + 1, left - 1), (split.above, left - 1)]);
                }
                _ => count += 1,
            }
        }
        count
    }
}

struct Growth<'a> {
    ground: &'a Ground<'a>,
    options: Options,
    random: &'a mut ChaCha8Rng,
    /// All columns, in the order in which they were drawn last.
    columns: Vec<usize>,
    /// `histogram[step][class]` of one column.
    histogram: Vec<u32>,
    nodes: Vec<Node>,
}

impl Growth<'_> {
    fn grow(&mut self, rows: &mut [usize], depth: usize) {
        let Ground { bins, binned, labels, classes } = *self.ground;
        let mut counts = vec![0u32; classes];
        rows.iter().for_each(|&row| counts[labels[row]] += 1);
        let place = self.nodes.len();
        self.nodes.push(Node { class: first_largest(&counts), split: None });
        let pure = counts.iter().filter(|count| **count > 0).count() < 2;
        if pure || depth == self.options.depth || rows.len() < 2 * self.options.leaf.max(1) {
            return;
        }
        let Some((column, step)) = self.best(rows, &counts) else { return };
        let steps = binned.column(column);
        let below = partition(rows, |row| usize::from(steps[row]) <= step);
        let (below, above) = rows.split_at_mut(below);
        self.grow(below, depth + 1);
        let split = Split { column, threshold: bins.edge(column, step), above: self.nodes.len() };
        self.nodes[place].split = Some(split);
        self.grow(above, depth + 1);
    }

    /// The column and the step after which to split, if that helps anywhere.
    fn best(&mut self, rows: &[usize], counts: &[u32]) -> Option<(usize, usize)> {
        let all = rows.len() as f64;
        let squares = |counts: &[u32]| counts.iter().map(|&n| f64::from(n).powi(2)).sum::<f64>();
        // Gini's impurity falls as this rises: the squares of the counts on each side, by the rows on that side.
        let mut best = (squares(counts) / all * (1.0 + 1e-9), None);
        let wanted = self.options.columns.unwrap_or(self.columns.len());
        for drawn in 0..self.columns.len() {
            // More than wanted are drawn only while none could be split, so that a node ends only where there is none.
            if drawn >= wanted && best.1.is_some() {
                break;
            }
            if self.options.columns.is_some() {
                let other = self.random.random_range(drawn..self.columns.len());
                self.columns.swap(drawn, other);
            }
            let column = self.columns[drawn];
            if let Some((score, step)) = self.split(column, rows, counts)
                && score > best.0
            {
                best = (score, Some((column, step)));
            }
        }
        best.1
    }

    /// The best split of a column.
    fn split(&mut self, column: usize, rows: &[usize], counts: &[u32]) -> Option<(f64, usize)> {
        let Ground { bins, binned, labels, classes } = *self.ground;
        let steps = binned.column(column);
        self.histogram.clear();
        self.histogram.resize(bins.steps(column) * classes, 0);
        for &row in rows {
            self.histogram[usize::from(steps[row]) * classes + labels[row]] += 1;
        }
        let mut left = vec![0u32; classes];
        let mut on_left = 0usize;
        let mut best: Option<(f64, usize)> = None;
        // The sums of squares change by what each count changes by.
        let mut square_left = 0.0;
        let mut square_right: f64 = counts.iter().map(|&n| f64::from(n).powi(2)).sum();
        let (step_counts, _) = self.histogram.split_at((bins.steps(column) - 1) * classes);
        for (step, in_step) in step_counts.chunks_exact(classes).enumerate() {
            let before = on_left;
            for (class, &count) in in_step.iter().enumerate().filter(|(_, count)| **count > 0) {
                let (l, r, n) = (
                    f64::from(left[class]),
                    f64::from(counts[class] - left[class]),
                    f64::from(count),
                );
                square_left += n * (2.0 * l + n);
                square_right -= n * (2.0 * r - n);
                left[class] += count;
                on_left += count as usize;
            }
            let on_right = rows.len() - on_left;
            if on_left == before || on_left.min(on_right) < self.options.leaf.max(1) {
                continue;
            }
            let score = square_left / on_left as f64 + square_right / on_right as f64;
            if best.is_none_or(|best| score > best.0) {
                best = Some((score, step));
            }
        }
        best
    }
}

/// Puts the rows of which something is true first, and counts them.
fn partition(rows: &mut [usize], first: impl Fn(usize) -> bool) -> usize {
    let mut count = 0;
    for place in 0..rows.len() {
        if first(rows[place]) {
            rows.swap(place, count);
            count += 1;
        }
    }
    count
}

/// Grows a tree on all rows.
///
/// # Panics
///
/// If there are not as many labels as rows.
pub fn grow(
    rows: &Rows,
    labels: &[usize],
    classes: usize,
    options: Options,
    random: &mut ChaCha8Rng,
) -> Tree {
    assert_eq!(rows.len(), labels.len(), "one label for each row");
    let bins = Bins::fit(rows);
    let binned = bins.apply(rows);
    let ground = Ground { bins: &bins, binned: &binned, labels, classes };
    Tree::grow(&ground, (0..rows.len()).collect(), options, random)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    const WHOLE: Options = Options { depth: 9, leaf: 1, columns: None };

    fn grown(rows: &Rows, labels: &[usize], options: Options) -> Tree {
        grow(rows, labels, 3, options, &mut ChaCha8Rng::seed_from_u64(1))
    }

    #[test]
    fn a_tree_finds_the_splits_that_there_are() {
        // The first column says nothing; of the others, what is below 4 in the third is class 2, and else the second decides.
        let row = |at: usize| [(at * 7 % 5) as f32, (at % 10) as f32, (at / 10) as f32];
        let rows = Rows::new((0..100).flat_map(row).collect(), 3);
        let label = |row: &[f32]| if row[2] < 4.0 { 2 } else { usize::from(row[1] >= 6.0) };
        let labels: Vec<usize> = rows.iter().map(label).collect();
        let tree = grown(&rows, &labels, WHOLE);
        let columns: Vec<Option<(usize, f32)>> =
            tree.nodes.iter().map(|node| node.split.map(|s| (s.column, s.threshold))).collect();
        assert_eq!(columns, [Some((2, 4.0)), None, Some((1, 6.0)), None, None]);
        assert_eq!(tree.parameters(9), 7);
        for (row, label) in rows.iter().zip(&labels) {
            assert_eq!(tree.classify(row, 9), *label);
        }
        // Cut after the first split, the larger class of the rest is all that is known; before it, the largest.
        assert_eq!((tree.classify(&[0.0, 9.0, 9.0], 1), tree.parameters(1)), (0, 4));
        assert_eq!((tree.classify(&[0.0, 9.0, 9.0], 0), tree.parameters(0)), (2, 1));
    }

    #[test]
    fn the_split_is_that_of_the_lowest_impurity_by_a_plain_search() {
        let value = |at: usize| ((at * 29) % 40) as f32;
        let rows = Rows::new((0..40).map(value).collect(), 1);
        let labels: Vec<usize> =
            (0..40).map(|at| (value(at) as usize / 9 * 7 + at % 2) % 3).collect();
        let impurity = |side: &[usize]| {
            let share =
                |class| side.iter().filter(|&&l| l == class).count() as f64 / side.len() as f64;
            side.len() as f64 * (1.0 - (0..3).map(|class| share(class).powi(2)).sum::<f64>())
        };
        let after = |threshold: f32| {
            let (below, above): (Vec<usize>, Vec<usize>) =
                (0..40).partition(|&at| value(at) < threshold);
            let labels = |rows: Vec<usize>| rows.iter().map(|&at| labels[at]).collect::<Vec<_>>();
            impurity(&labels(below)) + impurity(&labels(above))
        };
        let best = (1..40).map(|t| after(t as f32)).fold(f64::INFINITY, f64::min);
        let tree = grown(&rows, &labels, Options { depth: 1, ..WHOLE });
        let split = tree.nodes[0].split.unwrap();
        assert!((after(split.threshold) - best).abs() < 1e-9);
    }

    #[test]
    fn leaves_are_as_large_as_asked_and_what_is_the_same_is_not_split() {
        let rows = Rows::new((0..40).map(|at| at as f32).collect(), 1);
        let labels: Vec<usize> = (0..40).map(|at| at % 2).collect();
        let tree = grown(&rows, &labels, Options { leaf: 10, ..WHOLE });
        assert!(tree.parameters(9) <= 10, "at most four leaves");
        let same = Rows::new(vec![1.0; 40], 1);
        assert_eq!(grown(&same, &labels, WHOLE).nodes.len(), 1);
    }
}
