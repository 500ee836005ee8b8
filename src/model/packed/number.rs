//! What convolutions multiply: 16-bit integers, or single precision.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::channels::Channels;
use super::channels::Floats;
#[cfg(target_arch = "x86_64")]
use super::channels::Octet;
use super::lanes::{Eight, Ints, LANES, Lanes, Quad, largest};
use super::pool::{MOST_THREADS, Pool};
#[cfg(target_arch = "x86_64")]
use super::tile::{Segments, TILE};
#[cfg(target_arch = "x86_64")]
use super::wide;

/// A kind of number that weights and activations have.
pub trait Number: Copy + Debug + Default + Send + Sync + 'static {
    /// So many neighbouring channels are multiplied by one instruction.
    const UNIT: usize;

    /// Whether they are whole numbers.
    const WHOLE: bool;

    /// The sums of eight output channels.
    type Sums: Copy + Debug + Send;

    /// The weights of eight output channels for `UNIT` input channels.
    type Weights: Copy;

    /// Sums of nothing.
    fn zero() -> Self::Sums;

    /// # Safety
    ///
    /// `LANES · UNIT` weights lie at `at`.
    unsafe fn weights(at: *const Self) -> Self::Weights;

    /// `sums + pixel · weights`.
    ///
    /// # Safety
    ///
    /// `UNIT` channels of a pixel lie at `at`.
    unsafe fn add(sums: Self::Sums, at: *const Self, weights: Self::Weights) -> Self::Sums;

    fn floats(sums: Self::Sums) -> Lanes;

    /// Adds the products of a tile to sums, for whole numbers only.
    ///
    /// # Safety
    ///
    /// All segments of the four pixels can be read, and `count · length · LANES` weights; the processor
    /// [has 256 bits](wide::has_256).
    #[cfg(target_arch = "x86_64")]
    unsafe fn sum_256(
        _segments: Segments,
        _pixels: [*const Self; TILE],
        _weights: *const Self,
        _sums: [Self::Sums; TILE],
    ) -> [Self::Sums; TILE] {
        unreachable!("whole numbers only")
    }

    /// As [`Number::sum_256`].
    ///
    /// # Safety
    ///
    /// As there, but the processor [has 512 bits](wide::has_512).
    #[cfg(target_arch = "x86_64")]
    unsafe fn sum_512(
        _segments: Segments,
        _pixels: [*const Self; TILE],
        _weights: *const Self,
        _sums: [Self::Sums; TILE],
    ) -> [Self::Sums; TILE] {
        unreachable!("whole numbers only")
    }

    /// Four channels of two rows: see [`channels`](super::channels).
    type Four: Channels<Number = Self>;

    /// Eight of them, on a processor that [has 256 bits](wide::has_256), where that is of use.
    #[cfg(target_arch = "x86_64")]
    type Eight: Channels<Number = Self>;

    /// Where among the values of eight channels of two rows one has its place; `row` is 0 or 1.
    fn paired(channel: usize, row: usize) -> usize;

    /// Writes activations, which have been multiplied by the factor of a [`Scaling`].
    ///
    /// # Safety
    ///
    /// Four of them may be written at `at`.
    unsafe fn write(values: Quad, at: *mut Self);

    /// Writes activations of four channels in two rows.
    ///
    /// # Safety
    ///
    /// Eight of them may be written at `at`.
    unsafe fn write_pairs(upper: Quad, lower: Quad, at: *mut Self);

    /// How activations are scaled of which the largest is `largest()`.
    fn scaling(most: f32, largest: impl FnOnce() -> f32) -> Scaling;

    /// The weights of one output channel, what they have to be multiplied by, and the largest activation that their
    /// sums can take; or nothing, where these numbers can't stand for them.
    fn channel(weights: &[f32], to: &mut [Self]) -> Option<Channel>;
}

/// How numbers become those that are multiplied, and back.
#[derive(Debug, Clone, Copy)]
pub struct Scaling {
    pub factor: f32,
    pub back: f32,
}

impl Scaling {
    const NONE: Self = Self { factor: 1.0, back: 1.0 };
}

/// See [`Number::channel`].
pub struct Channel {
    pub scale: f32,
    pub most: f32,
}

impl Number for f32 {
    const UNIT: usize = 1;
    const WHOLE: bool = false;
    type Sums = Lanes;
    type Weights = Lanes;

    #[inline(always)]
    fn zero() -> Lanes {
        Lanes(Quad::splat(0.0), Quad::splat(0.0))
    }

    #[inline(always)]
    unsafe fn weights(at: *const f32) -> Lanes {
        // SAFETY: the caller's.
        unsafe { Lanes(Quad::read(at), Quad::read(at.add(4))) }
    }

    #[inline(always)]
    unsafe fn add(sums: Lanes, at: *const f32, weights: Lanes) -> Lanes {
        // SAFETY: the caller's.
        let pixel = Quad::splat(unsafe { *at });
        sums.with(weights, |sum, weights| sum.plus(pixel.times(weights)))
    }

    #[inline(always)]
    fn floats(sums: Lanes) -> Lanes {
        sums
    }

    type Four = Floats;
    #[cfg(target_arch = "x86_64")]
    type Eight = Floats;

    fn paired(channel: usize, row: usize) -> usize {
        channel / 4 * 8 + row * 4 + channel % 4
    }

    #[inline(always)]
    unsafe fn write(values: Quad, at: *mut f32) {
        // SAFETY: the caller's.
        unsafe { values.write(at) }
    }

    #[inline(always)]
    unsafe fn write_pairs(upper: Quad, lower: Quad, at: *mut f32) {
        // SAFETY: the caller's.
        unsafe {
            upper.write(at);
            lower.write(at.add(4));
        }
    }

    fn scaling(_most: f32, _largest: impl FnOnce() -> f32) -> Scaling {
        Scaling::NONE
    }

    fn channel(weights: &[f32], to: &mut [f32]) -> Option<Channel> {
        to.copy_from_slice(weights);
        Some(Channel { scale: 1.0, most: f32::INFINITY })
    }
}

/// Weights of one byte, and activations of 15 bits and a sign, or fewer where the sums would not fit into 32 bits.
impl Number for i16 {
    const UNIT: usize = 2;
    const WHOLE: bool = true;
    type Sums = [Ints; 2];
    type Weights = [Ints; 2];

    #[inline(always)]
    fn zero() -> [Ints; 2] {
        [Ints::zero(); 2]
    }

    #[inline(always)]
    unsafe fn weights(at: *const i16) -> [Ints; 2] {
        // SAFETY: the caller's.
        unsafe { [Ints::read_pairs(at), Ints::read_pairs(at.add(LANES))] }
    }

    #[inline(always)]
    unsafe fn add(sums: [Ints; 2], at: *const i16, weights: [Ints; 2]) -> [Ints; 2] {
        // SAFETY: the caller's.
        let pair = unsafe { Ints::splat_pair(at) };
        [sums[0].plus_dot(pair, weights[0]), sums[1].plus_dot(pair, weights[1])]
    }

    #[inline(always)]
    fn floats(sums: [Ints; 2]) -> Lanes {
        Lanes(sums[0].to_floats(), sums[1].to_floats())
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn sum_256(
        segments: Segments,
        pixels: [*const i16; TILE],
        weights: *const i16,
        sums: [[Ints; 2]; TILE],
    ) -> [[Ints; 2]; TILE] {
        // SAFETY: the caller's.
        unsafe { wide::sum_256(segments, pixels, weights, sums) }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn sum_512(
        segments: Segments,
        pixels: [*const i16; TILE],
        weights: *const i16,
        sums: [[Ints; 2]; TILE],
    ) -> [[Ints; 2]; TILE] {
        // SAFETY: the caller's.
        unsafe { wide::sum_512(segments, pixels, weights, sums) }
    }

    type Four = Ints;
    #[cfg(target_arch = "x86_64")]
    type Eight = Octet;

    fn paired(channel: usize, row: usize) -> usize {
        channel * 2 + row
    }

    #[inline(always)]
    unsafe fn write(values: Quad, at: *mut i16) {
        // SAFETY: the caller's.
        unsafe { values.write_rounded(at) }
    }

    #[inline(always)]
    unsafe fn write_pairs(upper: Quad, lower: Quad, at: *mut i16) {
        // SAFETY: the caller's.
        unsafe { upper.write_rounded_pairs(lower, at) }
    }

    fn scaling(most: f32, largest: impl FnOnce() -> f32) -> Scaling {
        let largest = largest();
        // Where the largest is no number or infinite, `back` is, too, and so is all that comes out.
        let factor = if largest > 0.0 { most / largest } else { 0.0 };
        Scaling { factor, back: largest / most }
    }

    fn channel(weights: &[f32], to: &mut [i16]) -> Option<Channel> {
        let largest = largest(weights);
        if largest == 0.0 {
            to.fill(0);
            return Some(Channel { scale: 0.0, most: MOST });
        }
        // The trainer puts the largest weight of each channel at ±127.
        if !largest.is_finite() {
            return None;
        }
        let (factor, scale) = (127.0 / largest, largest / 127.0);
        fill(to, weights, factor);
        let whole = |(whole, weight): (&i16, &f32)| (f32::from(*whole) - weight * factor).abs();
        let off = to.iter().zip(weights).map(whole).fold(0.0, f32::max);
        // Rounding in single precision makes it at most 3e-5; weights that were never bytes are off by up to a half.
        if off >= 1e-3 {
            return None;
        }
        let total: u32 = to.iter().map(|whole| u32::from(whole.unsigned_abs())).sum();
        Some(Channel { scale, most: MOST.min((i32::MAX as u32 / total.max(1)) as f32) })
    }
}

/// The largest activation of 16 bits.
const MOST: f32 = i16::MAX as f32;

/// As [`largest`], by several threads.
pub fn largest_of(values: &[f32], pool: &Pool) -> f32 {
    /// Values that are looked at together, and what such a piece costs, beside a product of two numbers.
    const PIECE: usize = 4096;
    const COST: usize = 4 * PIECE;
    let most = AtomicU32::new(0);
    pool.share(values.len().div_ceil(PIECE), COST, &mut [(); MOST_THREADS], |pieces, ()| {
        let end = values.len().min(pieces.end * PIECE);
        // Magnitudes have the order of their bits, and what is no number comes last.
        most.fetch_max(largest(&values[pieces.start * PIECE..end]).to_bits(), Relaxed);
    });
    f32::from_bits(most.into_inner())
}

/// Writes activations, times a factor.
pub fn fill<N: Number>(to: &mut [N], from: &[f32], factor: f32) {
    assert_eq!(to.len(), from.len(), "as many as there are");
    let factor = Quad::splat(factor);
    let whole = from.len() / 4 * 4;
    for at in (0..whole).step_by(4) {
        // SAFETY: both slices have as many values, of which four begin at `at`.
        unsafe {
            N::write(Quad::read(from.as_ptr().add(at)).times(factor), to.as_mut_ptr().add(at));
        }
    }
    let mut rest = [[0.0; 4], [0.0; 4]];
    rest[0][..from.len() - whole].copy_from_slice(&from[whole..]);
    let mut last = [N::default(); 4];
    // SAFETY: both arrays have four values.
    unsafe { N::write(Quad::read(rest[0].as_ptr()).times(factor), last.as_mut_ptr()) };
    to[whole..].copy_from_slice(&last[..from.len() - whole]);
}

/// The weights of a convolution in the order of their use, eight output channels after the other.
#[derive(Debug)]
pub struct Panels<N> {
    /// Of each eight, for each row of the kernel, for each place in it, for each `UNIT` input channels: the weights of
    /// the eight, each for all `UNIT`.
    pub weights: Vec<N>,
    /// What the sums of each channel are multiplied by.
    pub scales: Vec<Eight>,
    biases: Vec<Eight>,
    /// How many products there are for one output.
    pub depth: usize,
    /// The largest activation whose sums fit.
    pub most: f32,
}

impl<N: Number> Panels<N> {
    /// Packs weights, or gives nothing where they can't be had in these numbers. Input channels are filled up with
    /// zeros to `channels`.
    ///
    /// # Shapes
    ///
    /// - `weights`: `[channels_out, channels_in, places]`
    /// - `bias`: `[channels_out]`
    ///
    /// # Panics
    ///
    /// Where the output channels are not a multiple of eight.
    pub fn new(weights: &[f32], bias: &[f32], channels: usize, places: usize) -> Option<Self> {
        let outputs = bias.len();
        assert_eq!(outputs % LANES, 0, "channels come in groups of {LANES}");
        let (depth, row) = (places * channels, weights.len() / outputs);
        let mut packed = vec![N::default(); depth * outputs];
        let mut scales = vec![[0.0; LANES]; outputs / LANES];
        let mut most = f32::INFINITY;
        let mut numbers = vec![N::default(); row];
        let panels = packed.chunks_exact_mut(depth * LANES).zip(&mut scales);
        for ((panel, scales), weights) in panels.zip(weights.chunks_exact(row * LANES)) {
            for (lane, weights) in weights.chunks_exact(row).enumerate() {
                let channel = N::channel(weights, &mut numbers)?;
                scales[lane] = channel.scale;
                most = most.min(channel.most);
                for (c, numbers) in numbers.chunks_exact(places).enumerate() {
                    let inside = lane * N::UNIT + c % N::UNIT + c / N::UNIT * N::UNIT * LANES;
                    for (place, number) in numbers.iter().enumerate() {
                        panel[inside + place * channels * LANES] = *number;
                    }
                }
            }
        }
        let biases = bias.as_chunks().0.to_vec();
        Some(Self { weights: packed, scales, biases, depth, most })
    }

    /// How many times eight output channels there are.
    pub fn len(&self) -> usize {
        self.biases.len()
    }

    pub fn of_eight(&self, index: usize) -> &[N] {
        &self.weights[index * self.depth * LANES..][..self.depth * LANES]
    }

    /// What makes outputs of the sums of eight channels.
    #[inline(always)]
    pub fn affine(&self, index: usize, back: f32) -> impl Fn(N::Sums) -> Lanes + Copy {
        self.affine_by(index, back, 1.0)
    }

    /// What makes outputs, times a factor, of the sums of eight channels.
    #[inline(always)]
    pub fn affine_by(
        &self,
        index: usize,
        back: f32,
        factor: f32,
    ) -> impl Fn(N::Sums) -> Lanes + Copy {
        let (back, factor) = (Quad::splat(back * factor), Quad::splat(factor));
        let scale = Lanes::load(&self.scales[index]).map(|scale| scale.times(back));
        let bias = Lanes::load(&self.biases[index]).map(|bias| bias.times(factor));
        move |sums| N::floats(sums).with(scale, Quad::times).with(bias, Quad::plus)
    }
}
