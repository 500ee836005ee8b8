//! Cells of views on a grid that lies over the photo.
//!
//! A view is a part of the photo, made square, and its cells divide it equally; two views overlap, and each cell has
//! its own size in the photo. So each cell's number is spread around its middle, with a tent as wide as two cells (what
//! bilinear interpolation of the cells would show), inside what the view has seen, and the spread parts of all cells are
//! added up. Nothing is lost: the grid's numbers have the sum of the cells'.

use crate::preprocess::Rectangle;

/// The cells of one view.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Part {
    /// What the view has seen of the photo.
    pub seen: Rectangle,
    /// Where its cells lie: the same, or moved a little.
    pub cells: Rectangle,
    /// Cells from left to right.
    pub columns: usize,
    /// Cells from top to bottom.
    pub rows: usize,
    /// What each of them adds to the score: `[rows, columns]`.
    pub shares: Vec<f64>,
}

/// How fine the grid is along the longer side of the photo.
pub const FINENESS: usize = 56;

/// Columns and rows of the grid over a photo, whose squares are about as high as wide.
pub fn size(width: u32, height: u32) -> (usize, usize) {
    let longer = f64::from(width.max(height));
    let count = |side: u32| ((f64::from(side) / longer * FINENESS as f64).round() as usize).max(1);
    (count(width), count(height))
}

/// Adds up what the cells of all views spread over the grid.
///
/// # Shapes
///
/// - output: `[rows, columns]`
pub fn spread(parts: &[Part], columns: usize, rows: usize) -> Vec<f64> {
    let mut grid = vec![0.0; columns * rows];
    for part in parts {
        let Part { seen, cells, .. } = part;
        let across = Axis {
            from: seen.x,
            length: seen.width,
            start: cells.x,
            count: part.columns,
            whole: cells.width,
        };
        let down = Axis {
            from: seen.y,
            length: seen.height,
            start: cells.y,
            count: part.rows,
            whole: cells.height,
        };
        let (across, down) = (across.tents(columns), down.tents(rows));
        for (line, down) in part.shares.chunks_exact(part.columns).zip(&down) {
            for (share, across) in line.iter().zip(&across) {
                for &(y, of_row) in down {
                    for &(x, of_column) in across {
                        grid[y * columns + x] += share * of_row * of_column;
                    }
                }
            }
        }
    }
    grid
}

/// Cells along one side of the photo, which is 1 long.
struct Axis {
    /// What is seen.
    from: f64,
    length: f64,
    /// Where the cells begin, how many there are, and how long all are together.
    start: f64,
    count: usize,
    whole: f64,
}

impl Axis {
    /// For each cell, the squares of the grid that it spreads over, and how much of it each gets; together 1.
    fn tents(&self, squares: usize) -> Vec<Vec<(usize, f64)>> {
        let cell = self.whole / self.count as f64;
        let tent = |index: usize| {
            let middle = self.start + (index as f64 + 0.5) * cell;
            let height = |square: &usize| {
                let at = (*square as f64 + 0.5) / squares as f64;
                let seen = at >= self.from && at <= self.from + self.length;
                if seen { 1.0 - (at - middle).abs() / cell } else { 0.0 }
            };
            let heights = (0..squares).map(|square| (square, height(&square)));
            let mut found: Vec<(usize, f64)> =
                heights.filter(|(_, height)| *height > 0.0).collect();
            let sum: f64 = found.iter().map(|(_, height)| height).sum();
            found.iter_mut().for_each(|(_, height)| *height /= sum);
            if found.is_empty() {
                // Finer than the grid: all of it to the square where it lies.
                let nearest = ((middle.clamp(0.0, 1.0)) * squares as f64) as usize;
                found.push((nearest.min(squares - 1), 1.0));
            }
            found
        };
        (0..self.count).map(tent).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Rectangle = Rectangle { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };

    fn sum(values: &[f64]) -> f64 {
        values.iter().sum()
    }

    #[test]
    fn squares_of_the_grid_are_square() {
        assert_eq!(size(4000, 3000), (56, 42));
        assert_eq!(size(300, 400), (42, 56));
        assert_eq!(size(65_535, 1), (56, 1));
    }

    #[test]
    fn nothing_is_lost_wherever_the_cells_lie() {
        let shares: Vec<f64> = (0..49).map(|at| f64::from(at % 11) - 4.0).collect();
        let seen = Rectangle { x: 0.28, y: 0.06, width: 0.44, height: 0.88 };
        let part = |seen, cells| Part { seen, cells, columns: 7, rows: 7, shares: shares.clone() };
        let moved = Rectangle { x: 0.33, y: 0.0, ..seen };
        let narrow = Rectangle { x: 0.5, y: 0.5, width: 1e-4, height: 1e-4 };
        for part in [part(WHOLE, WHOLE), part(seen, seen), part(seen, moved), part(narrow, narrow)]
        {
            for (columns, rows) in [(56, 42), (56, 1), (7, 7), (3, 56)] {
                let grid = spread(std::slice::from_ref(&part), columns, rows);
                assert!((sum(&grid) - sum(&shares)).abs() < 1e-9, "{part:?}");
            }
        }
    }

    #[test]
    fn a_cell_lands_where_its_view_has_seen_it() {
        // The upper right cell of a view of the right half.
        let seen = Rectangle { x: 0.5, y: 0.0, width: 0.5, height: 1.0 };
        let part =
            Part { seen, cells: seen, columns: 2, rows: 2, shares: vec![0.0, 1.0, 0.0, 0.0] };
        let grid = spread(&[part], 8, 8);
        let of = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>| {
            sum(&rows.flat_map(|y| grid[y * 8..][columns.clone()].to_vec()).collect::<Vec<_>>())
        };
        assert!(of(0..4, 0..8).abs() < 1e-12, "nothing is outside the view");
        assert!(of(6..8, 0..4) > 0.7, "{grid:?}");
        let highest = (0..64).max_by(|&a, &b| grid[a].total_cmp(&grid[b])).unwrap();
        assert!(highest % 8 >= 6 && highest / 8 <= 3, "{highest}");
    }
}
