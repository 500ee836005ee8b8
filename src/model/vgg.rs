//! A network in the style of VGG (Simonyan and Zisserman, "Very deep convolutional networks for
//! large-scale image recognition", arXiv:1409.1556), configuration B with batch norms: stages of two
//! 3×3 convolutions and a pooling, 64 to 512 channels, then dense layers.
//!
//! Two things differ from the paper, so that the same code serves an icon and a photo: there are only as
//! many stages as the input has halvings (three at 32 pixels, all five at 224), and the dense
//! layers follow a global average instead of a fixed 7×7 map, which also keeps the file small.

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::backend::Backend;
use burn::tensor::module::{adaptive_avg_pool2d, max_pool2d};

use super::conv::{Border, ConvNorm, ConvNormConfig, Layer, fold_normalisation, multiply_adds};
use super::packed::Activation;
use super::sizes::vgg::{HIDDEN, SMALLEST_MAP, WIDTHS};
use super::{Form, Shape};
use crate::preprocess::Normalisation;

/// See the [module](self).
#[derive(Module, Debug)]
pub struct Vgg<B: Backend> {
    stages: Vec<[ConvNorm<B>; 2]>,
    hidden: Linear<B>,
    pub(super) head: Linear<B>,
    dropout: Dropout,
}

impl<B: Backend> Vgg<B> {
    /// A network with random weights.
    pub fn new(shape: Shape, form: Form, device: &B::Device) -> Self {
        let mut stages = Vec::new();
        let mut channels = 3;
        let mut map = shape.input_size;
        for width in WIDTHS {
            if map < SMALLEST_MAP && !stages.is_empty() {
                break;
            }
            let layer = |channels, border| {
                ConvNormConfig { border, ..ConvNormConfig::new(channels) }.init(form, device)
            };
            // The very first convolution is unpadded: see the module `model`.
            let border = if stages.is_empty() { Border::Valid } else { Border::Same };
            stages.push([layer([channels, width], border), layer([width; 2], Border::Same)]);
            channels = width;
            map /= 2;
        }
        Self {
            stages,
            hidden: LinearConfig::new(channels, HIDDEN).init(device),
            head: LinearConfig::new(HIDDEN, shape.outputs).init(device),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, HIDDEN]`
    pub fn features(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let mut maps = images;
        for stage in &self.stages {
            for layer in stage {
                let ConvNorm { conv, norm } = layer;
                let (norm, activation) = (norm.as_ref(), Activation::Relu);
                maps = Layer { conv, pool: false, norm, activation }.forward(maps);
            }
            maps = max_pool2d(maps, [2, 2], [2, 2], [0, 0], [1, 1], false);
        }
        let features: Tensor<B, 2> = adaptive_avg_pool2d(maps, [1, 1]).flatten(1, 3);
        let features = features.cast(self.hidden.weight.dtype());
        let hidden = relu(self.hidden.forward(self.dropout.forward(features)));
        self.dropout.forward(hidden)
    }

    /// Of everything before the head: see [`Network::multiply_adds`](super::Network::multiply_adds).
    pub(super) fn multiply_adds(&self, mut side: usize) -> u64 {
        let mut sum = 0;
        for stage in &self.stages {
            for layer in stage {
                let (layer, after) = multiply_adds(&layer.conv, side);
                sum += layer;
                side = after;
            }
            side /= 2;
        }
        sum + self.hidden.weight.shape().num_elements() as u64
    }

    pub(super) fn fold(self, normalisation: &Normalisation) -> Self {
        let mut stages: Vec<_> =
            self.stages.into_iter().map(|stage| stage.map(ConvNorm::fold)).collect();
        if let Some([first, _]) = stages.first_mut() {
            first.conv = fold_normalisation(first.conv.clone(), normalisation);
        }
        Self { stages, ..self }
    }
}
