//! One filter for each channel, with ReLU6, of eight channels that lie in a frame of zeros.
//!
//! A frame has two rows of the map in each of its own: see [`channels`](super::channels). So there are two orders of a filter's
//! weights, for outputs whose kernel begins in the upper row of two and for those where it begins in the lower one; in both
//! one half of a pair is multiplied with nothing, as kernels have an odd number of rows.

use super::axis::Axis;
use super::channels::Channels;
use super::epilogue::SIX;
use super::gemm::TILE;
use super::lanes::{Eight, LANES, Lanes};
use super::layer::{Border, Convolution};
use super::number::Number;
use super::pool::Scattered;
use super::room::Maps;
#[cfg(target_arch = "x86_64")]
use super::wide;

/// The values of eight channels of a pixel and of the one below it.
pub const PAIRS: usize = 2 * LANES;

/// What two weights of a filter cost, beside a product of two integers.
const FILTER: usize = 4;

/// Filters, their weights packed.
#[derive(Debug)]
pub struct Depthwise<N> {
    /// For each eight channels, for both orders, for every two rows of the kernel, for each column: [`PAIRS`] weights.
    weights: Vec<N>,
    /// What the sums of each channel are multiplied by.
    scales: Vec<Eight>,
    biases: Vec<Eight>,
    kernel: usize,
    pub stride: usize,
    /// The largest number whose sums fit.
    pub most: f32,
}

/// Where the pixels of a map lie in a frame.
pub struct Paired {
    /// Zeros that are above the map only because it has to begin in the upper row of two: one or none.
    more: usize,
    /// Pairs of rows, and columns.
    size: [usize; 2],
    /// Height and width of what comes out.
    pub out: [usize; 2],
    before: [usize; 2],
}

/// Where filtered channels go: channels last. No other thread has those of the same eight.
pub struct Filtered<'a, N> {
    pub values: &'a Scattered<'a, N>,
    pub channels: usize,
    /// What they are multiplied by.
    pub factor: f32,
}

impl<N: Number> Depthwise<N> {
    /// Packs the weights, or gives nothing where they can't be had in these numbers.
    pub fn new(layer: &Convolution) -> Option<Self> {
        let (kernel, stride) = (layer.kernel, layer.stride);
        assert!(
            matches!((kernel, stride), (3 | 5, 1 | 2)),
            "depthwise {kernel}×{kernel}, {stride}"
        );
        assert_eq!(layer.bias.len() % LANES, 0, "channels come in groups of {LANES}");
        let places = kernel * kernel;
        let order = kernel.div_ceil(2) * kernel * PAIRS;
        let mut weights = vec![N::default(); layer.bias.len() / LANES * 2 * order];
        let mut scales = vec![[0.0; LANES]; layer.bias.len() / LANES];
        let (mut most, mut numbers) = (f32::INFINITY, vec![N::default(); places]);
        for (channel, of_channel) in layer.weights.chunks_exact(places).enumerate() {
            let (panel, lane) = (channel / LANES, channel % LANES);
            let found = N::channel(of_channel, &mut numbers)?;
            scales[panel][lane] = found.scale;
            most = most.min(found.most);
            for (lower, to) in
                weights[panel * 2 * order..].chunks_exact_mut(order).take(2).enumerate()
            {
                for (place, number) in numbers.iter().enumerate() {
                    let (row, column) = (place / kernel + lower, place % kernel);
                    to[(row / 2 * kernel + column) * PAIRS + N::paired(lane, row % 2)] = *number;
                }
            }
        }
        let biases = layer.bias.as_chunks().0.to_vec();
        Some(Self { weights, scales, biases, kernel, stride, most })
    }

    /// How many times eight channels there are.
    pub fn panels(&self) -> usize {
        self.biases.len()
    }

    /// Where a map of this size lies in a frame.
    pub fn paired(&self, height: usize, width: usize) -> Paired {
        let axis = |size| Axis::new(size, self.kernel, self.stride, Border::Same);
        let (rows, columns) = (axis(height), axis(width));
        let more = rows.before % 2;
        // More zeros on the right, so that every tile is a whole one.
        let filled = (columns.out.next_multiple_of(TILE) - columns.out) * self.stride;
        let last = ((rows.out - 1) * self.stride + more) / 2 + self.kernel.div_ceil(2);
        Paired {
            more,
            size: [last.max((rows.padded + more).div_ceil(2)), columns.padded + filled],
            out: [rows.out, columns.out],
            before: [rows.before, columns.before],
        }
    }

    /// What eight channels of a map cost, beside a product of two integers.
    pub fn cost(&self, paired: &Paired) -> usize {
        let [height, width] = paired.out;
        height * width * self.kernel.div_ceil(2) * self.kernel * FILTER * LANES
    }

    /// Filters eight channels.
    ///
    /// - `back`: what makes sums of products out of sums of integers
    pub fn forward(
        &self,
        panel: usize,
        frame: &[N],
        paired: &Paired,
        back: f32,
        to: Filtered<'_, N>,
    ) {
        let order = self.kernel.div_ceil(2) * self.kernel * PAIRS;
        let by = |eight: &Eight, factor: f32| eight.map(|value| value * factor);
        let filter = Filter {
            weights: &self.weights[panel * 2 * order..][..2 * order],
            scale: &by(&self.scales[panel], back * to.factor),
            bias: &by(&self.biases[panel], to.factor),
            frame,
            paired,
            panel,
        };
        match (self.kernel, self.stride) {
            (3, 1) => filter.run::<3, 1>(to),
            (3, 2) => filter.run::<3, 2>(to),
            (5, 1) => filter.run::<5, 1>(to),
            _ => filter.run::<5, 2>(to),
        }
    }
}

impl Paired {
    /// How many values there are.
    pub fn values(&self) -> usize {
        self.size[0] * self.size[1] * PAIRS
    }

    /// The pixels of a map, each with the one below it, where there is one: their places in the map, and in the frame.
    pub fn pixels(&self, input: &Maps<'_>) -> impl Iterator<Item = Pixels> {
        let &Maps { height, width, .. } = input;
        let [above, left] = self.before;
        let (first, columns) = ((above + self.more) / 2, self.size[1]);
        (0..height).step_by(2).flat_map(move |y| {
            (0..width).map(move |x| Pixels {
                upper: y * width + x,
                lower: (y + 1 < height).then_some((y + 1) * width + x),
                place: ((first + y / 2) * columns + left + x) * PAIRS,
            })
        })
    }
}

/// See [`Paired::pixels`].
pub struct Pixels {
    pub upper: usize,
    pub lower: Option<usize>,
    pub place: usize,
}

/// Writes eight channels of two rows into a frame.
#[inline(always)]
pub fn store<N: Number>(upper: Lanes, lower: Lanes, frame: &mut [N], place: usize) {
    let to: &mut [N; PAIRS] = frame[place..].first_chunk_mut().expect("pairs of eight numbers");
    // SAFETY: eight values may be written in each half.
    unsafe {
        N::write_pairs(upper.0, lower.0, to.as_mut_ptr());
        N::write_pairs(upper.1, lower.1, to.as_mut_ptr().add(LANES));
    }
}

/// `each!(N, |i| …)` for 0 to 10, written out: see [`tile`](super::tile::tile). What is not below `N` is dropped by the
/// compiler.
macro_rules! each {
    ($end:expr, |$i:ident| $what:expr) => {
        each!($end, $i, $what, 0 1 2 3 4 5 6 7 8 9 10)
    };
    ($end:expr, $i:ident, $what:expr, $($at:literal)*) => {
        $( { const I: usize = $at; if I < $end { let $i = I; $what } } )*
    };
}

/// The filters of eight channels, and what they go over.
struct Filter<'a, N> {
    weights: &'a [N],
    scale: &'a Eight,
    bias: &'a Eight,
    frame: &'a [N],
    paired: &'a Paired,
    panel: usize,
}

impl<N: Number> Filter<'_, N> {
    /// With the widest vectors that the processor has.
    fn run<const KERNEL: usize, const STRIDE: usize>(&self, to: Filtered<'_, N>) {
        #[cfg(target_arch = "x86_64")]
        if N::WHOLE && wide::has_256() {
            // SAFETY: it has been asked for.
            return unsafe { filter_by_eight::<N, KERNEL, STRIDE>(self, to) };
        }
        filter::<N::Four, KERNEL, STRIDE>(self, to);
    }
}

/// # Safety
///
/// The processor [has 256 bits](wide::has_256).
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn filter_by_eight<N: Number, const KERNEL: usize, const STRIDE: usize>(
    work: &Filter<'_, N>,
    to: Filtered<'_, N>,
) {
    filter::<N::Eight, KERNEL, STRIDE>(work, to);
}

/// Some of the eight channels at a time, so that sums, weights and a number stay in registers. A row's numbers are
/// read once for all four pixels of a tile.
#[inline(always)]
fn filter<C: Channels, const KERNEL: usize, const STRIDE: usize>(
    &Filter { weights, scale, bias, frame, paired, panel }: &Filter<'_, C::Number>,
    Filtered { values, channels, factor }: Filtered<'_, C::Number>,
) {
    let &Paired { more, size: [rows, columns], out: [height, width], .. } = paired;
    let tiles = width.div_ceil(TILE);
    let pairs = KERNEL.div_ceil(2);
    assert!(weights.len() == 2 * pairs * KERNEL * PAIRS, "weights for each place, in both orders");
    assert!((tiles * TILE - 1) * STRIDE + KERNEL <= columns, "whole tiles");
    assert!(((height - 1) * STRIDE + more) / 2 + pairs <= rows, "whole kernels");
    assert!(rows * columns * PAIRS <= frame.len(), "a whole frame");
    assert!((panel + 1) * LANES <= channels && height * width * channels <= values.len());
    let most = SIX * factor;
    for part in (0..LANES).step_by(C::COUNT) {
        // SAFETY: every read is of pairs at a pixel of the frame, or of pairs of weights, scales or biases, from `part` on; the
        // assertions above have the last of them inside. A pixel is written where `x < width`, into its own channels.
        unsafe {
            let (scale, bias) = (scale.as_ptr().add(part), bias.as_ptr().add(part));
            for y in 0..height {
                let first = y * STRIDE + more;
                let order = weights.as_ptr().add(first % 2 * pairs * KERNEL * PAIRS + 2 * part);
                for tile in 0..tiles {
                    let x = tile * TILE;
                    let mut sums = [C::nothing(); TILE];
                    let mut row =
                        frame.as_ptr().add((first / 2 * columns + x * STRIDE) * PAIRS + 2 * part);
                    let mut weight = order;
                    for _ in 0..pairs {
                        let mut of_row = [C::read(weight); KERNEL];
                        each!(KERNEL, |k| of_row[k] = C::read(weight.add(k * PAIRS)));
                        each!((TILE - 1) * STRIDE + KERNEL, |i| {
                            let number = C::read(row.add(i * PAIRS));
                            each!(TILE, |p| {
                                if i >= p * STRIDE && i - p * STRIDE < KERNEL {
                                    sums[p] = C::add(sums[p], number, of_row[i - p * STRIDE]);
                                }
                            });
                        });
                        row = row.add(columns * PAIRS);
                        weight = weight.add(KERNEL * PAIRS);
                    }
                    let to =
                        values.as_mut_ptr().add((y * width + x) * channels + panel * LANES + part);
                    each!(TILE, |p| {
                        if x + p < width {
                            C::write(sums[p], scale, bias, most, to.add(p * channels));
                        }
                    });
                }
            }
        }
    }
}
