//! The network of many a first tutorial, and of the article that this project grew out of: two 3×3
//! convolutions (32 and 64 filters), two poolings, a dense layer of 128, and the classes.
//!
//! It has no batch norm. A little dropout before the dense layers is all that was added, so that it does
//! not learn its training images by heart.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::backend::Backend;

use super::conv::{Layer, fold_normalisation, multiply_adds};
use super::packed::Activation;
use super::sizes::plain::{HIDDEN, WIDTHS, last_map};
use super::{Form, Shape};
use crate::preprocess::Normalisation;

/// See the [module](self).
#[derive(Module, Debug)]
pub struct Plain<B: Backend> {
    first: Conv2d<B>,
    second: Conv2d<B>,
    hidden: Linear<B>,
    pub(super) head: Linear<B>,
    dropout: Dropout,
}

impl<B: Backend> Plain<B> {
    /// A network with random weights. It has nothing to fold but its input's normalisation, so both forms
    /// have the same parameters.
    pub fn new(shape: Shape, _form: Form, device: &B::Device) -> Self {
        let map = last_map(shape.input_size);
        Self {
            first: Conv2dConfig::new([3, WIDTHS[0]], [3, 3]).init(device),
            second: Conv2dConfig::new(WIDTHS, [3, 3]).init(device),
            hidden: LinearConfig::new(WIDTHS[1] * map * map, HIDDEN).init(device),
            head: LinearConfig::new(HIDDEN, shape.outputs).init(device),
            dropout: DropoutConfig::new(0.3).init(),
        }
    }

    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, HIDDEN]`
    pub fn features(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let layer = |conv, maps| {
            Layer { conv, pool: true, norm: None, activation: Activation::Relu }.forward(maps)
        };
        let maps = layer(&self.second, layer(&self.first, images));
        let maps = maps.cast(self.hidden.weight.dtype());
        let features: Tensor<B, 2> = self.dropout.forward(maps.flatten(1, 3));
        self.dropout.forward(relu(self.hidden.forward(features)))
    }

    /// Of everything before the head: see [`Network::multiply_adds`](super::Network::multiply_adds).
    pub(super) fn multiply_adds(&self, side: usize) -> u64 {
        let (first, side) = multiply_adds(&self.first, side);
        let (second, _) = multiply_adds(&self.second, side / 2);
        first + second + self.hidden.weight.shape().num_elements() as u64
    }

    pub(super) fn fold(self, normalisation: &Normalisation) -> Self {
        Self { first: fold_normalisation(self.first, normalisation), ..self }
    }
}
