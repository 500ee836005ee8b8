//! What is done to every pixel of a photo while it is resized: this is where the time goes.
//!
//! WebAssembly's and x86-64's vectors are named instruction by instruction: the browser's module is compiled for size, and
//! then LLVM turns no loop over an array into vectors by itself. Elsewhere they are loops. All give the same bits, and
//! the tests compare them.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

/// Pixels that are loaded together.
const TOGETHER: usize = 4;

/// `Σ weights[i] · pixels[i]` of each channel; of both, as many as the shorter has.
///
/// The products have to fit into 32 bits together.
#[cfg(any(target_arch = "wasm32", target_arch = "x86_64"))]
pub fn weighted_sum(pixels: &[[u8; 4]], weights: &[i16]) -> [i32; 4] {
    let (pixels, pixels_left) = pixels.as_chunks::<TOGETHER>();
    let (weights, weights_left) = weights.as_chunks::<TOGETHER>();
    let rest = sum_one_by_one(pixels_left, weights_left);
    // SAFETY: SSE2 is part of x86-64, and each load below reads what is borrowed: sixteen bytes, and eight.
    unsafe { sum_by_fours(pixels, weights, rest) }
}

/// `Σ weights[i] · pixels[i]` of each channel; of both, as many as the shorter has.
///
/// The products have to fit into 32 bits together.
#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
pub fn weighted_sum(pixels: &[[u8; 4]], weights: &[i16]) -> [i32; 4] {
    sum_one_by_one(pixels, weights)
}

fn sum_one_by_one(pixels: &[[u8; 4]], weights: &[i16]) -> [i32; 4] {
    pixels.iter().zip(weights).fold([0; 4], |sums, (pixel, &weight)| {
        std::array::from_fn(|lane| sums[lane] + i32::from(weight) * i32::from(pixel[lane]))
    })
}

#[cfg(target_arch = "wasm32")]
unsafe fn sum_by_fours(
    pixels: &[[[u8; 4]; TOGETHER]],
    weights: &[[i16; TOGETHER]],
    rest: [i32; 4],
) -> [i32; 4] {
    let mut sums = [i32x4(rest[0], rest[1], rest[2], rest[3]), i32x4_splat(0)];
    for (pixels, weights) in pixels.iter().zip(weights) {
        // SAFETY: the caller's; WebAssembly wants no alignment.
        let (four, first, second) = unsafe {
            let weights: *const u32 = weights.as_ptr().cast();
            (
                v128_load(pixels.as_ptr().cast()),
                v128_load32_splat(weights),
                v128_load32_splat(weights.add(1)),
            )
        };
        // The same channel of two neighbours side by side: r0 r1 g0 g1 b0 b1 a0 a1, and so the other two.
        let pairs =
            i8x16_shuffle::<0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15>(four, four);
        sums = [
            i32x4_add(sums[0], i32x4_dot_i16x8(u16x8_extend_low_u8x16(pairs), first)),
            i32x4_add(sums[1], i32x4_dot_i16x8(u16x8_extend_high_u8x16(pairs), second)),
        ];
    }
    let mut together = [0; 4];
    // SAFETY: sixteen bytes, borrowed exclusively.
    unsafe { v128_store(together.as_mut_ptr().cast(), i32x4_add(sums[0], sums[1])) };
    together
}

#[cfg(target_arch = "x86_64")]
unsafe fn sum_by_fours(
    pixels: &[[[u8; 4]; TOGETHER]],
    weights: &[[i16; TOGETHER]],
    rest: [i32; 4],
) -> [i32; 4] {
    // SAFETY: the caller's; none of these loads wants alignment.
    unsafe {
        let zero = _mm_setzero_si128();
        let mut sums = [_mm_loadu_si128(rest.as_ptr().cast()), zero];
        for (pixels, weights) in pixels.iter().zip(weights) {
            let four = _mm_loadu_si128(pixels.as_ptr().cast());
            let weights = _mm_loadl_epi64(weights.as_ptr().cast());
            // The same channel of two neighbours side by side: r0 r1 g0 g1 b0 b1 a0 a1, and so the other two.
            let pairs = _mm_unpacklo_epi8(
                _mm_shuffle_epi32::<0b10_00_10_00>(four),
                _mm_shuffle_epi32::<0b11_01_11_01>(four),
            );
            let first = _mm_madd_epi16(
                _mm_unpacklo_epi8(pairs, zero),
                _mm_shuffle_epi32::<0b00_00_00_00>(weights),
            );
            let second = _mm_madd_epi16(
                _mm_unpackhi_epi8(pairs, zero),
                _mm_shuffle_epi32::<0b01_01_01_01>(weights),
            );
            sums = [_mm_add_epi32(sums[0], first), _mm_add_epi32(sums[1], second)];
        }
        let mut together = [0; 4];
        _mm_storeu_si128(together.as_mut_ptr().cast(), _mm_add_epi32(sums[0], sums[1]));
        together
    }
}

/// Adds the weighted values to the sums; of both, as many as the shorter has.
pub fn add_weighted(sums: &mut [[f32; 4]], weight: f32, values: &[[f32; 4]]) {
    for (sums, values) in sums.iter_mut().zip(values) {
        #[cfg(target_arch = "wasm32")]
        // SAFETY: both are borrowed, the sums exclusively, and WebAssembly wants no alignment.
        unsafe {
            let value = f32x4_mul(f32x4_splat(weight), v128_load(values.as_ptr().cast()));
            let sum = v128_load(sums.as_ptr().cast());
            v128_store(sums.as_mut_ptr().cast(), f32x4_add(sum, value));
        }
        #[cfg(not(target_arch = "wasm32"))]
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += weight * value;
        }
    }
}

/// Whether no pixel lets anything through.
pub fn opaque(pixels: &[[u8; 4]]) -> bool {
    // Folded without an early exit, sixteen bytes at once.
    let (sixteens, rest) = pixels.as_flattened().as_chunks::<16>();
    let all = sixteens.iter().fold(u128::MAX, |all, bytes| all & u128::from_ne_bytes(*bytes));
    let all = all.to_ne_bytes();
    all.iter().chain(rest).skip(3).step_by(4).all(|&alpha| alpha == 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern.
    fn numbers() -> impl Iterator<Item = u32> {
        (1..).map(|number: u32| number.wrapping_mul(2_654_435_769).rotate_left(13))
    }

    #[test]
    fn vectors_sum_as_single_numbers_do() {
        for length in 0..70 {
            let mut numbers = numbers().skip(length);
            let mut byte = || numbers.next().map_or(0, |number| (number >> 24) as u8);
            let pixels: Vec<[u8; 4]> =
                (0..length).map(|_| [byte(), byte(), byte(), byte()]).collect();
            let mut numbers = self::numbers();
            // Up to both ends of what 16 bits hold.
            let weights: Vec<i16> = (0..length)
                .map(|place| match place % 5 {
                    0 => i16::MAX,
                    1 => -i16::MAX,
                    _ => numbers.next().unwrap_or(0) as i16,
                })
                .collect();
            let expected = sum_one_by_one(&pixels, &weights);
            assert_eq!(weighted_sum(&pixels, &weights), expected, "{length}");
        }
    }

    #[test]
    fn all_channels_are_added() {
        let mut sums = [[1.0, 2.0, 3.0, 4.0]; 3];
        add_weighted(&mut sums, 0.5, &[[2.0, 4.0, 8.0, -16.0]; 2]);
        assert_eq!(sums, [[2.0, 4.0, 7.0, -4.0], [2.0, 4.0, 7.0, -4.0], [1.0, 2.0, 3.0, 4.0]]);
    }

    #[test]
    fn one_transparent_pixel_is_found_wherever_it_is() {
        for length in 1..19 {
            let mut pixels = vec![[0, 7, 0, 255]; length];
            assert!(opaque(&pixels));
            for place in 0..length {
                pixels[place][3] = 254;
                assert!(!opaque(&pixels), "{place} of {length}");
                pixels[place][3] = 255;
            }
        }
        assert!(opaque(&[]));
    }
}
