//! Numbers as the few steps that a tree may split them at.

use super::Rows;

/// Steps of a column, at most; a step fits into a byte.
const MOST: usize = 64;
/// So many rows tell where the steps are.
const SAMPLE: usize = 10_000;

/// For each column, the values between which its steps lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// In ascending order, fewer than [`MOST`] of each column.
    edges: Vec<Vec<f32>>,
}

/// The steps of rows, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    steps: Vec<u8>,
    rows: usize,
}

impl Bins {
    /// Steps that hold about as many rows each.
    pub fn fit(rows: &Rows) -> Self {
        let every = rows.len().div_ceil(SAMPLE).max(1);
        let edges_of = |column: usize| {
            let mut values: Vec<f32> = rows.iter().step_by(every).map(|row| row[column]).collect();
            values.sort_by(f32::total_cmp);
            let at = |step: usize| values.get(step * values.len() / MOST).copied();
            let mut edges: Vec<f32> = (1..MOST).filter_map(at).collect();
            edges.dedup();
            // Nothing is below the smallest.
            edges.retain(|edge| values.first().is_some_and(|first| first < edge));
            edges
        };
        Self { edges: (0..rows.columns()).map(edges_of).collect() }
    }

    /// The steps of rows with the same columns.
    pub fn apply(&self, rows: &Rows) -> Binned {
        let steps = self.edges.iter().enumerate().flat_map(|(column, edges)| {
            rows.iter().map(move |row| edges.partition_point(|edge| *edge <= row[column]) as u8)
        });
        Binned { steps: steps.collect(), rows: rows.len() }
    }

    /// Where a column is split so that its steps up to this one are below.
    pub fn edge(&self, column: usize, step: usize) -> f32 {
        self.edges[column][step]
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.edges.len()
    }

    /// How many steps a column has.
    pub fn steps(&self, column: usize) -> usize {
        self.edges[column].len() + 1
    }
}

impl Binned {
    /// The step of every row in one column.
    pub fn column(&self, column: usize) -> &[u8] {
        &self.steps[column * self.rows..][..self.rows]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_hold_about_as_many_rows_each_and_few_values_are_told_apart() {
        let value = |at: usize| [((at * 31) % 1000) as f32, (at % 3) as f32, 7.0];
        let rows = Rows::new((0..1000).flat_map(value).collect(), 3);
        let bins = Bins::fit(&rows);
        assert_eq!([0, 1, 2].map(|column| bins.steps(column)), [MOST, 3, 1]);
        let binned = bins.apply(&rows);
        for step in 0..MOST {
            let count = binned.column(0).iter().filter(|&&found| found == step as u8).count();
            assert!((14..=17).contains(&count), "{step}: {count}");
        }
        for (row, &step) in rows.iter().zip(binned.column(1)) {
            assert_eq!(row[1], f32::from(step));
        }
        // A value is below the edge exactly where its step is at most that of the edge.
        for (row, &step) in rows.iter().zip(binned.column(0)) {
            assert_eq!(row[0] < bins.edge(0, 30), step <= 30);
        }
    }
}
