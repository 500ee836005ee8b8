//! A table of numbers.

/// Rows of the same length, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    values: Vec<f32>,
    columns: usize,
}

impl Rows {
    /// From values, row by row.
    ///
    /// # Panics
    ///
    /// If there are no columns, or if the last row is incomplete.
    pub fn new(values: Vec<f32>, columns: usize) -> Self {
        assert!(columns > 0 && values.len().is_multiple_of(columns), "rows are complete");
        Self { values, columns }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The length of each row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// One row.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// The values of at most so many rows from one on.
    ///
    /// # Panics
    ///
    /// If there are fewer before that one.
    pub fn block(&self, start: usize, most: usize) -> &[f32] {
        let end = (start + most).min(self.len());
        &self.values[start * self.columns..end * self.columns]
    }

    /// All rows in their order.
    pub fn iter(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.columns)
    }

    /// The rows of these numbers, in this order.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn select(&self, indices: impl IntoIterator<Item = usize>) -> Self {
        let values = indices.into_iter().flat_map(|index| self.row(index)).copied().collect();
        Self { values, columns: self.columns }
    }
}
