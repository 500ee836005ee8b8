//! The kernel that every convolution but the depthwise ones is made of: four pixels by eight output channels.
//!
//! Its sums are eight vectors of four, half the registers of a usual processor. What a pixel is multiplied with lies in
//! segments of memory, each in one piece: one for a 1×1 convolution, and of a larger kernel one for each of its rows,
//! because channels last and in a frame of zeros, neighbouring pixels of a row follow each other.

use std::mem::size_of;
use std::ops::Range;

use super::lanes::LANES;
use super::number::Number;
pub(super) use super::tile::tile;
pub use super::tile::{Segments, TILE};
#[cfg(target_arch = "x86_64")]
use super::wide;

/// The largest part of the weights of eight channels that is gone through at once, in bytes: half of a small first
/// cache. What is larger is done in parts, with the sums kept in between.
const BLOCK: usize = 16 * 1024;

/// Where the pixels of each tile begin in the input.
#[derive(Debug, Default)]
pub struct Places {
    at: Vec<u32>,
    farthest: usize,
}

impl Places {
    /// Takes other places. The last tile is filled up by repeating the last pixel.
    pub fn refill(&mut self, places: impl Iterator<Item = usize>) {
        self.at.clear();
        self.farthest = 0;
        for place in places {
            self.farthest = self.farthest.max(place);
            self.at.push(u32::try_from(place).expect("maps have fewer than 2^32 values"));
        }
        while !self.at.len().is_multiple_of(TILE) {
            self.at.push(*self.at.last().expect("not empty"));
        }
    }

    /// How many tiles there are.
    pub fn tiles(&self) -> usize {
        self.at.len() / TILE
    }

    fn at(&self, tiles: Range<usize>) -> &[[u32; TILE]] {
        &self.at.as_chunks().0[tiles]
    }
}

/// Gives `done(tile, sums)` what comes out for each of some tiles and eight output channels.
///
/// - `weights`: as [`Panels`](super::number::Panels) has them
/// - `kept`: room for sums in between
#[inline(always)]
pub fn multiply<N: Number>(
    weights: &[N],
    segments: Segments,
    input: &[N],
    places: &Places,
    tiles: Range<usize>,
    kept: &mut Vec<[N::Sums; TILE]>,
    done: impl FnMut(usize, [N::Sums; TILE]),
) {
    let product = Product { weights, segments, input, places, tiles };
    #[cfg(target_arch = "x86_64")]
    if N::WHOLE && wide::has_512() {
        // SAFETY: it has been asked for.
        return unsafe { with_512(product, kept, done) };
    } else if N::WHOLE && wide::has_256() {
        // SAFETY: it has been asked for.
        return unsafe { with_256(product, kept, done) };
    }
    multiply_with::<N, Plain>(product, kept, done);
}

/// # Safety
///
/// The processor [has 512 bits](wide::has_512).
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vnni")]
unsafe fn with_512<N: Number>(
    product: Product<'_, N>,
    kept: &mut Vec<[N::Sums; TILE]>,
    done: impl FnMut(usize, [N::Sums; TILE]),
) {
    multiply_with::<N, In512>(product, kept, done);
}

/// # Safety
///
/// The processor [has 256 bits](wide::has_256).
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn with_256<N: Number>(
    product: Product<'_, N>,
    kept: &mut Vec<[N::Sums; TILE]>,
    done: impl FnMut(usize, [N::Sums; TILE]),
) {
    multiply_with::<N, In256>(product, kept, done);
}

/// What is multiplied: see [`multiply`].
struct Product<'a, N> {
    weights: &'a [N],
    segments: Segments,
    input: &'a [N],
    places: &'a Places,
    tiles: Range<usize>,
}

/// What adds up the products of a tile.
trait Kernel<N: Number> {
    /// # Safety
    ///
    /// All segments of the four pixels can be read, and `count · length · LANES` weights; the processor has what the kernel
    /// is made for.
    unsafe fn sum(
        segments: Segments,
        pixels: [*const N; TILE],
        weights: *const N,
        sums: [N::Sums; TILE],
    ) -> [N::Sums; TILE];
}

/// The kernel for every processor.
struct Plain;

impl<N: Number> Kernel<N> for Plain {
    #[inline(always)]
    unsafe fn sum(
        segments: Segments,
        pixels: [*const N; TILE],
        weights: *const N,
        sums: [N::Sums; TILE],
    ) -> [N::Sums; TILE] {
        // SAFETY: the caller's.
        unsafe { sum(segments, pixels, weights, sums) }
    }
}

/// The kernel for vectors of 256 bits.
#[cfg(target_arch = "x86_64")]
struct In256;

#[cfg(target_arch = "x86_64")]
impl<N: Number> Kernel<N> for In256 {
    #[inline(always)]
    unsafe fn sum(
        segments: Segments,
        pixels: [*const N; TILE],
        weights: *const N,
        sums: [N::Sums; TILE],
    ) -> [N::Sums; TILE] {
        // SAFETY: the caller's.
        unsafe { N::sum_256(segments, pixels, weights, sums) }
    }
}

/// The kernel for vectors of 512 bits.
#[cfg(target_arch = "x86_64")]
struct In512;

#[cfg(target_arch = "x86_64")]
impl<N: Number> Kernel<N> for In512 {
    #[inline(always)]
    unsafe fn sum(
        segments: Segments,
        pixels: [*const N; TILE],
        weights: *const N,
        sums: [N::Sums; TILE],
    ) -> [N::Sums; TILE] {
        // SAFETY: the caller's.
        unsafe { N::sum_512(segments, pixels, weights, sums) }
    }
}

/// [`multiply`] with a kernel, which the processor must have.
#[inline(always)]
fn multiply_with<N: Number, K: Kernel<N>>(
    Product { weights, segments, input, places, tiles }: Product<'_, N>,
    kept: &mut Vec<[N::Sums; TILE]>,
    mut done: impl FnMut(usize, [N::Sums; TILE]),
) {
    let Segments { count, length, stride } = segments;
    assert_eq!(weights.len(), count * length * LANES, "a weight for every value");
    assert!(length.is_multiple_of(CHUNK), "channels come in fours");
    let first_tile = tiles.start;
    let tiles = places.at(tiles);
    let reach = places.farthest + (count - 1) * stride + length;
    assert!(reach <= input.len(), "every pixel has its values");

    let most = BLOCK / (LANES * size_of::<N>());
    let whole = count * length <= most;
    let (group, part) = if whole {
        (count, length)
    } else {
        (1, length.div_ceil(length.div_ceil(most)).next_multiple_of(CHUNK))
    };
    if !whole {
        kept.resize(tiles.len(), tile!(|_| N::zero()));
    }
    for segment in (0..count).step_by(group) {
        for from in (0..length).step_by(part) {
            let here = Segments { count: group, length: part.min(length - from), stride };
            let (first, last) =
                (segment + from == 0, segment + group == count && from + part >= length);
            for (index, place) in tiles.iter().enumerate() {
                let sums = if first { tile!(|_| N::zero()) } else { kept[index] };
                // SAFETY: no place is farther than the farthest, whose segments end inside the input, and the weights
                // from here on are those of this part, as the assertions above have it. The processor is the caller's.
                let sums = unsafe {
                    let start = input.as_ptr().add(segment * stride + from);
                    let weights = weights.as_ptr().add((segment * length + from) * LANES);
                    K::sum(here, tile!(|p| start.add(place[p] as usize)), weights, sums)
                };
                if last { done(first_tile + index, sums) } else { kept[index] = sums }
            }
        }
    }
}

/// Channels come in multiples of this.
const CHUNK: usize = 4;

/// One unit of each pixel at a time, and no loop written out further, for the browsers' sake: compilers for WebAssembly put
/// all additions to a sum where the sum is wanted next, and what they read before all of them, and beside eight sums there
/// are registers for two vectors of weights and four pixels alone. With four units a round a quarter of the time went into
/// putting them aside.
///
/// # Safety
///
/// All segments of the four pixels can be read, and `count · length · LANES` weights.
#[inline(always)]
unsafe fn sum<N: Number>(
    Segments { count, length, stride }: Segments,
    pixels: [*const N; TILE],
    mut weights: *const N,
    mut sums: [N::Sums; TILE],
) -> [N::Sums; TILE] {
    // SAFETY: the caller's; every step is followed by as many values as are read.
    unsafe {
        for segment in 0..count {
            let mut at = tile!(|p| pixels[p].add(segment * stride));
            for _ in 0..length / N::UNIT {
                let these = N::weights(weights);
                sums = tile!(|p| N::add(sums[p], at[p], these));
                at = tile!(|p| at[p].add(N::UNIT));
                weights = weights.add(N::UNIT * LANES);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::number::{Panels, Scaling, fill};
    use super::*;

    /// Sums of parts, and of weights and activations as large as there are, are those of 64-bit integers.
    #[test]
    fn integer_sums_are_exact() {
        // Channels, segments and pixels: with a rest of two channels, in one part, and in parts of segments.
        for (channels, count, pixels) in
            [(4, 3, 5), (24, 3, 4), (256, 3, 7), (1152, 1, 3), (2056, 2, 1)]
        {
            let row = channels * (pixels + 2);
            let depth = count * channels;
            let weights: Vec<f32> = (0..depth * LANES)
                .map(|i| match i / depth {
                    0 => 127.0,
                    1 => -127.0,
                    _ if i % depth == 0 => 127.0,
                    _ => (i * 7919 % 255) as f32 - 127.0,
                })
                .collect();
            let panels = Panels::<i16>::new(&weights, &[0.0; LANES], channels, count);
            let panels = panels.expect("they are bytes");
            let Scaling { factor, .. } = i16::scaling(panels.most, || 1.0);
            let floats: Vec<f32> = (0..row * count)
                .map(|i| if i % 5 < 3 { 1.0 } else { (i % 17) as f32 / -16.0 })
                .collect();
            let mut input = vec![0; floats.len()];
            fill(&mut input, &floats, factor);
            assert_eq!(input[0], panels.most as i16);

            let mut places = Places::default();
            places.refill((0..pixels).map(|pixel| pixel * channels));
            let segments = Segments { count, length: channels, stride: row };
            let mut found = Vec::new();
            // In two parts, the second of which begins within the tiles.
            let middle = places.tiles() / 2;
            for tiles in [0..middle, middle..places.tiles()] {
                let (weights, kept) = (panels.of_eight(0), &mut Vec::new());
                multiply(weights, segments, &input, &places, tiles, kept, |index, sums| {
                    assert_eq!(index * TILE, found.len(), "in their order");
                    found.extend(sums.map(|[low, high]| [low.array(), high.array()].concat()));
                });
            }
            for (pixel, found) in found.iter().enumerate().take(pixels) {
                for (lane, found) in found.iter().enumerate() {
                    let product = |i: usize| {
                        let (segment, channel) = (i / channels, i % channels);
                        let weight = weights[lane * depth + channel * count + segment] as i64;
                        weight * i64::from(input[segment * row + pixel * channels + channel])
                    };
                    let expected: i64 = (0..depth).map(product).sum();
                    assert_eq!(
                        i64::from(*found),
                        expected,
                        "{channels} channels, pixel {pixel}, {lane}"
                    );
                }
            }
        }
    }

    #[test]
    fn weights_that_are_no_bytes_are_told_apart() {
        let packed = |weights: &[f32]| Panels::<i16>::new(weights, &[0.0; LANES], 4, 1).is_some();
        let bytes: Vec<f32> =
            (0..32).map(|i| if i % 4 == 0 { 127.0 } else { i as f32 } * 0.0371).collect();
        assert!(packed(&bytes) && packed(&[0.0; 32]));
        let mut other = bytes;
        other[5] += 0.01;
        assert!(!packed(&other));
        other[5] = f32::NAN;
        assert!(!packed(&other));
    }

    /// Numbers of 16 bits, many of them as large as there are, so that sums wrap around.
    #[cfg(target_arch = "x86_64")]
    fn numbers(count: usize, seed: u32) -> Vec<i16> {
        let mut state = seed;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        (0..count)
            .map(|_| match random() % 5 {
                0 => i16::MIN,
                1 => i16::MAX,
                _ => random() as i16,
            })
            .collect()
    }

    #[cfg(target_arch = "x86_64")]
    fn sums<K: Kernel<i16>>(product: Product<'_, i16>) -> Vec<i32> {
        let mut found = Vec::new();
        multiply_with::<i16, K>(product, &mut Vec::new(), |tile, sums| {
            found.push(tile as i32);
            found.extend(sums.as_flattened().iter().flat_map(|sums| sums.array()));
        });
        found
    }

    /// Few channels, with and without a rest of four; several segments; in one part, in parts of segments, in several parts
    /// of each; whole tiles and a rest.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn every_kernel_gives_the_bits_of_the_plain_one() {
        for (length, count, pixels) in
            [(4, 1, 4), (8, 1, 5), (12, 3, 9), (20, 5, 4), (480, 3, 7), (1152, 1, 6), (2052, 2, 3)]
        {
            let row = length * pixels + 4;
            let weights = numbers(count * length * LANES, 1);
            let input = numbers(count * row, 2);
            let mut places = Places::default();
            places.refill((0..pixels).map(|pixel| pixel * length));
            let segments = Segments { count, length, stride: row };
            let product = || Product {
                weights: &weights,
                segments,
                input: &input,
                places: &places,
                tiles: 0..places.tiles(),
            };
            let plain = sums::<Plain>(product());
            let what = format!("{count} times {length}, {pixels} pixels");
            if wide::has_256() {
                assert_eq!(sums::<In256>(product()), plain, "{what}, 256 bits");
            }
            if wide::has_512() {
                assert_eq!(sums::<In512>(product()), plain, "{what}, 512 bits");
            }
        }
    }
}
