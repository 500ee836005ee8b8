//! Vectors of 128 bits: what every processor and every browser that is served here has.
//!
//! A [`Quad`] is four numbers, a [`Shorts`] eight integers of 16 bits, an [`Ints`] four sums of their products. WebAssembly's and x86-64's are named
//! instruction by instruction: the browser's module is compiled for size, and then LLVM turns no loop over an array into
//! vectors by itself. Elsewhere they are arrays. All three give the same bits: none of them fuses a multiplication with
//! an addition, and `tests` compares them.

/// How many output channels are computed together: two vectors.
pub const LANES: usize = 8;

/// Added to a number between ±2^22, this leaves the nearest integer in the last bits, ties to even.
const ROUNDING: f32 = 12_582_912.0; // 1.5 · 2^23
/// What stands above that integer, so that taking it off leaves the integer alone.
const ROUNDED: i32 = ROUNDING.to_bits() as i32;

#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
pub use portable::{Ints, Quad, Shorts};
#[cfg(target_arch = "wasm32")]
pub use wasm::{Ints, Quad, Shorts};
#[cfg(target_arch = "x86_64")]
pub use x86::{Ints, Quad, Shorts};

/// Eight neighbouring channels of one pixel.
pub type Eight = [f32; LANES];

/// Eight numbers.
#[derive(Debug, Clone, Copy)]
pub struct Lanes(pub Quad, pub Quad);

impl Lanes {
    #[inline(always)]
    pub fn load(from: &Eight) -> Self {
        // SAFETY: both halves lie in the borrowed eight.
        unsafe { Self(Quad::read(from.as_ptr()), Quad::read(from.as_ptr().add(4))) }
    }

    #[inline(always)]
    pub fn store(self, to: &mut Eight) {
        // SAFETY: both halves lie in the eight, which is borrowed exclusively.
        unsafe {
            self.0.write(to.as_mut_ptr());
            self.1.write(to.as_mut_ptr().add(4));
        }
    }

    #[inline(always)]
    pub fn map(self, each: impl Fn(Quad) -> Quad) -> Self {
        Self(each(self.0), each(self.1))
    }

    #[inline(always)]
    pub fn with(self, other: Self, each: impl Fn(Quad, Quad) -> Quad) -> Self {
        Self(each(self.0, other.0), each(self.1, other.1))
    }
}

/// The largest magnitude among numbers: not a number, or infinite, where one of them is.
///
/// As bit patterns the magnitudes of numbers are ordered as they are, and what is no number comes last.
pub fn largest(values: &[f32]) -> f32 {
    // Four at a time, none of which waits for another.
    let (parts, rest) = values.as_chunks::<16>();
    let mut most = [Ints::zero(); 4];
    for part in parts {
        let (quads, _) = part.as_chunks::<4>();
        for (most, quad) in most.iter_mut().zip(quads) {
            // SAFETY: the four are borrowed.
            *most = most.larger(unsafe { Quad::read(quad.as_ptr()) }.magnitude_bits());
        }
    }
    let rest = rest.iter().map(|value| value.abs().to_bits() as i32);
    let most = most.into_iter().flat_map(Ints::array);
    f32::from_bits(most.chain(rest).fold(0, i32::max) as u32)
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    use core::arch::wasm32::*;

    use super::{ROUNDED, ROUNDING};

    /// Four numbers.
    #[derive(Debug, Clone, Copy)]
    pub struct Quad(v128);

    impl Quad {
        /// # Safety
        ///
        /// Four numbers lie at `at`.
        #[inline(always)]
        pub unsafe fn read(at: *const f32) -> Self {
            // SAFETY: the caller's; WebAssembly wants no alignment.
            Self(unsafe { v128_load(at.cast()) })
        }

        /// # Safety
        ///
        /// Four numbers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write(self, at: *mut f32) {
            // SAFETY: as in `read`.
            unsafe { v128_store(at.cast(), self.0) }
        }

        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub fn over(self, other: Self) -> Self {
            Self(f32x4_div(self.0, other.0))
        }

        /// What is no number stays none.
        #[inline(always)]
        pub fn at_least(self, low: Self) -> Self {
            // The `p` kinds are one instruction on every processor.
            Self(f32x4_pmax(self.0, low.0))
        }

        /// What is no number stays none.
        #[inline(always)]
        pub fn at_most(self, high: Self) -> Self {
            Self(f32x4_pmin(self.0, high.0))
        }

        #[inline(always)]
        pub fn magnitude_bits(self) -> Ints {
            Ints(v128_and(self.0, i32x4_splat(i32::MAX)))
        }

        /// Writes the nearest integers, of which each fits into 16 bits.
        ///
        /// # Safety
        ///
        /// Four integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write_rounded(self, at: *mut i16) {
            let bits = f32x4_add(self.0, f32x4_splat(ROUNDING));
            let whole = i32x4_sub(bits, i32x4_splat(ROUNDED));
            // Not a shuffle, for which engines put a mask together every time.
            let low = i16x8_narrow_i32x4(whole, whole);
            // SAFETY: the caller's.
            unsafe { v128_store64_lane::<0>(low, at.cast()) }
        }

        /// Writes the nearest integers of two, one of each after the other, of which each fits into 16 bits.
        ///
        /// # Safety
        ///
        /// Eight integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write_rounded_pairs(self, lower: Self, at: *mut i16) {
            let bits = |quad: Self| f32x4_add(quad.0, f32x4_splat(ROUNDING));
            let first = v128_and(bits(self), i32x4_splat(0xffff));
            let pairs = v128_or(first, i32x4_shl(bits(lower), 16));
            // SAFETY: the caller's.
            unsafe { v128_store(at.cast(), pairs) }
        }
    }

    /// Four integers of 32 bits.
    #[derive(Debug, Clone, Copy)]
    pub struct Ints(v128);

    impl Ints {
        #[inline(always)]
        pub fn zero() -> Self {
            Self(i32x4_splat(0))
        }

        /// Eight 16-bit weights: pairs for four channels.
        ///
        /// # Safety
        ///
        /// They lie at `at`.
        #[inline(always)]
        pub unsafe fn read_pairs(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { v128_load(at.cast()) })
        }

        /// One pair, four times.
        ///
        /// # Safety
        ///
        /// It lies at `at`.
        #[inline(always)]
        pub unsafe fn splat_pair(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { v128_load32_splat(at.cast()) })
        }

        /// `self + left · right`, where those are pairs and a product that of vectors of two.
        #[inline(always)]
        pub fn plus_dot(self, left: Self, right: Self) -> Self {
            Self(i32x4_add(self.0, i32x4_dot_i16x8(left.0, right.0)))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(i32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(i32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn larger(self, other: Self) -> Self {
            Self(i32x4_max(self.0, other.0))
        }

        #[inline(always)]
        pub fn to_floats(self) -> Quad {
            Quad(f32x4_convert_i32x4(self.0))
        }

        pub fn array(self) -> [i32; 4] {
            [
                i32x4_extract_lane::<0>(self.0),
                i32x4_extract_lane::<1>(self.0),
                i32x4_extract_lane::<2>(self.0),
                i32x4_extract_lane::<3>(self.0),
            ]
        }
    }

    /// Eight integers of 16 bits. They wrap around.
    #[derive(Debug, Clone, Copy)]
    pub struct Shorts(v128);

    impl Shorts {
        /// # Safety
        ///
        /// Eight integers lie at `at`.
        #[inline(always)]
        pub unsafe fn read(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { v128_load(at.cast()) })
        }

        /// # Safety
        ///
        /// Eight integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write(self, at: *mut i16) {
            // SAFETY: the caller's.
            unsafe { v128_store(at.cast(), self.0) }
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(i16x8_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(i16x8_sub(self.0, other.0))
        }
    }
}

/// SSE2, which is part of every x86-64 processor.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::*;

    use super::{ROUNDED, ROUNDING};

    macro_rules! sse {
        ($call:expr) => {
            // SAFETY: SSE2 is there, and nothing is read or written.
            unsafe { $call }
        };
    }

    /// Four numbers.
    #[derive(Debug, Clone, Copy)]
    pub struct Quad(pub __m128);

    impl Quad {
        /// # Safety
        ///
        /// Four numbers lie at `at`.
        #[inline(always)]
        pub unsafe fn read(at: *const f32) -> Self {
            // SAFETY: the caller's; this kind wants no alignment.
            Self(unsafe { _mm_loadu_ps(at) })
        }

        /// # Safety
        ///
        /// Four numbers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write(self, at: *mut f32) {
            // SAFETY: as in `read`.
            unsafe { _mm_storeu_ps(at, self.0) }
        }

        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self(sse!(_mm_set1_ps(value)))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(sse!(_mm_add_ps(self.0, other.0)))
        }

        #[inline(always)]
        pub fn times(self, other: Self) -> Self {
            Self(sse!(_mm_mul_ps(self.0, other.0)))
        }

        #[inline(always)]
        pub fn over(self, other: Self) -> Self {
            Self(sse!(_mm_div_ps(self.0, other.0)))
        }

        /// What is no number stays none.
        #[inline(always)]
        pub fn at_least(self, low: Self) -> Self {
            Self(sse!(_mm_max_ps(low.0, self.0)))
        }

        /// What is no number stays none.
        #[inline(always)]
        pub fn at_most(self, high: Self) -> Self {
            Self(sse!(_mm_min_ps(high.0, self.0)))
        }

        #[inline(always)]
        pub fn magnitude_bits(self) -> Ints {
            Ints(sse!(_mm_and_si128(_mm_castps_si128(self.0), _mm_set1_epi32(i32::MAX))))
        }

        /// Writes the nearest integers, of which each fits into 16 bits.
        ///
        /// # Safety
        ///
        /// Four integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write_rounded(self, at: *mut i16) {
            let bits = sse!(_mm_castps_si128(_mm_add_ps(self.0, _mm_set1_ps(ROUNDING))));
            let whole = sse!(_mm_sub_epi32(bits, _mm_set1_epi32(ROUNDED)));
            // SAFETY: the caller's.
            unsafe { _mm_storel_epi64(at.cast(), _mm_packs_epi32(whole, whole)) }
        }

        /// Writes the nearest integers of two, one of each after the other, of which each fits into 16 bits.
        ///
        /// # Safety
        ///
        /// Eight integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write_rounded_pairs(self, lower: Self, at: *mut i16) {
            let bits =
                |quad: Self| sse!(_mm_castps_si128(_mm_add_ps(quad.0, _mm_set1_ps(ROUNDING))));
            let first = sse!(_mm_and_si128(bits(self), _mm_set1_epi32(0xffff)));
            let pairs = sse!(_mm_or_si128(first, _mm_slli_epi32::<16>(bits(lower))));
            // SAFETY: the caller's.
            unsafe { _mm_storeu_si128(at.cast(), pairs) }
        }
    }

    /// Four integers of 32 bits.
    #[derive(Debug, Clone, Copy)]
    pub struct Ints(pub __m128i);

    impl Ints {
        #[inline(always)]
        pub fn zero() -> Self {
            Self(sse!(_mm_setzero_si128()))
        }

        /// Eight 16-bit weights: pairs for four channels.
        ///
        /// # Safety
        ///
        /// They lie at `at`.
        #[inline(always)]
        pub unsafe fn read_pairs(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { _mm_loadu_si128(at.cast()) })
        }

        /// One pair, four times.
        ///
        /// # Safety
        ///
        /// It lies at `at`.
        #[inline(always)]
        pub unsafe fn splat_pair(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { _mm_set1_epi32(at.cast::<i32>().read_unaligned()) })
        }

        /// `self + left · right`, where those are pairs and a product that of vectors of two.
        #[inline(always)]
        pub fn plus_dot(self, left: Self, right: Self) -> Self {
            Self(sse!(_mm_add_epi32(self.0, _mm_madd_epi16(left.0, right.0))))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(sse!(_mm_add_epi32(self.0, other.0)))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(sse!(_mm_sub_epi32(self.0, other.0)))
        }

        #[inline(always)]
        pub fn larger(self, other: Self) -> Self {
            let mine = sse!(_mm_cmpgt_epi32(self.0, other.0));
            Self(sse!(_mm_or_si128(_mm_and_si128(mine, self.0), _mm_andnot_si128(mine, other.0))))
        }

        #[inline(always)]
        pub fn to_floats(self) -> Quad {
            Quad(sse!(_mm_cvtepi32_ps(self.0)))
        }

        pub fn array(self) -> [i32; 4] {
            let mut array = [0; 4];
            // SAFETY: the array has the vector's size.
            unsafe { _mm_storeu_si128(array.as_mut_ptr().cast(), self.0) };
            array
        }
    }

    /// Eight integers of 16 bits. They wrap around.
    #[derive(Debug, Clone, Copy)]
    pub struct Shorts(__m128i);

    impl Shorts {
        /// # Safety
        ///
        /// Eight integers lie at `at`.
        #[inline(always)]
        pub unsafe fn read(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { _mm_loadu_si128(at.cast()) })
        }

        /// # Safety
        ///
        /// Eight integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write(self, at: *mut i16) {
            // SAFETY: the caller's.
            unsafe { _mm_storeu_si128(at.cast(), self.0) }
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(sse!(_mm_add_epi16(self.0, other.0)))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(sse!(_mm_sub_epi16(self.0, other.0)))
        }
    }
}

/// For every other processor, and to compare the above with.
#[cfg(any(test, not(any(target_arch = "wasm32", target_arch = "x86_64"))))]
mod portable {
    use core::array::from_fn;

    use super::{ROUNDED, ROUNDING};

    /// Four numbers.
    #[derive(Debug, Clone, Copy)]
    pub struct Quad([f32; 4]);

    impl Quad {
        /// # Safety
        ///
        /// Four numbers lie at `at`.
        #[inline(always)]
        pub unsafe fn read(at: *const f32) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { at.cast::<[f32; 4]>().read() })
        }

        /// # Safety
        ///
        /// Four numbers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write(self, at: *mut f32) {
            // SAFETY: the caller's.
            unsafe { at.cast::<[f32; 4]>().write(self.0) }
        }

        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self([value; 4])
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] + other.0[i]))
        }

        #[inline(always)]
        pub fn times(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] * other.0[i]))
        }

        #[inline(always)]
        pub fn over(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i] / other.0[i]))
        }

        /// What is no number stays none.
        #[inline(always)]
        pub fn at_least(self, low: Self) -> Self {
            Self(from_fn(|i| if self.0[i] < low.0[i] { low.0[i] } else { self.0[i] }))
        }

        /// What is no number stays none.
        #[inline(always)]
        pub fn at_most(self, high: Self) -> Self {
            Self(from_fn(|i| if high.0[i] < self.0[i] { high.0[i] } else { self.0[i] }))
        }

        #[inline(always)]
        pub fn magnitude_bits(self) -> Ints {
            Ints(self.0.map(|value| value.abs().to_bits() as i32))
        }

        /// Writes the nearest integers, of which each fits into 16 bits.
        ///
        /// # Safety
        ///
        /// Four integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write_rounded(self, at: *mut i16) {
            let rounded = self.0.map(|value| {
                let whole = ((value + ROUNDING).to_bits() as i32).wrapping_sub(ROUNDED);
                whole.clamp(i16::MIN.into(), i16::MAX.into()) as i16
            });
            // SAFETY: the caller's.
            unsafe { at.cast::<[i16; 4]>().write(rounded) }
        }

        /// Writes the nearest integers of two, one of each after the other, of which each fits into 16 bits.
        ///
        /// # Safety
        ///
        /// Eight integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write_rounded_pairs(self, lower: Self, at: *mut i16) {
            let rounded = |value: f32| (value + ROUNDING).to_bits() as i16;
            let pairs: [[i16; 2]; 4] = from_fn(|i| [rounded(self.0[i]), rounded(lower.0[i])]);
            // SAFETY: the caller's.
            unsafe { at.cast::<[[i16; 2]; 4]>().write_unaligned(pairs) }
        }
    }

    /// Four integers of 32 bits, or four pairs of 16.
    #[derive(Debug, Clone, Copy)]
    pub struct Ints([i32; 4]);

    fn dot(left: i32, right: i32) -> i32 {
        let product = |by: u32| i32::from((left >> by) as i16) * i32::from((right >> by) as i16);
        product(0).wrapping_add(product(16))
    }

    impl Ints {
        #[inline(always)]
        pub fn zero() -> Self {
            Self([0; 4])
        }

        /// Eight 16-bit weights: pairs for four channels.
        ///
        /// # Safety
        ///
        /// They lie at `at`.
        #[inline(always)]
        pub unsafe fn read_pairs(at: *const i16) -> Self {
            // SAFETY: the caller's; 32 bits may want an alignment that 16 have not.
            Self(unsafe { at.cast::<[i32; 4]>().read_unaligned() })
        }

        /// One pair, four times.
        ///
        /// # Safety
        ///
        /// It lies at `at`.
        #[inline(always)]
        pub unsafe fn splat_pair(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self([unsafe { at.cast::<i32>().read_unaligned() }; 4])
        }

        /// `self + left · right`, where those are pairs and a product that of vectors of two.
        #[inline(always)]
        pub fn plus_dot(self, left: Self, right: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_add(dot(left.0[i], right.0[i]))))
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_add(other.0[i])))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
        }

        #[inline(always)]
        pub fn larger(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].max(other.0[i])))
        }

        #[inline(always)]
        pub fn to_floats(self) -> Quad {
            Quad(self.0.map(|value| value as f32))
        }

        pub fn array(self) -> [i32; 4] {
            self.0
        }
    }

    /// Eight integers of 16 bits. They wrap around.
    #[derive(Debug, Clone, Copy)]
    pub struct Shorts([i16; 8]);

    impl Shorts {
        /// # Safety
        ///
        /// Eight integers lie at `at`.
        #[inline(always)]
        pub unsafe fn read(at: *const i16) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { at.cast::<[i16; 8]>().read() })
        }

        /// # Safety
        ///
        /// Eight integers may be written at `at`.
        #[inline(always)]
        pub unsafe fn write(self, at: *mut i16) {
            // SAFETY: the caller's.
            unsafe { at.cast::<[i16; 8]>().write(self.0) }
        }

        #[inline(always)]
        pub fn plus(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_add(other.0[i])))
        }

        #[inline(always)]
        pub fn minus(self, other: Self) -> Self {
            Self(from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a kind of vectors makes of eight numbers and sixteen 16-bit integers, as bits.
    macro_rules! made {
        ($kind:ident, $numbers:expr, $integers:expr) => {{
            use super::$kind::{Ints, Quad, Shorts};
            let (numbers, integers): (&[f32; 8], &[i16; 16]) = ($numbers, $integers);
            let mut bits = Vec::new();
            // SAFETY: every address is inside its array.
            unsafe {
                let a = Quad::read(numbers.as_ptr());
                let b = Quad::read(numbers.as_ptr().add(4));
                let one = Quad::splat(1.5);
                let quads = [one, a.plus(b), a.times(b), a.over(b), a.at_least(b), a.at_most(b)];
                for quad in quads {
                    let mut array = [0.0f32; 4];
                    quad.write(array.as_mut_ptr());
                    bits.extend(array.map(|value| value.to_bits() as i32));
                }
                bits.extend(a.magnitude_bits().array());
                let mut rounded = [0i16; 4];
                a.write_rounded(rounded.as_mut_ptr());
                bits.extend(rounded.map(i32::from));
                let mut rounded = [0i16; 8];
                a.write_rounded_pairs(b, rounded.as_mut_ptr());
                bits.extend(rounded.map(i32::from));
                let left = Ints::read_pairs(integers.as_ptr());
                let right = Ints::read_pairs(integers.as_ptr().add(8));
                let pair = Ints::splat_pair(integers.as_ptr().add(3));
                let sum = Ints::zero().plus_dot(left, right).plus_dot(right, pair);
                for ints in [sum, left.larger(right), left.plus(right), left.minus(right)] {
                    bits.extend(ints.array());
                    let mut array = [0.0f32; 4];
                    ints.to_floats().write(array.as_mut_ptr());
                    bits.extend(array.map(|value| value.to_bits() as i32));
                }
                let left = Shorts::read(integers.as_ptr());
                let right = Shorts::read(integers.as_ptr().add(8));
                for shorts in [left.plus(right), left.minus(right)] {
                    let mut array = [0i16; 8];
                    shorts.write(array.as_mut_ptr());
                    bits.extend(array.map(i32::from));
                }
            }
            bits
        }};
    }

    #[cfg(any(target_arch = "wasm32", target_arch = "x86_64"))]
    #[test]
    fn the_processors_vectors_give_the_bits_of_the_portable_ones() {
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for round in 0..2000 {
            let numbers: [f32; 8] = std::array::from_fn(|i| match (round + i) % 97 {
                0 => f32::INFINITY,
                1 => 0.0,
                2 => (random() % 100) as f32 + 0.5,
                _ => (random() % 65_535) as f32 - 32_767.0 + (random() % 1000) as f32 / 999.0 - 0.5,
            });
            let extremes = [i16::MIN, i16::MAX, -1, 0];
            let integers: [i16; 16] = std::array::from_fn(|_| match random() % 9 {
                n @ 0..4 => extremes[n as usize],
                _ => random() as i16,
            });
            #[cfg(target_arch = "x86_64")]
            let native = made!(x86, &numbers, &integers);
            #[cfg(target_arch = "wasm32")]
            let native = made!(wasm, &numbers, &integers);
            assert_eq!(native, made!(portable, &numbers, &integers), "{numbers:?} {integers:?}");
        }
    }

    #[test]
    fn the_largest_magnitude_shows_what_is_no_number() {
        assert_eq!(largest(&[]), 0.0);
        assert_eq!(largest(&[1.0, -7.5, 3.0, 0.0, 2.0]), 7.5);
        assert_eq!(largest(&[1.0, 2.0, 3.0, 0.0, -9.0]), 9.0);
        for at in 0..21 {
            let mut values = [0.5; 21];
            values[at] = -9.0;
            assert_eq!(largest(&values), 9.0, "{at}");
        }
        assert_eq!(largest(&[1.0, f32::NEG_INFINITY]), f32::INFINITY);
        assert!(largest(&[f32::INFINITY, f32::NAN, 1.0, 2.0]).is_nan());
    }
}
