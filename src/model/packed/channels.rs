//! Numbers of neighbouring channels of a pixel, four or eight at a time: what filters per channel compute with.

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

use super::epilogue::relu6;
use super::lanes::Quad;
use super::number::Number;

/// Some of eight channels, as many as a vector has places.
pub trait Channels: Copy {
    const COUNT: usize;

    /// # Safety
    ///
    /// So many numbers lie at `at`.
    unsafe fn read(at: *const f32) -> Self;
    fn splat(value: f32) -> Self;
    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn relu6(self) -> Self;

    /// See [`Number::write`].
    ///
    /// # Safety
    ///
    /// So many may be written at `at`.
    unsafe fn write<N: Number>(self, factor: Self, at: *mut N);
}

impl Channels for Quad {
    const COUNT: usize = 4;

    #[inline(always)]
    unsafe fn read(at: *const f32) -> Self {
        // SAFETY: the caller's.
        unsafe { Self::read(at) }
    }

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self::splat(value)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.plus(other)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self.times(other)
    }

    #[inline(always)]
    fn relu6(self) -> Self {
        relu6(self)
    }

    #[inline(always)]
    unsafe fn write<N: Number>(self, factor: Self, at: *mut N) {
        // SAFETY: the caller's.
        unsafe { N::write(self, factor, at) }
    }
}

/// Eight numbers, for processors with AVX2 alone.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub struct Octet(__m256);

#[cfg(target_arch = "x86_64")]
impl Channels for Octet {
    const COUNT: usize = 8;

    #[inline(always)]
    unsafe fn read(at: *const f32) -> Self {
        // SAFETY: the caller's; this kind wants no alignment, and AVX2 is there, as it is below.
        Self(unsafe { _mm256_loadu_ps(at) })
    }

    #[inline(always)]
    fn splat(value: f32) -> Self {
        // SAFETY: nothing is read or written.
        Self(unsafe { _mm256_set1_ps(value) })
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm256_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        // SAFETY: as in `splat`.
        Self(unsafe { _mm256_mul_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn relu6(self) -> Self {
        // The second is given back where one is no number, as in `Quad`.
        // SAFETY: as in `splat`.
        Self(unsafe {
            let least = _mm256_max_ps(_mm256_setzero_ps(), self.0);
            _mm256_min_ps(_mm256_set1_ps(6.0), least)
        })
    }

    #[inline(always)]
    unsafe fn write<N: Number>(self, factor: Self, at: *mut N) {
        // SAFETY: the caller's.
        unsafe {
            let half = |numbers: __m256, high: bool| {
                Quad(if high {
                    _mm256_extractf128_ps::<1>(numbers)
                } else {
                    _mm256_castps256_ps128(numbers)
                })
            };
            N::write(half(self.0, false), half(factor.0, false), at);
            N::write(half(self.0, true), half(factor.0, true), at.add(4));
        }
    }
}
