//! What is done to sums before they are stored.

use super::lanes::{LANES, Lanes, Quad};

/// The function between two layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Activation {
    /// The sums as they are.
    None,
    /// Nothing below 0.
    Relu,
    /// Nothing below 0, nothing above 6.
    Relu6,
    /// `x · Φ(x)`, with the normal distribution's Φ.
    Gelu,
}

impl Activation {
    /// What it makes of numbers, in their place.
    pub fn over(self, values: &mut [f32]) {
        let (eights, rest) = values.as_chunks_mut::<LANES>();
        for eight in eights {
            self.apply(Lanes::load(eight)).store(eight);
        }
        let mut last = [0.0; LANES];
        last[..rest.len()].copy_from_slice(rest);
        self.apply(Lanes::load(&last)).store(&mut last);
        rest.copy_from_slice(&last[..rest.len()]);
    }

    #[inline(always)]
    pub(super) fn apply(self, x: Lanes) -> Lanes {
        match self {
            Self::None => x,
            Self::Relu => x.map(relu),
            Self::Relu6 => x.map(relu6),
            Self::Gelu => x.map(gelu),
        }
    }
}

fn relu(x: Quad) -> Quad {
    x.at_least(Quad::splat(0.0))
}

#[inline(always)]
fn relu6(x: Quad) -> Quad {
    limited(x, Quad::splat(SIX))
}

/// The largest number after ReLU6.
pub const SIX: f32 = 6.0;

/// Nothing below 0, nothing above `most`: ReLU6 of numbers that are scaled.
#[inline(always)]
pub fn limited(x: Quad, most: Quad) -> Quad {
    x.at_least(Quad::splat(0.0)).at_most(most)
}

/// The numbers behind GELU.
pub mod gelu {
    /// `Φ(x) = ½ + x · P(x²) / Q(x²)` for |x| up to this; beyond it, Φ is nearer to 0 or 1 than single precision tells.
    pub const REACH: f32 = 5.5;
    /// Coefficients of P and Q, the constant one first: a weighted least-squares fit of our own (iteratively reweighted, at
    /// 4,000 Chebyshev nodes). In single precision GELU is off by at most 1.3e-6 for |x| < 12.
    pub const P: [f32; 6] = [
        0.398_942_23,
        0.033_773_91,
        0.004_672_060_3,
        0.000_167_979_44,
        6.342_436_3e-6,
        2.278_663_5e-8,
    ];
    /// See [`P`].
    pub const Q: [f32; 6] =
        [1.0, 0.251_324_62, 0.028_599_843, 0.001_879_666_7, 7.335_601_5e-5, 1.197_876_7e-6];
}

// A call of its own: written out for every place of a tile it is so much code that other activations get slower.
#[inline(never)]
fn gelu(x: Quad) -> Quad {
    let near = x.at_least(Quad::splat(-gelu::REACH)).at_most(Quad::splat(gelu::REACH));
    let square = near.times(near);
    let polynomial = |[a, b, c, d, e, f]: [f32; 6]| {
        let step = |sum: Quad, next: f32| sum.times(square).plus(Quad::splat(next));
        step(step(step(step(step(Quad::splat(f), e), d), c), b), a)
    };
    let share = near.times(polynomial(gelu::P)).over(polynomial(gelu::Q)).plus(Quad::splat(0.5));
    x.times(share)
}
