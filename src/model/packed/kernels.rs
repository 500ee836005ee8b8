//! The three convolutions of a [packed](super) network, each for eight output channels at a time.

use super::lanes::{LANES, Lanes};

/// One pixel of a group: eight neighbouring channels.
pub type Pixel = [f32; LANES];

/// How many pixels are computed together. Their sums are eight vectors of four, half the registers of a usual
/// processor; the other half holds what is multiplied. Five and six were slower.
const TILE: usize = 4;

pub const RGB: usize = 3;
pub const STEM_KERNEL: usize = 3;
pub const STEM_STRIDE: usize = 2;

/// `tile!(|p| …)` is the array of what comes out for the pixels 0 to 3 of a tile. It is written out, because a
/// compiler that optimises for size keeps a loop a loop, and then the sums live in memory. The loops around it
/// stay loops on purpose: written out, too, they took a quarter longer, for want of registers.
macro_rules! tile {
    (|$p:pat_param| $what:expr) => {
        [tile!(0, $p, $what), tile!(1, $p, $what), tile!(2, $p, $what), tile!(3, $p, $what)]
    };
    ($index:expr, $p:pat_param, $what:expr) => {{
        let $p = $index;
        $what
    }};
}

/// The weights for eight output channels.
#[derive(Clone, Copy)]
pub struct Panel<'a> {
    pub bias: &'a Pixel,
    /// For each input channel and place in the kernel, its weight for each of the eight.
    pub weights: &'a [Pixel],
}

/// A convolution's weights, panel by panel: a bias, then the weights. Missing output channels are zero.
#[derive(Debug)]
pub struct Panels {
    values: Vec<Pixel>,
    /// Length of a panel, its bias included.
    length: usize,
}

impl Panels {
    /// # Shapes
    ///
    /// - `weights`: `[channels_out, channels_in, kernel, kernel]`, row by row
    /// - `bias`: `[channels_out]`
    pub fn new(weights: &[f32], bias: &[f32]) -> Self {
        let taps = weights.len() / bias.len();
        let length = taps + 1;
        let mut values = vec![[0.0; LANES]; bias.len().div_ceil(LANES) * length];
        for (channel, (weights, bias)) in weights.chunks_exact(taps).zip(bias).enumerate() {
            let panel = &mut values[channel / LANES * length..][..length];
            for (to, from) in panel.iter_mut().zip([bias].into_iter().chain(weights)) {
                to[channel % LANES] = *from;
            }
        }
        Self { values, length }
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.length
    }

    pub fn get(&self, index: usize) -> Panel<'_> {
        let panel = &self.values[index * self.length..][..self.length];
        Panel { bias: &panel[0], weights: &panel[1..] }
    }

    pub fn iter(&self) -> impl Iterator<Item = Panel<'_>> {
        (0..self.len()).map(|index| self.get(index))
    }
}

/// TensorFlow's 'SAME' padding along one axis.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// How many inputs there are.
    pub size: usize,
    /// Zeros before the first input. Where their number is odd, the end gets one more than the beginning.
    pub before: usize,
    /// How many inputs and zeros there are.
    pub padded: usize,
    /// How many outputs there are.
    pub out: usize,
}

impl Axis {
    pub fn same(size: usize, kernel: usize, stride: usize) -> Self {
        let out = size.div_ceil(stride);
        let padded = ((out - 1) * stride + kernel).max(size);
        Self { size, before: (padded - size) / 2, padded, out }
    }
}

/// One group of channels in a frame of zeros.
pub struct Frame {
    /// `[rows.padded, columns.padded, 8]`
    values: Vec<Pixel>,
    pub rows: Axis,
    pub columns: Axis,
}

impl Frame {
    pub fn new(rows: Axis, columns: Axis) -> Self {
        Self { values: vec![[0.0; LANES]; rows.padded * columns.padded], rows, columns }
    }

    /// Stores pixels that follow each other, after ReLU6. The `first` of them is counted without the frame.
    #[inline(always)]
    pub fn put(&mut self, first: usize, sums: &[Lanes]) {
        let columns = self.columns;
        let (mut x, y) = (first % columns.size, first / columns.size);
        let mut at = (self.rows.before + y) * columns.padded + columns.before + x;
        for sum in sums {
            sum.relu6().store(&mut self.values[at]);
            (x, at) = (x + 1, at + 1);
            if x == columns.size {
                (x, at) = (0, at + columns.padded - columns.size);
            }
        }
    }
}

/// Eight channels of a 1×1 convolution. `done(first, sums)` takes the sums of pixels that follow each other; some
/// come twice, because the last tile begins where it still is a whole one.
///
/// # Shapes
///
/// - `input`: `[channels_in / 8, pixels, 8]`
#[inline(always)]
pub fn pointwise(
    panel: Panel,
    input: &[Pixel],
    pixels: usize,
    mut done: impl FnMut(usize, &[Lanes]),
) {
    let bias = Lanes::load(panel.bias);
    if pixels < TILE {
        for at in 0..pixels {
            let mut sum = bias;
            for (weights, pixel) in
                panel.weights.chunks_exact(LANES).zip(input.iter().skip(at).step_by(pixels))
            {
                for (weights, x) in weights.iter().zip(pixel) {
                    sum = sum.add_scaled(*x, Lanes::load(weights));
                }
            }
            done(at, &[sum]);
        }
        return;
    }
    for at in (0..pixels).step_by(TILE) {
        let first = at.min(pixels - TILE);
        let mut sums = tile!(|_| bias);
        let mut group = first;
        for weights in panel.weights.chunks_exact(LANES) {
            // Arrays, so that one look at the length serves all that follows.
            let weights: &[Pixel; LANES] = weights.try_into().expect("a weight for each channel");
            let tile: &[Pixel; TILE] = input[group..group + TILE].try_into().expect("a tile");
            for c in 0..LANES {
                let weights = Lanes::load(&weights[c]);
                sums = tile!(|p| sums[p].add_scaled(tile[p][c], weights));
            }
            group += pixels;
        }
        done(first, &sums);
    }
}

/// Eight channels of a depthwise convolution with ReLU6.
///
/// # Shapes
///
/// - `output`: `[rows.out, columns.out, 8]`
#[inline(always)]
pub fn depthwise<const KERNEL: usize, const STRIDE: usize>(
    panel: Panel,
    frame: &Frame,
    output: &mut [Pixel],
) {
    let Frame { values, columns, .. } = frame;
    let bias = Lanes::load(panel.bias);
    for (y, output) in output.chunks_exact_mut(columns.out).enumerate() {
        let top = y * STRIDE * columns.padded;
        if columns.out < TILE {
            for (x, output) in output.iter_mut().enumerate() {
                let mut sum = bias;
                for (k, weights) in panel.weights.iter().enumerate() {
                    let at = top + k / KERNEL * columns.padded + x * STRIDE + k % KERNEL;
                    sum = sum.add_product(Lanes::load(&values[at]), Lanes::load(weights));
                }
                sum.relu6().store(output);
            }
            continue;
        }
        for x in (0..columns.out).step_by(TILE) {
            let x = x.min(columns.out - TILE);
            let mut sums = tile!(|_| bias);
            let mut row = top + x * STRIDE;
            for weights in panel.weights.chunks_exact(KERNEL) {
                let input = &values[row..row + (TILE - 1) * STRIDE + KERNEL];
                for k in 0..KERNEL {
                    let weights = Lanes::load(&weights[k]);
                    sums = tile!(
                        |p| sums[p].add_product(Lanes::load(&input[p * STRIDE + k]), weights)
                    );
                }
                row += columns.padded;
            }
            let output = &mut output[x..x + TILE];
            let _: [(); TILE] = tile!(|p| sums[p].relu6().store(&mut output[p]));
        }
    }
}

/// The network's input, with the padding that the stem wants.
pub struct Image {
    /// `[3, rows.padded, columns.padded]`
    values: Vec<f32>,
    pub rows: Axis,
    pub columns: Axis,
}

impl Image {
    /// # Shapes
    ///
    /// - `pixels`: `[3, height, width]`
    pub fn new(pixels: &[f32], height: usize, width: usize) -> Self {
        let rows = Axis::same(height, STEM_KERNEL, STEM_STRIDE);
        let mut columns = Axis::same(width, STEM_KERNEL, STEM_STRIDE);
        // More zeros on the right, so that every tile is a whole one.
        columns.padded += (TILE - 1) * STEM_STRIDE;
        let mut values = vec![0.0; RGB * rows.padded * columns.padded];
        let colours = values.chunks_exact_mut(rows.padded * columns.padded);
        for (to, from) in colours.zip(pixels.chunks_exact(height * width)) {
            let inside = to.chunks_exact_mut(columns.padded).skip(rows.before);
            for (to, from) in inside.zip(from.chunks_exact(width)) {
                to[columns.before..][..width].copy_from_slice(from);
            }
        }
        Self { values, rows, columns }
    }

    /// Eight channels of the stem, with ReLU6.
    #[inline(always)]
    pub fn stem(&self, panel: Panel, output: &mut Frame) {
        const REACH: usize = (TILE - 1) * STEM_STRIDE + STEM_KERNEL;
        let Self { values, rows, columns } = self;
        let bias = Lanes::load(panel.bias);
        for y in 0..rows.out {
            for x in (0..columns.out).step_by(TILE) {
                let mut sums = tile!(|_| bias);
                for (i, weights) in panel.weights.chunks_exact(STEM_KERNEL).enumerate() {
                    let (colour, ky) = (i / STEM_KERNEL, i % STEM_KERNEL);
                    let row = (colour * rows.padded + y * STEM_STRIDE + ky) * columns.padded;
                    let input = &values[row + x * STEM_STRIDE..][..REACH];
                    for k in 0..STEM_KERNEL {
                        let weights = Lanes::load(&weights[k]);
                        sums = tile!(|p| sums[p].add_scaled(input[p * STEM_STRIDE + k], weights));
                    }
                }
                output.put(y * columns.out + x, &sums[..TILE.min(columns.out - x)]);
            }
        }
    }
}
