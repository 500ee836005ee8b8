//! Every column with mean 0 and deviation 1.

use super::Rows;

/// Mean and scale of each column, measured on the training rows alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardise {
    mean: Vec<f32>,
    scale: Vec<f32>,
}

impl Standardise {
    /// Measures rows. A column that never changes becomes 0, not infinite.
    pub fn fit(rows: &Rows) -> Self {
        let count = rows.len().max(1) as f64;
        let mut mean = vec![0f64; rows.columns()];
        for row in rows.iter() {
            mean.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value) / count);
        }
        let mut variance = vec![0f64; rows.columns()];
        for row in rows.iter() {
            for ((sum, &value), mean) in variance.iter_mut().zip(row).zip(&mean) {
                *sum += (f64::from(value) - mean).powi(2) / count;
            }
        }
        let scale =
            |variance: f64| if variance > 1e-12 { variance.sqrt().recip() as f32 } else { 0.0 };
        Self {
            mean: mean.into_iter().map(|mean| mean as f32).collect(),
            scale: variance.into_iter().map(scale).collect(),
        }
    }

    /// Rows of the same columns on the new scale.
    pub fn apply(&self, rows: &Rows) -> Rows {
        let of_row = |row| self.apply_to_row(row);
        Rows::new(rows.iter().flat_map(of_row).collect(), rows.columns())
    }

    /// One row on the new scale.
    pub fn apply_to_row(&self, row: &[f32]) -> Vec<f32> {
        let parameters = self.mean.iter().zip(&self.scale);
        row.iter().zip(parameters).map(|(value, (mean, scale))| (value - mean) * scale).collect()
    }

    /// How many numbers it consists of.
    pub fn parameters(&self) -> usize {
        2 * self.mean.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_get_mean_0_and_deviation_1_and_constant_ones_become_0() {
        let rows = Rows::new(vec![1.0, 5.0, 3.0, 5.0], 2);
        let standard = Standardise::fit(&rows);
        assert_eq!(standard.apply(&rows), Rows::new(vec![-1.0, 0.0, 1.0, 0.0], 2));
        assert_eq!(standard.apply_to_row(&[4.0, 7.0]), [2.0, 0.0]);
    }
}
