//! The products of a tile in 16-bit integers, in vectors of 256 and 512 bits, where an x86-64 processor has them: two and four
//! times as quick as with 128 bits, which every one has, and to the same bits, as sums of integers that wrap around don't
//! depend on their order.
//!
//! Weights are packed as ever: pairs of input channels for eight output channels, which are 256 bits; and four pixels have four
//! sums. That would leave the multipliers waiting for each other, so every other pair is added to sums of its own, and those
//! come together at the end.

use core::arch::x86_64::*;

use super::lanes::{Ints, LANES};
use super::tile::{Segments, TILE, tile};

type Sums = [[Ints; 2]; TILE];

/// Whether there are vectors of 256 bits, for integers, too: AVX2.
#[inline(always)]
pub fn has_256() -> bool {
    is_x86_feature_detected!("avx2")
}

/// Whether there are vectors of 512 bits, and the instruction that multiplies pairs and adds them up: AVX-512 VNNI.
#[inline(always)]
pub fn has_512() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni")
}

/// Sums of eight output channels.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(sums: __m256i) -> [Ints; 2] {
    [Ints(_mm256_castsi256_si128(sums)), Ints(_mm256_extracti128_si256::<1>(sums))]
}

/// Eight sums at a time.
///
/// # Safety
///
/// As [`Number::sum_256`](super::number::Number::sum_256).
#[inline]
#[target_feature(enable = "avx2")]
pub unsafe fn sum_256(
    Segments { count, length, stride }: Segments,
    pixels: [*const i16; TILE],
    mut weights: *const i16,
    sums: Sums,
) -> Sums {
    let whole = |[low, high]: [Ints; 2]| _mm256_set_m128i(high.0, low.0);
    let mut even = tile!(|p| whole(sums[p]));
    let mut odd = [_mm256_setzero_si256(); TILE];
    for segment in 0..count {
        for at in (0..length).step_by(4) {
            // SAFETY: the caller's. Channels come in fours, so two pairs of each pixel follow, and their weights.
            unsafe {
                let first = _mm256_loadu_si256(weights.cast());
                let second = _mm256_loadu_si256(weights.add(2 * LANES).cast());
                let pair = |p: usize, at: usize| {
                    let pair = pixels[p].add(segment * stride + at).cast::<i32>();
                    _mm256_set1_epi32(pair.read_unaligned())
                };
                let plus =
                    |sum, pair, weights| _mm256_add_epi32(sum, _mm256_madd_epi16(pair, weights));
                even = tile!(|p| plus(even[p], pair(p, at), first));
                odd = tile!(|p| plus(odd[p], pair(p, at + 2), second));
                weights = weights.add(4 * LANES);
            }
        }
    }
    tile!(|p| halves(_mm256_add_epi32(even[p], odd[p])))
}

/// Sixteen sums at a time: of each output channel those of two pairs, side by side.
///
/// # Safety
///
/// As [`Number::sum_512`](super::number::Number::sum_512).
#[inline]
#[target_feature(enable = "avx512f,avx512vnni")]
pub unsafe fn sum_512(
    Segments { count, length, stride }: Segments,
    pixels: [*const i16; TILE],
    mut weights: *const i16,
    sums: Sums,
) -> Sums {
    // The weights of two pairs, each for eight channels, become for each channel those of both.
    let turn = _mm512_set_epi32(15, 7, 14, 6, 13, 5, 12, 4, 11, 3, 10, 2, 9, 1, 8, 0);
    // What has been summed up before stands at the lower place of each channel.
    let before = |[low, high]: [Ints; 2]| _mm512_cvtepu32_epi64(_mm256_set_m128i(high.0, low.0));
    let mut even = tile!(|p| before(sums[p]));
    let mut odd = [_mm512_setzero_si512(); TILE];
    for segment in 0..count {
        let from = segment * stride;
        // SAFETY: the caller's. Two pairs of each pixel are read, and the weights for them.
        let turned = |weights: *const i16| unsafe {
            _mm512_permutexvar_epi32(turn, _mm512_loadu_si512(weights.cast()))
        };
        // SAFETY: the caller's.
        let pairs = |p: usize, at: usize| unsafe {
            _mm512_set1_epi64(pixels[p].add(from + at).cast::<i64>().read_unaligned())
        };
        let eights = length / 8 * 8;
        for at in (0..eights).step_by(8) {
            // SAFETY: the weights of eight channels follow.
            unsafe {
                let (first, second) = (turned(weights), turned(weights.add(4 * LANES)));
                even = tile!(|p| _mm512_dpwssd_epi32(even[p], pairs(p, at), first));
                odd = tile!(|p| _mm512_dpwssd_epi32(odd[p], pairs(p, at + 4), second));
                weights = weights.add(8 * LANES);
            }
        }
        // Channels come in fours.
        if eights < length {
            // SAFETY: the weights of four channels follow.
            unsafe {
                let last = turned(weights);
                even = tile!(|p| _mm512_dpwssd_epi32(even[p], pairs(p, eights), last));
                weights = weights.add(4 * LANES);
            }
        }
    }
    tile!(|p| {
        let both = _mm512_add_epi32(even[p], odd[p]);
        let sum = _mm512_add_epi32(both, _mm512_srli_epi64::<32>(both));
        halves(_mm512_cvtepi64_epi32(sum))
    })
}
