//! 3×3 convolutions in fewer multiplications: Winograd's F(2×2, 3×3), in whole numbers.
//!
//! Two by two outputs see four by four inputs, which take 36 multiplications for each input channel, or, once both inputs
//! and weights are transformed, 16 (Lavin and Gray, arXiv:1509.09308). With the matrices
//!
//! ```text
//!      ⎡1  0 −1  0⎤        ⎡2  0  0⎤
//! Bᵀ = ⎢0  1  1  0⎥   2G = ⎢1  1  1⎥   Aᵀ = ⎡1 1  1  0⎤
//!      ⎢0 −1  1  0⎥        ⎢1 −1  1⎥        ⎣0 1 −1 −1⎦
//!      ⎣0  1  0 −1⎦        ⎣0  0  2⎦
//! ```
//!
//! weights `g` become `2G g 2Gᵀ`, once, inputs `d` become `Bᵀ d B`, and with their products `m`, summed over the input channels,
//! `Aᵀ m A` is four times the outputs.
//!
//! Everything is whole: weights of a byte become at most 9 · 127, activations of 13 bits and a sign at most four times as large,
//! which 16 bits hold. Sums wrap around at 32 bits, and that harms none: additions, subtractions and products
//! are right but for a multiple of 2³² whatever is in between, so what comes out last is right if it fits itself. As many
//! bits of the activations are left out as that takes.

use super::axis::Axis;
use super::dense::eight_mut;
use super::epilogue::Activation;
use super::frame::Frame;
use super::gemm::{Segments, TILE, multiply, tile};
use super::lanes::{Ints, LANES, Lanes, Quad, Shorts};
use super::layer::{Border, Convolution};
use super::number::{Number, Panels, largest_of};
use super::pool::{MOST_THREADS, Pool, Scattered};
use super::room::{Maps, TileDesk, Tiles, first};

const KERNEL: usize = 3;
/// Side of the inputs that a tile of outputs sees, and how many those are.
const SIDE: usize = 4;
const SQUARE: usize = SIDE * SIDE;
/// Outputs of a tile, one way.
const OUT: usize = 2;
/// About so many transformed inputs lie in memory at once: half a megabyte, which second caches hold. Of a small picture that is all.
const STRIP: usize = 1 << 18;

/// A convolution, its weights transformed and packed.
#[derive(Debug)]
pub struct Winograd {
    panels: Panels<i16>,
    border: Border,
    activation: Activation,
    pool: bool,
    /// The largest activation, as a whole number.
    most: f32,
}

impl Winograd {
    /// Activations with fewer bits than this would say too little.
    const LEAST: f32 = 4095.0;
    /// Fewer input channels than this aren't worth a transformation.
    const CHANNELS: usize = 16;

    /// Transforms and packs the weights; nothing where the convolution is of another kind, or better computed as it is.
    pub fn new(layer: &Convolution) -> Option<Self> {
        let Convolution { kernel, stride, border, activation, pool, .. } = *layer;
        let channels = layer.weights.len() / layer.bias.len() / (kernel * kernel);
        let fitting = (kernel, stride) == (KERNEL, 1);
        if !fitting || channels < Self::CHANNELS || !channels.is_multiple_of(LANES) {
            return None;
        }
        let mut panels = Panels::new(&layer.weights, &layer.bias, channels, KERNEL * KERNEL)?;
        // Inputs grow by four in the transformation, and four times the sums come out.
        let most = (panels.most / 4.0).floor();
        panels.scales.as_flattened_mut().iter_mut().for_each(|scale| *scale /= 4.0);
        panels.weights = transform_weights(&panels.weights, channels * LANES);
        panels.depth = SQUARE * channels;
        (most >= Self::LEAST).then_some(Self { panels, border, activation, pool, most })
    }

    pub fn channels_out(&self) -> usize {
        self.panels.len() * LANES
    }

    pub fn forward(
        &self,
        input: Maps<'_>,
        room: &mut Tiles,
        pool: &Pool,
        output: &mut Vec<f32>,
    ) -> [usize; 2] {
        let scaling = i16::scaling(self.most, || largest_of(input.values, pool));
        let axes = [input.height, input.width].map(|size| Axis::new(size, KERNEL, 1, self.border));
        let tiles =
            axes.map(|axis| if self.pool { axis.out / OUT } else { axis.out.div_ceil(OUT) });
        let frame = Frame {
            size: tiles.map(|tiles| tiles * OUT + SIDE - OUT),
            before: axes.map(|axis| axis.before),
        };
        frame.lay(input, scaling.factor, pool, &mut room.frame);
        let size = if self.pool { tiles } else { axes.map(|axis| axis.out) };
        let output = first(output, size[0] * size[1] * self.channels_out());
        let rows = (STRIP / (tiles[1] * input.channels * SQUARE)).max(1);
        for top in (0..tiles[0]).step_by(rows) {
            let strip = Strip { top, tiles: [rows.min(tiles[0] - top), tiles[1]], size };
            let from = &room.frame[top * OUT * frame.size[1] * input.channels..];
            transform(from, frame.size[1], strip.tiles, input.channels, pool, &mut room.inputs);
            self.multiply(strip, input.channels, scaling.back, room, pool, output);
        }
        size
    }

    /// What comes out of a strip of tiles, their inputs transformed.
    fn multiply(
        &self,
        Strip { top, tiles: [down, across], size: [height, width] }: Strip,
        channels: usize,
        back: f32,
        room: &mut Tiles,
        pool: &Pool,
        output: &mut [f32],
    ) {
        let (count, wide) = (down * across, self.channels_out());
        room.places.refill((0..count).map(|tile| tile * channels));
        let quads = count.div_ceil(TILE);
        let segments = Segments { count: 1, length: channels, stride: 0 };
        let Tiles { inputs, places, desks, .. } = room;
        let (inputs, places, output) = (&*inputs, &*places, Scattered::new(output));
        let cost = SQUARE * quads * TILE * channels * LANES;
        pool.share(self.panels.len(), cost, desks, |panels, TileDesk { kept, products }| {
            products.resize(SQUARE * quads, tile!(|_| i16::zero()));
            for panel in panels {
                let weights = self.panels.of_eight(panel).chunks_exact(channels * LANES);
                let of_places = weights.zip(inputs.chunks_exact(count * channels));
                for ((weights, inputs), to) in of_places.zip(products.chunks_exact_mut(quads)) {
                    multiply(weights, segments, inputs, places, 0..quads, kept, |at, sums| {
                        to[at] = sums;
                    });
                }
                let affine = self.panels.affine(panel, back);
                let products = |quad: usize, of: usize, half: usize| {
                    tile!(|i| tile!(|j| products[(i * SIDE + j) * quads + quad][of][half]))
                };
                let store = |lanes: Lanes, y: usize, x: usize| {
                    let place = (y * width + x) * wide + panel * LANES;
                    // SAFETY: no other thread has this panel.
                    lanes.store(eight_mut(unsafe { output.slice(place, LANES) }));
                };
                for at in 0..count {
                    let (quad, of) = (at / TILE, at % TILE);
                    let (low, high) =
                        (outputs(products(quad, of, 0)), outputs(products(quad, of, 1)));
                    let lanes = tile!(|i| affine([low[i], high[i]]));
                    let (y, x) = (top + at / across, at % across);
                    if self.pool {
                        let [a, b, c, d] = lanes;
                        let larger = |a: Lanes, b| a.with(b, Quad::at_least);
                        store(self.activation.apply(larger(larger(a, b), larger(c, d))), y, x);
                        continue;
                    }
                    for (i, lanes) in lanes.into_iter().enumerate() {
                        let (y, x) = (y * OUT + i / OUT, x * OUT + i % OUT);
                        if y < height && x < width {
                            store(self.activation.apply(lanes), y, x);
                        }
                    }
                }
            }
        });
    }
}

/// Rows of tiles that are computed together.
struct Strip {
    top: usize,
    /// How many, down and across.
    tiles: [usize; 2],
    /// Height and width of the whole output.
    size: [usize; 2],
}

/// `2G g 2Gᵀ` of the kernels of packed weights, in which all weights at one place of the kernels, `whole` of them, follow
/// each other for each eight output channels.
fn transform_weights(weights: &[i16], whole: usize) -> Vec<i16> {
    assert!(whole.is_multiple_of(LANES) && weights.len().is_multiple_of(KERNEL * KERNEL * whole));
    let mut to = vec![0; weights.len() / (KERNEL * KERNEL) * SQUARE];
    let panels = to.chunks_exact_mut(SQUARE * whole);
    for (to, from) in panels.zip(weights.chunks_exact(KERNEL * KERNEL * whole)) {
        for at in (0..whole).step_by(LANES) {
            // SAFETY: eight weights begin at `at` at each of the places of the kernels, before and after.
            unsafe {
                let from = from.as_ptr().add(at);
                let column = |j: usize| {
                    let weight = |i: usize| Shorts::read(from.add((i * KERNEL + j) * whole));
                    turn_weights([weight(0), weight(1), weight(2)])
                };
                let columns = [column(0), column(1), column(2)];
                let to = to.as_mut_ptr().add(at);
                let _: [_; SIDE] = tile!(|i| {
                    let row = turn_weights([columns[0][i], columns[1][i], columns[2][i]]);
                    let _: [(); SIDE] = tile!(|j| row[j].write(to.add((i * SIDE + j) * whole)));
                });
            }
        }
    }
    to
}

/// `2G g`
#[inline(always)]
fn turn_weights([a, b, c]: [Shorts; KERNEL]) -> [Shorts; SIDE] {
    let outer = a.plus(c);
    [a.plus(a), outer.plus(b), outer.minus(b), c.plus(c)]
}

/// `Bᵀ d B` of the inputs of every tile.
fn transform(
    frame: &[i16],
    width: usize,
    [down, across]: [usize; 2],
    channels: usize,
    pool: &Pool,
    to: &mut Vec<i16>,
) {
    /// What an input costs, beside a product of two.
    const COST: usize = 16;
    let whole = down * across * channels;
    let to = first(to, SQUARE * whole);
    assert!(channels.is_multiple_of(LANES), "whole vectors");
    assert!((down * OUT + SIDE - OUT) * width * channels <= frame.len(), "rows for every tile");
    assert!(across * OUT + SIDE - OUT <= width, "columns for every tile");
    let to = Scattered::new(to);
    pool.share(down * across, SQUARE * channels * COST, &mut [(); MOST_THREADS], |tiles, ()| {
        for tile in tiles {
            let corner = (tile / across * OUT * width + tile % across * OUT) * channels;
            for channel in (0..channels).step_by(LANES) {
                // SAFETY: the assertions have the four rows and columns of the last tile in the frame, and all of its channels;
                // what is written has a place for each tile and channel in each of the 16 parts, and no other thread has this
                // tile.
                unsafe {
                    let from = frame.as_ptr().add(corner + channel);
                    let turned = tile!(|i| turn(tile!(|j| Shorts::read(
                        from.add((i * width + j) * channels)
                    ))));
                    let to = to.as_mut_ptr().add(tile * channels + channel);
                    let _: [_; SIDE] = tile!(|j| {
                        let column = turn(tile!(|i| turned[i][j]));
                        let _: [(); SIDE] =
                            tile!(|i| column[i].write(to.add((i * SIDE + j) * whole)));
                    });
                }
            }
        }
    });
}

/// `Bᵀ d`
#[inline(always)]
fn turn([a, b, c, d]: [Shorts; SIDE]) -> [Shorts; SIDE] {
    [a.minus(c), b.plus(c), c.minus(b), b.minus(d)]
}

/// `Aᵀ m A`, row by row.
#[inline(always)]
fn outputs(products: [[Ints; SIDE]; SIDE]) -> [Ints; OUT * OUT] {
    let [a, b, c, d] = products;
    let above = tile!(|j| a[j].plus(b[j]).plus(c[j]));
    let below = tile!(|j| b[j].minus(c[j]).minus(d[j]));
    let two = |[a, b, c, d]: [Ints; SIDE]| [a.plus(b).plus(c), b.minus(c).minus(d)];
    let ([first, second], [third, fourth]) = (two(above), two(below));
    [first, second, third, fourth]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layer of bytes in which some channels are as large as there are.
    fn layer(channels: usize, border: Border, pool: bool) -> Convolution {
        let depth = channels * KERNEL * KERNEL;
        let weight = |at: usize| match (at / depth, at % depth) {
            (1, _) | (_, 0) => 127.0,
            (2, place) => [127.0, -127.0][place % 2],
            _ => (at * 7919 % 255) as f32 - 127.0,
        };
        Convolution {
            weights: (0..depth * 16).map(weight).collect(),
            bias: vec![0.0; 16],
            kernel: KERNEL,
            stride: 1,
            border,
            activation: Activation::None,
            pool,
        }
    }

    /// Whole numbers in, so that nothing is rounded: what comes out is what a direct convolution of 64-bit integers gives. With
    /// large maps in several strips, and many channels in several parts.
    #[test]
    fn whole_numbers_come_out_exactly() {
        for (channels, [height, width]) in [
            (16, [5, 4]),
            (16, [1, 1]),
            (24, [6, 7]),
            (16, [3, 9]),
            (48, [9, 2]),
            (1032, [4, 3]),
            (48, [25, 79]),
        ] {
            for (border, pool) in [
                (Border::Same, false),
                (Border::Same, true),
                (Border::Valid, false),
                (Border::Valid, true),
            ] {
                let least =
                    if border == Border::Valid { KERNEL - 1 } else { 0 } + 1 + usize::from(pool);
                if height.min(width) < least {
                    continue;
                }
                // With so many channels, weights that are small, or their sums would not fit.
                let mut layer = layer(channels, border, pool);
                if channels > 64 {
                    let small = |(at, weight): (usize, &mut f32)| {
                        *weight = if at % 991 == 0 { 127.0 } else { *weight / 127.0 }.trunc();
                    };
                    layer.weights.iter_mut().enumerate().for_each(small);
                    let depth = channels * KERNEL * KERNEL;
                    layer.weights.iter_mut().step_by(depth).for_each(|weight| *weight = 127.0);
                }
                let winograd = Winograd::new(&layer).expect("of this kind");
                let most = winograd.most as i64;
                let value = |at: usize| match at * 31 % 7 {
                    0 | 3 => most,
                    5 => -most,
                    _ => (at * 7919) as i64 % (2 * most + 1) - most,
                };
                let values: Vec<i64> = (0..height * width * channels).map(value).collect();
                let floats: Vec<f32> = values.iter().map(|value| *value as f32).collect();
                assert!(values.contains(&most), "the scale is 1");
                let maps = Maps { values: &floats, height, width, channels };
                let mut found = Vec::new();
                let size = winograd.forward(maps, &mut Tiles::default(), &Pool::new(), &mut found);
                let sums = direct(&layer, &values, [height, width], channels);
                assert_eq!(found.len(), size[0] * size[1] * 16);
                let what = format!("{channels} channels, {height} × {width}, {border:?} {pool}");
                let out = [height, width].map(|size| Axis::new(size, KERNEL, 1, border).out);
                for (at, found) in found.iter().enumerate() {
                    let (pixel, channel) = (at / 16, at % 16);
                    let (y, x) = (pixel / size[1], pixel % size[1]);
                    let sum = |y: usize, x: usize| sums[(y * out[1] + x) * 16 + channel];
                    let expected = match pool {
                        true => [0, 1, 2, 3].map(|i| sum(y * 2 + i / 2, x * 2 + i % 2)),
                        false => [sum(y, x); 4],
                    };
                    let expected = expected.into_iter().max().unwrap();
                    assert!(i32::try_from(4 * expected).is_ok(), "{what}: {expected} fits");
                    // A float rounds what has more than 24 bits, and a quarter of it is exact.
                    assert_eq!(
                        *found,
                        (4 * expected) as i32 as f32 / 4.0,
                        "{what}: {y} {x} {channel}"
                    );
                }
            }
        }
    }

    fn direct(
        layer: &Convolution,
        values: &[i64],
        [height, width]: [usize; 2],
        channels: usize,
    ) -> Vec<i64> {
        let [rows, columns] = [height, width].map(|size| Axis::new(size, KERNEL, 1, layer.border));
        let mut sums = Vec::new();
        for (y, x, out) in (0..rows.out)
            .flat_map(|y| (0..columns.out).map(move |x| (y, x)))
            .flat_map(|(y, x)| (0..layer.bias.len()).map(move |out| (y, x, out)))
        {
            let mut sum = 0;
            for (place, channel) in
                (0..KERNEL * KERNEL).flat_map(|place| (0..channels).map(move |c| (place, c)))
            {
                let at = |at: usize, place: usize, axis: Axis, size: usize| {
                    (at + place).checked_sub(axis.before).filter(|at| *at < size)
                };
                let row = at(y, place / KERNEL, rows, height);
                let column = at(x, place % KERNEL, columns, width);
                if let (Some(row), Some(column)) = (row, column) {
                    let weight = layer.weights[(out * channels + channel) * 9 + place] as i64;
                    sum += weight * values[(row * width + column) * channels + channel];
                }
            }
            sums.push(sum);
        }
        sums
    }

    #[test]
    fn other_convolutions_are_left_alone() {
        let fitting = layer(16, Border::Same, false);
        assert!(Winograd::new(&fitting).is_some());
        assert!(Winograd::new(&Convolution { stride: 2, ..fitting.clone() }).is_none());
        assert!(Winograd::new(&layer(8, Border::Same, false)).is_none(), "few channels");
        assert!(Winograd::new(&layer(20, Border::Same, false)).is_none(), "no whole vectors");
        let mut large = layer(1024, Border::Same, false);
        large.weights.fill(127.0);
        assert!(Winograd::new(&large).is_none(), "the sums take the activations' bits");
        let mut no_bytes = fitting;
        no_bytes.weights[5] += 0.3;
        assert!(Winograd::new(&no_bytes).is_none());
    }
}
