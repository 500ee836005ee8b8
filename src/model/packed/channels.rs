//! Two rows of a map at a time, of some neighbouring channels of a pixel: what filters per channel compute with.
//!
//! An integer of 16 bits and the one below it in the next row lie side by side, so that the instruction that multiplies pairs
//! and adds them up goes down a column of the filter two places at a time. Numbers in single precision have no such
//! instruction; theirs lie four by four.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

use super::epilogue::limited;
use super::lanes::{Ints, Quad};

/// What two rows have in some of eight channels, as many as a vector has places.
pub trait Channels: Copy {
    /// What they are given as, and what comes out.
    type Number;
    /// So many channels.
    const COUNT: usize;
    /// The sums of so many channels.
    type Sums: Copy;

    /// # Safety
    ///
    /// So many pairs lie at `at`.
    unsafe fn read(at: *const Self::Number) -> Self;

    /// Sums of nothing.
    fn nothing() -> Self::Sums;

    /// Adds the products of both rows.
    fn add(sums: Self::Sums, numbers: Self, weights: Self) -> Self::Sums;

    /// Writes sums · scale + bias, but at least 0 and at most `most`.
    ///
    /// # Safety
    ///
    /// So many numbers lie at `scale` and `bias`, and may be written at `to`.
    unsafe fn write(
        sums: Self::Sums,
        scale: *const f32,
        bias: *const f32,
        most: f32,
        to: *mut Self::Number,
    );
}

/// What four channels become: see [`Channels::write`].
///
/// # Safety
///
/// Four numbers lie at `scale` and `bias`.
#[inline(always)]
unsafe fn finished(sums: Quad, scale: *const f32, bias: *const f32, most: f32) -> Quad {
    // SAFETY: the caller's.
    let value = unsafe { sums.times(Quad::read(scale)).plus(Quad::read(bias)) };
    limited(value, Quad::splat(most))
}

/// Four channels in single precision: the upper row and the lower one.
#[derive(Clone, Copy)]
pub struct Floats(Quad, Quad);

impl Channels for Floats {
    type Number = f32;
    const COUNT: usize = 4;
    type Sums = Quad;

    #[inline(always)]
    unsafe fn read(at: *const f32) -> Self {
        // SAFETY: the caller's.
        unsafe { Self(Quad::read(at), Quad::read(at.add(4))) }
    }

    #[inline(always)]
    fn nothing() -> Quad {
        Quad::splat(0.0)
    }

    #[inline(always)]
    fn add(sums: Quad, numbers: Self, weights: Self) -> Quad {
        sums.plus(numbers.0.times(weights.0)).plus(numbers.1.times(weights.1))
    }

    #[inline(always)]
    unsafe fn write(sums: Quad, scale: *const f32, bias: *const f32, most: f32, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { finished(sums, scale, bias, most).write(to) }
    }
}

impl Channels for Ints {
    type Number = i16;
    const COUNT: usize = 4;
    type Sums = Self;

    #[inline(always)]
    unsafe fn read(at: *const i16) -> Self {
        // SAFETY: the caller's.
        unsafe { Self::read_pairs(at) }
    }

    #[inline(always)]
    fn nothing() -> Self {
        Self::zero()
    }

    #[inline(always)]
    fn add(sums: Self, numbers: Self, weights: Self) -> Self {
        sums.plus_dot(numbers, weights)
    }

    #[inline(always)]
    unsafe fn write(sums: Self, scale: *const f32, bias: *const f32, most: f32, to: *mut i16) {
        // SAFETY: the caller's.
        unsafe { finished(sums.to_floats(), scale, bias, most).write_rounded(to) }
    }
}

/// Eight channels in integers, for processors with AVX2 alone.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub struct Octet(__m256i);

#[cfg(target_arch = "x86_64")]
impl Channels for Octet {
    type Number = i16;
    const COUNT: usize = 8;
    type Sums = Self;

    #[inline(always)]
    unsafe fn read(at: *const i16) -> Self {
        // SAFETY: the caller's; this kind wants no alignment, and AVX2 is there, as it is below.
        Self(unsafe { _mm256_loadu_si256(at.cast()) })
    }

    #[inline(always)]
    fn nothing() -> Self {
        // SAFETY: nothing is read or written.
        Self(unsafe { _mm256_setzero_si256() })
    }

    #[inline(always)]
    fn add(sums: Self, numbers: Self, weights: Self) -> Self {
        // SAFETY: as in `nothing`.
        Self(unsafe { _mm256_add_epi32(sums.0, _mm256_madd_epi16(numbers.0, weights.0)) })
    }

    #[inline(always)]
    unsafe fn write(sums: Self, scale: *const f32, bias: *const f32, most: f32, to: *mut i16) {
        // SAFETY: the caller's.
        unsafe {
            let low = Ints(_mm256_castsi256_si128(sums.0));
            let high = Ints(_mm256_extracti128_si256::<1>(sums.0));
            Ints::write(low, scale, bias, most, to);
            Ints::write(high, scale.add(4), bias.add(4), most, to.add(4));
        }
    }
}
