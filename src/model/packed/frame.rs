//! Maps in a frame of zeros.

use super::number::{Number, fill};
use super::pool::{MOST_THREADS, Pool, Scattered};
use super::room::{Maps, first};

/// What a value costs, beside a product of two.
const COST: usize = 8;

/// Where maps lie in a frame, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Height and width of the frame.
    pub size: [usize; 2],
    /// Rows above the maps and columns on their left.
    pub before: [usize; 2],
}

impl Frame {
    /// Writes maps, times a factor, in the frame, and zeros around them. What doesn't fit in is cut off, right and below.
    pub fn lay<N: Number>(self, input: Maps<'_>, factor: f32, pool: &Pool, to: &mut Vec<N>) {
        let Self { size: [height, width], before: [above, left] } = self;
        let wide = input.width.min(width - left) * input.channels;
        let row = width * input.channels;
        let to = Scattered::new(first(to, height * row));
        pool.share(height, row * COST, &mut [(); MOST_THREADS], |rows, ()| {
            // SAFETY: no other thread has these rows.
            let to = unsafe { to.slice(rows.start * row, rows.len() * row) };
            for (y, to) in rows.zip(to.chunks_exact_mut(row)) {
                match y.checked_sub(above).filter(|y| *y < input.height) {
                    Some(y) => {
                        let (before, rest) = to.split_at_mut(left * input.channels);
                        let (inside, after) = rest.split_at_mut(wide);
                        before.fill(N::default());
                        let from = &input.values[y * input.width * input.channels..][..wide];
                        fill(inside, from, factor);
                        after.fill(N::default());
                    }
                    None => to.fill(N::default()),
                }
            }
        });
    }
}
