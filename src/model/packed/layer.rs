//! What a network says of itself before its weights are packed.

use super::epilogue::Activation;

/// How a convolution treats the border of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// Its kernel stays inside.
    Valid,
    /// TensorFlow's `SAME`: as many zeros as give ⌈size / stride⌉ outputs, an odd one right and below.
    Same,
}

/// A convolution before its weights are packed.
#[derive(Debug, Clone, PartialEq)]
pub struct Convolution {
    /// `[channels_out, channels_in, kernel, kernel]`; for a depthwise convolution `channels_in` is 1.
    pub weights: Vec<f32>,
    /// `[channels_out]`
    pub bias: Vec<f32>,
    /// Side of the kernel.
    pub kernel: usize,
    /// Step from one output to the next.
    pub stride: usize,
    /// What happens at the border.
    pub border: Border,
    /// What is done to the sums.
    pub activation: Activation,
    /// Whether the activation sees the largest of every 2×2 sums, side by side. A last odd row or column is dropped.
    pub pool: bool,
}

/// An inverted residual. It adds its input to its output where both have the same shape, unless it is not expanded.
#[derive(Debug, Clone, PartialEq)]
pub struct InvertedResidual {
    /// 1×1 with ReLU6; absent where what comes in is filtered itself.
    pub expand: Option<Convolution>,
    /// 3×3 or 5×5, stride 1 or 2, one filter per channel, with ReLU6.
    pub depthwise: Convolution,
    /// 1×1, linear.
    pub project: Convolution,
}

/// What a network does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A convolution in which every output sees every input channel. A dense layer is one: of maps of any size, with a
    /// kernel of that size.
    Convolution(Convolution),
    /// Three convolutions.
    InvertedResidual(InvertedResidual),
    /// The mean over all pixels of each channel.
    Mean,
    /// The largest over all pixels of each channel.
    Max,
}
