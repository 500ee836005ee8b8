//! Four pixels, which the kernels compute together, and where their numbers lie.

/// How many pixels are computed together.
pub const TILE: usize = 4;

/// `tile!(|p| …)` is the array of what comes out for the pixels 0 to 3 of a tile. It is written out, because a
/// compiler that optimises for size keeps a loop a loop, and then the sums live in memory.
macro_rules! tile {
    (|$p:pat_param| $what:expr) => {
        [tile!(0, $p, $what), tile!(1, $p, $what), tile!(2, $p, $what), tile!(3, $p, $what)]
    };
    ($index:expr, $p:pat_param, $what:expr) => {{
        let $p = $index;
        $what
    }};
}
pub(super) use tile;

/// The segments of a pixel.
#[derive(Debug, Clone, Copy)]
pub struct Segments {
    pub count: usize,
    /// Values in one of them.
    pub length: usize,
    /// From the beginning of one to that of the next.
    pub stride: usize,
}
