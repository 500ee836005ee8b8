//! Where a convolution looks along one axis.

use super::layer::Border;

/// One axis of a convolution.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// Zeros before the first input. Where their number is odd, the end gets one more than the beginning.
    pub before: usize,
    /// How many inputs and zeros there are.
    pub padded: usize,
    /// How many outputs there are.
    pub out: usize,
}

impl Axis {
    pub fn new(size: usize, kernel: usize, stride: usize, border: Border) -> Self {
        match border {
            Border::Same => {
                let out = size.div_ceil(stride);
                let padded = ((out - 1) * stride + kernel).max(size);
                Self { before: (padded - size) / 2, padded, out }
            }
            Border::Valid => {
                assert!(size >= kernel, "a map of {size} pixels under a kernel of {kernel}");
                Self { before: 0, padded: size, out: (size - kernel) / stride + 1 }
            }
        }
    }
}
