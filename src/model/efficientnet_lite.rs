//! The network for photographs: EfficientNet-Lite0, as Google published it for phones, with pretrained weights that
//! can be imported.
//!
//! The shape is that of EfficientNet-B0 (Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural
//! networks", arXiv:1905.11946) without squeeze-and-excitation and with ReLU6 instead of swish. Sixteen inverted
//! residual blocks (Sandler et al., "MobileNetV2", arXiv:1801.04381): a 1×1 convolution expands the channels, a
//! depthwise one filters each of them, a 1×1 convolution projects them to few again. At 224 × 224 pixels: 4.65 million
//! parameters with 1,000 classes, and 407 million multiplications.
//!
//! Two dense layers may stand behind its 1,280 features. The head answers with the classes that the weights file is
//! about. The vocabulary, which is optional, is the head of the network that the features came from: a thousand
//! names for the price of one more row of a matrix each.
//!
//! With the mean of its features over many photos it gives [embeddings](super::Embedding), from which heads are taught
//! with a few pictures.

use burn::module::{Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::Tensor;
use burn::tensor::backend::Backend;
use burn::tensor::module::adaptive_avg_pool2d;

use super::conv::{ConvNorm, ConvNormConfig, multiply_adds};
use super::packed::Activation;
use super::sizes::efficientnet_lite::{FEATURES, STAGES, STEM, Stage};
use super::{Embedding, Form, Shape};

fn layer(channels: [usize; 2], kernel: usize) -> ConvNormConfig {
    // The constants of the published network.
    ConvNormConfig {
        kernel,
        norm_momentum: 0.01,
        norm_epsilon: 1e-3,
        ..ConvNormConfig::new(channels)
    }
}

/// Expand, filter, project; and add what came in, where it has the same shape.
#[derive(Module, Debug)]
pub struct Block<B: Backend> {
    expand: Option<ConvNorm<B>>,
    depthwise: ConvNorm<B>,
    project: ConvNorm<B>,
    residual: bool,
}

impl<B: Backend> Block<B> {
    fn new(channels_in: usize, stage: &Stage, form: Form, device: &B::Device) -> Self {
        let wide = channels_in * stage.expansion;
        let depthwise =
            ConvNormConfig { stride: stage.stride, groups: wide, ..layer([wide; 2], stage.kernel) };
        Self {
            expand: (stage.expansion > 1).then(|| layer([channels_in, wide], 1).init(form, device)),
            depthwise: depthwise.init(form, device),
            project: layer([wide, stage.channels], 1).init(form, device),
            residual: stage.stride == 1 && channels_in == stage.channels,
        }
    }

    /// # Shapes
    ///
    /// - `input`: `[batch, channels_in, size, size]`
    /// - output: `[batch, channels_out, size / stride, size / stride]`, rounded up
    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let wide = match &self.expand {
            Some(expand) => expand.forward(input.clone(), Activation::Relu6),
            None => input.clone(),
        };
        let filtered = self.depthwise.forward(wide, Activation::Relu6);
        let output = self.project.forward(filtered, Activation::None);
        if self.residual { output + input } else { output }
    }

    fn fold(self) -> Self {
        Self {
            expand: self.expand.map(ConvNorm::fold),
            depthwise: self.depthwise.fold(),
            project: self.project.fold(),
            ..self
        }
    }
}

/// See the [module](self).
#[derive(Module, Debug)]
pub struct EfficientNetLite<B: Backend> {
    stem: ConvNorm<B>,
    blocks: Vec<Block<B>>,
    top: ConvNorm<B>,
    pub(super) head: Linear<B>,
    pub(super) vocabulary: Option<Linear<B>>,
    pub(super) centre: Option<Param<Tensor<B, 1>>>,
    pub(super) head_reads_embedding: bool,
}

impl<B: Backend> EfficientNetLite<B> {
    /// A network with random weights.
    pub fn new(shape: Shape, form: Form, device: &B::Device) -> Self {
        let mut blocks = Vec::new();
        let mut channels = STEM;
        for stage in &STAGES {
            for index in 0..stage.blocks {
                let stride = if index == 0 { stage.stride } else { 1 };
                blocks.push(Block::new(channels, &Stage { stride, ..*stage }, form, device));
                channels = stage.channels;
            }
        }
        let stem = ConvNormConfig { stride: 2, ..layer([3, STEM], 3) };
        let dense = |outputs| LinearConfig::new(FEATURES, outputs).init(device);
        Self {
            stem: stem.init(form, device),
            blocks,
            top: layer([channels, FEATURES], 1).init(form, device),
            head: dense(shape.outputs),
            vocabulary: (shape.vocabulary > 0).then(|| dense(shape.vocabulary)),
            centre: (shape.embedding != Embedding::None)
                .then(|| Param::from_tensor(Tensor::zeros([FEATURES], device))),
            head_reads_embedding: shape.embedding == Embedding::Read,
        }
    }

    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, FEATURES]`
    pub fn features(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        self.pool(self.maps(images))
    }

    /// The last maps, one for each feature.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, FEATURES, rows, columns]`
    pub(super) fn maps(&self, images: Tensor<B, 4>) -> Tensor<B, 4> {
        let mut maps = self.stem.forward(images, Activation::Relu6);
        for block in &self.blocks {
            maps = block.forward(maps);
        }
        self.top.forward(maps, Activation::Relu6)
    }

    /// A feature is the mean of its map.
    pub(super) fn pool(&self, maps: Tensor<B, 4>) -> Tensor<B, 2> {
        let features: Tensor<B, 2> = adaptive_avg_pool2d(maps, [1, 1]).flatten(1, 3);
        features.cast(self.head.weight.dtype())
    }

    /// Of everything before the head: see [`Network::multiply_adds`](super::Network::multiply_adds).
    pub(super) fn multiply_adds(&self, side: usize) -> u64 {
        let blocks = self
            .blocks
            .iter()
            .flat_map(|block| block.expand.iter().chain([&block.depthwise, &block.project]));
        let layers = std::iter::once(&self.stem).chain(blocks).chain([&self.top]);
        let (sum, _) = layers.fold((0, side), |(sum, side), layer| {
            let (layer, after) = multiply_adds(&layer.conv, side);
            (sum + layer, after)
        });
        sum
    }

    /// Folds the batch norms. The normalisation of the input stays what it is: the first convolution is padded with
    /// zeros, which stand for the mean colour and not for black.
    pub(super) fn fold(self) -> Self {
        Self {
            stem: self.stem.fold(),
            blocks: self.blocks.into_iter().map(Block::fold).collect(),
            top: self.top.fold(),
            ..self
        }
    }
}
