//! Eight numbers at a time.
//!
//! On WebAssembly these are two 128-bit vectors, named as such: the browser's module is compiled for size, and
//! then LLVM turns no loop over an array into vectors by itself. Elsewhere they are an array, and LLVM does.

/// How many channels are computed together.
pub const LANES: usize = 8;

pub use target::Lanes;

#[cfg(target_arch = "wasm32")]
mod target {
    use core::arch::wasm32::*;

    /// Eight numbers.
    #[derive(Clone, Copy)]
    pub struct Lanes(v128, v128);

    impl Lanes {
        #[inline(always)]
        pub fn load(from: &[f32; 8]) -> Self {
            let at = from.as_ptr().cast::<v128>();
            // SAFETY: `from` is 32 bytes, which are these two vectors; WebAssembly wants no alignment.
            unsafe { Self(v128_load(at), v128_load(at.add(1))) }
        }

        #[inline(always)]
        pub fn store(self, to: &mut [f32; 8]) {
            let at = to.as_mut_ptr().cast::<v128>();
            // SAFETY: as in `load`, and the borrow is exclusive.
            unsafe {
                v128_store(at, self.0);
                v128_store(at.add(1), self.1);
            }
        }

        /// `self + number · others`
        #[inline(always)]
        pub fn add_scaled(self, number: f32, others: Self) -> Self {
            self.add_product(Self(f32x4_splat(number), f32x4_splat(number)), others)
        }

        /// `self + left · right`
        #[inline(always)]
        pub fn add_product(self, left: Self, right: Self) -> Self {
            self + Self(f32x4_mul(left.0, right.0), f32x4_mul(left.1, right.1))
        }

        /// Nothing below zero, nothing above six.
        #[inline(always)]
        pub fn relu6(self) -> Self {
            let (zero, six) = (f32x4_splat(0.0), f32x4_splat(6.0));
            // The `p` kinds are one instruction on every processor, and what is no number stays none.
            let clamp = |x| f32x4_pmin(f32x4_pmax(x, zero), six);
            Self(clamp(self.0), clamp(self.1))
        }
    }

    impl core::ops::Add for Lanes {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0), f32x4_add(self.1, other.1))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod target {
    /// Eight numbers.
    #[derive(Clone, Copy)]
    pub struct Lanes([f32; 8]);

    impl Lanes {
        #[inline(always)]
        pub fn load(from: &[f32; 8]) -> Self {
            Self(*from)
        }

        #[inline(always)]
        pub fn store(self, to: &mut [f32; 8]) {
            *to = self.0;
        }

        /// `self + number · others`
        #[inline(always)]
        pub fn add_scaled(self, number: f32, others: Self) -> Self {
            self.add_product(Self([number; 8]), others)
        }

        /// `self + left · right`
        #[inline(always)]
        pub fn add_product(self, left: Self, right: Self) -> Self {
            Self(core::array::from_fn(|i| self.0[i] + left.0[i] * right.0[i]))
        }

        /// Nothing below zero, nothing above six.
        #[inline(always)]
        pub fn relu6(self) -> Self {
            Self(self.0.map(|x| x.clamp(0.0, 6.0)))
        }
    }

    impl core::ops::Add for Lanes {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(core::array::from_fn(|i| self.0[i] + other.0[i]))
        }
    }
}
