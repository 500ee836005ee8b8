//! The default network: small, quick to train and accurate on small images.
//!
//! Its shape is that of Keller Jordan's airbench ("94% on CIFAR-10 in 3.29 seconds on a single GPU",
//! arXiv:2404.00498): a 2×2 stem whose fixed filters whiten the pixels, three blocks of
//! convolution, pooling, norm, activation, convolution, norm, activation, and one dense layer
//! behind a global maximum. About two million parameters.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::backend::Backend;
use burn::tensor::module::max_pool2d;
use burn::tensor::{Tensor, TensorData};

use super::conv::{ConvNorm, ConvNormConfig, Layer, fold_normalisation, multiply_adds};
use super::packed::Activation;
use super::sizes::convnet::{PATCH, PATCH_VALUES, STEM, WIDTHS};
use super::{Form, Shape};
use crate::preprocess::Normalisation;

/// The logits are scaled down while training, so that the first steps do not overshoot. The head is linear and has
/// no bias, so that scaling what goes into it is the same, and one dense layer less for the device.
const LOGIT_SCALE: f64 = 1.0 / 9.0;

/// Convolution, pooling, norm, activation, convolution, norm, activation.
#[derive(Module, Debug)]
pub struct Block<B: Backend> {
    first: ConvNorm<B>,
    second: ConvNorm<B>,
}

impl<B: Backend> Block<B> {
    fn new(channels: [usize; 2], form: Form, device: &B::Device) -> Self {
        let config = |channels| ConvNormConfig {
            norm_momentum: 0.4,
            train_scale: false,
            ..ConvNormConfig::new(channels)
        };
        Self {
            first: config(channels).init(form, device),
            second: config([channels[1]; 2]).init(form, device),
        }
    }

    /// # Shapes
    ///
    /// - `input`: `[batch, channels_in, size, size]`
    /// - output: `[batch, channels_out, size / 2, size / 2]`
    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let layer = |layer: &'_ ConvNorm<B>, pool, input| {
            let ConvNorm { conv, norm } = layer;
            Layer { conv, pool, norm: norm.as_ref(), activation: Activation::Gelu }.forward(input)
        };
        let hidden = layer(&self.first, true, input);
        layer(&self.second, false, hidden)
    }

    fn fold(self) -> Self {
        Self { first: self.first.fold(), second: self.second.fold() }
    }
}

/// See the [module](self).
#[derive(Module, Debug)]
pub struct ConvNet<B: Backend> {
    whiten: Conv2d<B>,
    blocks: Vec<Block<B>>,
    pub(super) head: Linear<B>,
    logit_scale: f64,
}

impl<B: Backend> ConvNet<B> {
    /// A network with random weights; see [`ConvNet::start`] for what training adds to them.
    pub fn new(shape: Shape, form: Form, device: &B::Device) -> Self {
        let inputs = [STEM, WIDTHS[0], WIDTHS[1]];
        let blocks = inputs
            .into_iter()
            .zip(WIDTHS)
            .map(|(from, to)| Block::new([from, to], form, device))
            .collect();
        let whiten = Conv2dConfig::new([3, STEM], [PATCH, PATCH]).init(device);
        let head = LinearConfig::new(WIDTHS[2], shape.outputs).with_bias(false).init(device);
        let logit_scale = match form {
            Form::Trainable => LOGIT_SCALE,
            Form::Folded => 1.0,
        };
        Self { whiten, blocks, head, logit_scale }
    }

    /// Prepares a trainable network for its first step: the stem gets the given whitening filters, which
    /// stay fixed (only its bias is trained), and every 3×3 convolution starts by passing its input
    /// channels through unchanged, so that the gradient reaches all layers from the beginning.
    ///
    /// `filters` holds `PATCH_VALUES` filters of `PATCH_VALUES` values, each in channel, row, column order.
    pub fn start(mut self, filters: &[f32]) -> Self {
        assert_eq!(
            filters.len(),
            PATCH_VALUES * PATCH_VALUES,
            "one filter per whitening direction"
        );
        let device = self.whiten.weight.device();
        let both: Vec<f32> = filters.iter().copied().chain(filters.iter().map(|v| -v)).collect();
        let weight = TensorData::new(both, [STEM, 3, PATCH, PATCH]);
        self.whiten.weight =
            Param::from_tensor(Tensor::from_data(weight, &device)).set_require_grad(false);
        self.whiten.bias = Some(Param::from_tensor(Tensor::zeros([STEM], &device)));
        for block in &mut self.blocks {
            for layer in [&mut block.first, &mut block.second] {
                layer.conv.weight = layer.conv.weight.clone().map(dirac_init);
            }
        }
        self
    }

    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, WIDTHS[2]]`
    pub fn features(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        self.pool(self.maps(images))
    }

    /// The last maps, one for each feature.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, WIDTHS[2], rows, columns]`
    pub(super) fn maps(&self, images: Tensor<B, 4>) -> Tensor<B, 4> {
        let (conv, activation) = (&self.whiten, Activation::Gelu);
        let mut hidden = Layer { conv, pool: false, norm: None, activation }.forward(images);
        for block in &self.blocks {
            hidden = block.forward(hidden);
        }
        hidden
    }

    /// A feature is the maximum of its map, in the folded network.
    pub(super) fn pool(&self, maps: Tensor<B, 4>) -> Tensor<B, 2> {
        let [.., height, width] = maps.dims();
        let strongest = max_pool2d(maps, [height, width], [1, 1], [0, 0], [1, 1], false);
        let features: Tensor<B, 2> = strongest.flatten(1, 3).cast(self.head.weight.dtype());
        if self.logit_scale == 1.0 { features } else { features * self.logit_scale }
    }

    /// Of everything before the head: see [`Network::multiply_adds`](super::Network::multiply_adds).
    pub(super) fn multiply_adds(&self, side: usize) -> u64 {
        let (mut sum, mut side) = multiply_adds(&self.whiten, side);
        for block in &self.blocks {
            let (first, before) = multiply_adds(&block.first.conv, side);
            let (second, after) = multiply_adds(&block.second.conv, before / 2);
            sum += first + second;
            side = after;
        }
        sum
    }

    pub(super) fn fold(self, normalisation: &Normalisation) -> Self {
        let mut head = self.head;
        let scale = self.logit_scale;
        head.weight = head.weight.map(|weight| weight * scale);
        Self {
            whiten: fold_normalisation(self.whiten, normalisation),
            blocks: self.blocks.into_iter().map(Block::fold).collect(),
            head,
            logit_scale: 1.0,
        }
    }
}

/// The first `channels_in` filters become the identity (Dirac initialisation).
fn dirac_init<B: Backend>(weight: Tensor<B, 4>) -> Tensor<B, 4> {
    let [_, channels_in, height, width] = weight.dims();
    let mut identity = vec![0.0f32; channels_in * channels_in * height * width];
    for channel in 0..channels_in {
        identity[((channel * channels_in + channel) * height + height / 2) * width + width / 2] =
            1.0;
    }
    let shape = [channels_in, channels_in, height, width];
    let identity = Tensor::from_data(TensorData::new(identity, shape), &weight.device());
    let requires_grad = weight.is_require_grad();
    let started = weight
        .detach()
        .slice_assign([0..channels_in, 0..channels_in, 0..height, 0..width], identity)
        .detach();
    started.set_require_grad(requires_grad)
}
