//! A convolution with the batch norm that follows it, and the algebra that makes one of the two.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::activation::{gelu, relu};
use burn::tensor::backend::Backend;
use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Tensor};

use super::Form;
use super::packed::Activation;
use crate::preprocess::Normalisation;

/// How a [`ConvNorm`] treats the border of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// No padding: a 3×3 kernel shrinks each side by two.
    Valid,
    /// As many zeros around the input as give ⌈side / stride⌉ outputs. Where their number is odd, the one more
    /// stands right and below, as in TensorFlow's `SAME`.
    Same,
}

/// Configuration of a [`ConvNorm`].
#[derive(Debug, Clone, Copy)]
pub struct ConvNormConfig {
    /// Input and output channels.
    pub channels: [usize; 2],
    /// Side of the kernel.
    pub kernel: usize,
    /// Steps of the kernel, both ways.
    pub stride: usize,
    /// Groups of channels that do not see each other: 1, or all of them in a depthwise convolution.
    pub groups: usize,
    /// What happens at the border.
    pub border: Border,
    /// How much of the running statistics each batch replaces, in (0, 1].
    pub norm_momentum: f64,
    /// Added to the variance, so that nothing is divided by zero.
    pub norm_epsilon: f64,
    /// Whether the scale of the norm is trained. Frozen at one it stays positive, which is what lets a
    /// max pooling stand between the convolution and its norm and folding still be exact.
    pub train_scale: bool,
}

/// A convolution and, while the network is being trained, the batch norm that follows it.
#[derive(Module, Debug)]
pub struct ConvNorm<B: Backend> {
    /// The convolution; it has a bias only once the norm is folded into it.
    pub conv: Conv2d<B>,
    /// The batch norm, absent in the folded form.
    pub norm: Option<BatchNorm<B>>,
}

impl ConvNormConfig {
    /// A 3×3 convolution that keeps the size, and a norm with the usual constants.
    pub fn new(channels: [usize; 2]) -> Self {
        Self {
            channels,
            kernel: 3,
            stride: 1,
            groups: 1,
            border: Border::Same,
            norm_momentum: 0.1,
            norm_epsilon: 1e-5,
            train_scale: true,
        }
    }

    /// Makes the pair in the given form.
    pub fn init<B: Backend>(&self, form: Form, device: &B::Device) -> ConvNorm<B> {
        let padding = match self.border {
            Border::Valid => PaddingConfig2d::Valid,
            Border::Same => PaddingConfig2d::Same,
        };
        let conv = Conv2dConfig::new(self.channels, [self.kernel; 2])
            .with_stride([self.stride; 2])
            .with_groups(self.groups)
            .with_padding(padding)
            .with_bias(form == Form::Folded)
            .init(device);
        let norm = (form == Form::Trainable).then(|| {
            let mut norm = BatchNormConfig::new(self.channels[1])
                .with_momentum(self.norm_momentum)
                .with_epsilon(self.norm_epsilon)
                .init(device);
            if !self.train_scale {
                norm.gamma = norm.gamma.set_require_grad(false);
            }
            norm
        });
        ConvNorm { conv, norm }
    }
}

impl<B: Backend> ConvNorm<B> {
    /// Convolution, norm and activation, one after the other.
    ///
    /// # Shapes
    ///
    /// - `input`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, height / stride, width / stride]`, rounded up, or what is left without padding
    pub(super) fn forward(&self, input: Tensor<B, 4>, activation: Activation) -> Tensor<B, 4> {
        let Self { conv, norm } = self;
        Layer { conv, pool: false, norm: norm.as_ref(), activation }.forward(input)
    }

    /// One convolution that does what the pair does in inference.
    pub fn fold(self) -> Self {
        let conv = match self.norm {
            Some(norm) => fold_norm(self.conv, &norm),
            None => self.conv,
        };
        Self { conv, norm: None }
    }
}

/// Multiplications, each with an addition, of a convolution of a square map, and the side of what comes out.
pub(super) fn multiply_adds<B: Backend>(conv: &Conv2d<B>, side: usize) -> (u64, usize) {
    let [filters, channels, height, width] = conv.weight.dims();
    let [stride, _] = conv.stride;
    let side = match conv.padding {
        PaddingConfig2d::Valid => (side + 1).saturating_sub(height).div_ceil(stride),
        _ => side.div_ceil(stride),
    };
    ((side * side * filters * channels * height * width) as u64, side)
}

/// A convolution in the number type of its input: the weights stay in single precision, where small steps add up, and
/// are rounded to half precision for the moment where that is what the input has. Gradients pass through the rounding.
pub(super) fn convolve<B: Backend>(conv: &Conv2d<B>, input: Tensor<B, 4>) -> Tensor<B, 4> {
    let (own, asked) = (conv.weight.dtype(), input.dtype());
    if own == asked {
        return conv.forward(input);
    }
    let padding = match conv.padding {
        PaddingConfig2d::Valid => [0; 2],
        PaddingConfig2d::Same if conv.stride == [1; 2] => conv.kernel_size.map(|side| side / 2),
        // One that is not the same on all sides.
        _ => return conv.forward(input.cast(own)).cast(asked),
    };
    let (weight, bias) = (conv.weight.val(), conv.bias.as_ref());
    let bias = bias.map(|bias| bias.val().cast(asked));
    let options = ConvOptions::new(conv.stride, padding, conv.dilation, conv.groups);
    conv2d(input, weight.cast(asked), bias, options)
}

/// A convolution and what follows it, in this order.
pub(super) struct Layer<'a, B: Backend> {
    pub conv: &'a Conv2d<B>,
    /// Whether the largest of two by two places is taken.
    pub pool: bool,
    pub norm: Option<&'a BatchNorm<B>>,
    pub activation: Activation,
}

impl<B: Backend> Layer<'_, B> {
    /// # Shapes
    ///
    /// - `input`: `[batch, channels_in, height, width]`
    /// - output: `[batch, channels_out, height, width]`, after the convolution, half as high and wide with `pool`
    pub fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let Self { conv, pool, norm, activation } = *self;
        #[cfg(feature = "tch")]
        let input = match super::libtorch::layer(conv, pool, norm, activation, input) {
            Ok(output) => return output,
            Err(input) => input,
        };
        let mut maps = convolve(conv, input);
        if pool {
            maps = max_pool2d(maps, [2, 2], [2, 2], [0, 0], [1, 1], false);
        }
        if let Some(norm) = norm {
            maps = normalised(norm, maps);
        }
        match activation {
            Activation::None => maps,
            Activation::Relu => relu(maps),
            Activation::Relu6 => maps.clamp(0.0, 6.0),
            Activation::Gelu => gelu(maps),
        }
    }
}

fn normalised<B: Backend>(norm: &BatchNorm<B>, input: Tensor<B, 4>) -> Tensor<B, 4> {
    match B::ad_enabled(&input.device()) {
        true => normalise(norm, input),
        false => norm.forward(input),
    }
}

/// Batch norm while training, as `BatchNorm::forward` has it, in a third of its passes over the input: as one scale and
/// one shift per channel, with the variance from the mean of the squares.
fn normalise<B: Backend>(norm: &BatchNorm<B>, input: Tensor<B, 4>) -> Tensor<B, 4> {
    let dtype = input.dtype();
    let channels = input.dims()[1];
    // Rows first: their means are rounded to the input's type, and only the mean of many of them has to be exact.
    let mean_of = |values: Tensor<B, 4>| {
        values.mean_dim(3).cast(DType::F32).mean_dim(2).mean_dim(0).reshape([channels])
    };
    let mean = mean_of(input.clone());
    let variance = (mean_of(input.clone().square()) - mean.clone().square()).clamp_min(0.0);
    for (state, batch) in [(&norm.running_mean, &mean), (&norm.running_var, &variance)] {
        let before = state.value_sync();
        state.update((before.clone() + (batch.clone().detach() - before) * norm.momentum).detach());
    }
    let scale = norm.gamma.val() / (variance + norm.epsilon).sqrt();
    let shift = norm.beta.val() - mean * scale.clone();
    let per_channel = |values: Tensor<B, 1>| values.cast(dtype).reshape([1, channels, 1, 1]);
    input * per_channel(scale) + per_channel(shift)
}

/// Multiplies a batch norm into the convolution before it: with `s = γ / √(σ² + ε)`, the weights become
/// `s·w` and the bias `β + s·(b − μ)`.
fn fold_norm<B: Backend>(conv: Conv2d<B>, norm: &BatchNorm<B>) -> Conv2d<B> {
    let scale = norm.gamma.val() / (norm.running_var.value() + norm.epsilon).sqrt();
    let mean = norm.running_mean.value();
    let shifted = match &conv.bias {
        Some(bias) => bias.val() - mean,
        None => -mean,
    };
    let bias = norm.beta.val() + scale.clone() * shifted;
    let [channels_out, ..] = conv.weight.dims();
    let weight = conv.weight.val() * scale.reshape([channels_out, 1, 1, 1]);
    with_weights(conv, weight, bias)
}

/// Multiplies the normalisation of the input, `(x − mean) / std`, into an unpadded convolution.
pub(super) fn fold_normalisation<B: Backend>(
    conv: Conv2d<B>,
    normalisation: &Normalisation,
) -> Conv2d<B> {
    debug_assert!(
        matches!(conv.padding, PaddingConfig2d::Valid),
        "folding into a padded convolution"
    );
    let device = conv.weight.device();
    let per_channel =
        |values: [f32; 3]| Tensor::<B, 1>::from_floats(values, &device).reshape([1, 3, 1, 1]);
    let weight = conv.weight.val() / per_channel(normalisation.std);
    let [channels_out, ..] = weight.dims();
    let offset = (weight.clone() * per_channel(normalisation.mean))
        .reshape([channels_out as i32, -1])
        .sum_dim(1)
        .reshape([channels_out]);
    let bias = match &conv.bias {
        Some(bias) => bias.val() - offset,
        None => -offset,
    };
    with_weights(conv, weight, bias)
}

fn with_weights<B: Backend>(
    conv: Conv2d<B>,
    weight: Tensor<B, 4>,
    bias: Tensor<B, 1>,
) -> Conv2d<B> {
    Conv2d { weight: Param::from_tensor(weight), bias: Some(Param::from_tensor(bias)), ..conv }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use burn::backend::{Autodiff, Flex};
    use burn::tensor::TensorData;

    use super::*;

    type Training = Autodiff<Flex>;

    /// Output, gradient of the input and running statistics of one step.
    fn step(
        norm: &BatchNorm<Training>,
        run: impl Fn(&BatchNorm<Training>, Tensor<Training, 4>) -> Tensor<Training, 4>,
    ) -> [Vec<f32>; 4] {
        let device = Default::default();
        const SHAPE: [usize; 4] = [8, 3, 5, 4];
        // Not the backend's own random numbers: those of other tests that run meanwhile come from the same generator.
        let values = |mean: f32, step: f32| -> Tensor<Training, 4> {
            let count = SHAPE.iter().product();
            let values = (0..count).map(|at| mean + 2.0 * (at as f32 * step).sin()).collect();
            Tensor::from_data(TensorData::new(values, SHAPE), &device)
        };
        let input = values(1.5, 0.7).require_grad();
        let output = run(norm, input.clone());
        let gradients = (output.clone() * values(0.0, 1.3)).sum().backward();
        let data = |tensor: Tensor<Training, 1>| tensor.into_data().to_vec::<f32>().unwrap();
        [
            output.into_data().to_vec().unwrap(),
            input.grad(&gradients).unwrap().into_data().to_vec().unwrap(),
            data(norm.running_mean.value_sync()),
            data(norm.running_var.value_sync()),
        ]
    }

    #[test]
    fn the_quick_batch_norm_is_that_of_burn() {
        let norm = || BatchNormConfig::new(3).with_momentum(0.4).init(&Default::default());
        let ours = step(&norm(), normalise);
        let theirs = step(&norm(), |norm, input| norm.forward(input));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let far = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(ours.len() == theirs.len() && far < 1e-4, "{far}");
        }
    }
}

#[cfg(all(test, feature = "tch"))]
mod libtorch_tests {
    use burn::backend::{Autodiff, Flex, LibTorch};
    use burn::module::Param;
    use burn::tensor::TensorData;
    use burn::tensor::backend::AutodiffBackend;

    use super::*;

    /// Values that are the same with every backend.
    fn values<B: Backend, const D: usize>(shape: [usize; D], step: f32) -> Tensor<B, D> {
        let values = (0..shape.iter().product()).map(|at| (at as f32 * step).sin()).collect();
        Tensor::from_data(TensorData::new::<f32, _>(values, shape), &Default::default())
    }

    /// The output of a layer with a norm, of one with a bias, the gradients of all that they have, and the statistics.
    fn trained<B: AutodiffBackend>(pool: bool, activation: Activation) -> Vec<Vec<f32>> {
        let device = Default::default();
        let x = values::<B, 4>([2, 3, 6, 4], 0.7).require_grad();
        let mut normed: ConvNorm<B> = ConvNormConfig::new([3, 5]).init(Form::Trainable, &device);
        normed.conv.weight = Param::from_tensor(values([5, 3, 3, 3], 1.3));
        let norm = normed.norm.as_mut().expect("one to be trained");
        norm.gamma = Param::from_tensor(values::<B, 1>([5], 2.1) + 2.0);
        norm.beta = Param::from_tensor(values([5], 0.9));
        let mut biased = normed.conv.clone();
        biased.weight = Param::from_tensor(values([4, 5, 3, 3], 1.7));
        biased.bias = Some(Param::from_tensor(values([4], 0.3)));

        let (conv, norm) = (&normed.conv, normed.norm.as_ref());
        let hidden = Layer { conv, norm, pool, activation }.forward(x.clone());
        let last = Layer { conv: &biased, norm: None, pool: false, activation };
        let output = last.forward(hidden);
        let weights = values(output.dims(), 2.9);
        let gradients = (output.clone() * weights).sum().backward();
        let norm = norm.expect("as above");
        let floats = |data: TensorData| data.convert::<f32>().to_vec().expect("just converted");
        let of = |parameter: &Param<Tensor<B, 1>>| {
            floats(parameter.grad(&gradients).expect("a gradient").into_data())
        };
        let of_weights = |conv: &Conv2d<B>| {
            floats(conv.weight.grad(&gradients).expect("a gradient").into_data())
        };
        vec![
            floats(output.into_data()),
            floats(x.grad(&gradients).expect("a gradient").into_data()),
            of_weights(conv),
            of_weights(&biased),
            of(&norm.gamma),
            of(&norm.beta),
            of(biased.bias.as_ref().expect("as above")),
            floats(norm.running_mean.value_sync().into_data()),
            floats(norm.running_var.value_sync().into_data()),
        ]
    }

    #[test]
    fn a_layer_and_its_gradients_are_those_of_burn() {
        for (pool, activation) in [(true, Activation::Gelu), (false, Activation::Relu)] {
            let ours = trained::<Autodiff<LibTorch>>(pool, activation);
            let theirs = trained::<Autodiff<Flex>>(pool, activation);
            for (index, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                let far = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                // LibTorch divides the running variance by one less than the number of pixels.
                let most = if index == 8 { 0.02 } else { 1e-3 };
                assert!(ours.len() == theirs.len() && far < most, "{index}: {far}");
            }
        }
    }

    /// Output and gradients of filters per channel that see every second place, of a map whose borders differ.
    fn strided<B: AutodiffBackend>(kernel: usize) -> [Vec<f32>; 3] {
        let device = Default::default();
        let x = values::<B, 4>([2, 4, 6, 7], 0.7).require_grad();
        let config = ConvNormConfig { kernel, stride: 2, groups: 4, ..ConvNormConfig::new([4, 4]) };
        let mut layer: ConvNorm<B> = config.init(Form::Folded, &device);
        layer.conv.weight = Param::from_tensor(values([4, 1, kernel, kernel], 1.3));
        layer.conv.bias = Some(Param::from_tensor(values([4], 0.3)));
        let output = layer.forward(x.clone(), Activation::Relu6);
        assert_eq!(output.dims(), [2, 4, 3, 4]);
        let gradients = (output.clone() * values(output.dims(), 2.9)).sum().backward();
        let floats = |data: TensorData| data.convert::<f32>().to_vec().expect("just converted");
        [
            floats(output.into_data()),
            floats(x.grad(&gradients).expect("a gradient").into_data()),
            floats(layer.conv.weight.grad(&gradients).expect("a gradient").into_data()),
        ]
    }

    #[test]
    fn so_is_one_with_more_zeros_on_one_side_than_on_the_other() {
        for kernel in [3, 5] {
            let ours = strided::<Autodiff<LibTorch>>(kernel);
            let theirs = strided::<Autodiff<Flex>>(kernel);
            for (ours, theirs) in ours.iter().zip(&theirs) {
                let far = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(ours.len() == theirs.len() && far < 1e-4, "{far}");
            }
        }
    }
}
