//! The networks, and the file that carries their weights.
//!
//! Three architectures, each in a file of its own and each generic over the [`Backend`]: [`convnet`]
//! (the default), [`vgg`] and [`plain`]. [`Network`] is one of them, so that trainer, evaluator,
//! terminal and browser name the architecture once, in the weights file, and never in code.
//!
//! A network is trained with batch norms and on normalised pixels. [`Network::fold`] multiplies both
//! into the convolutions before it that need them, and what ships is the folded network: fewer operations
//! and no second place where a mean could drift. For that to be exact at the border of the image, the
//! first convolution of every architecture has no padding: padding with zeros *after* normalisation is not
//! padding with zeros before it.

use burn::module::{Module, ModuleMapper, ModuleVisitor};
use burn::tensor::Tensor;
use burn::tensor::backend::Backend;
use serde::{Deserialize, Serialize};

use crate::preprocess::Normalisation;

pub mod conv;
pub mod convnet;
pub mod plain;
pub mod vgg;
pub mod weights;

use convnet::ConvNet;
use plain::Plain;
use vgg::Vgg;

/// The name of a network's shape, as it stands in a weights file and on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "train", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// A whitening stem and three blocks of two convolutions: small and quick to train.
    #[cfg_attr(feature = "train", value(name = "convnet"))]
    ConvNet,
    /// Pairs of 3×3 convolutions between poolings, two dense layers: the style of VGG.
    Vgg,
    /// Two convolutions, two poolings, two dense layers: the first network of many a tutorial.
    Plain,
}

impl std::fmt::Display for Architecture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ConvNet => "convnet",
            Self::Vgg => "vgg",
            Self::Plain => "plain",
        })
    }
}

/// What has to be known of a network before its tensors can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Which of the networks.
    pub architecture: Architecture,
    /// Side of the square input, in pixels.
    pub input_size: usize,
    /// How many logits come out: one for each class, or a single one for a question of yes or no.
    pub outputs: usize,
}

impl Shape {
    /// The number of logits for so many classes: two classes need only one, the logit of the second.
    pub fn outputs_for(classes: usize) -> usize {
        if classes == 2 { 1 } else { classes }
    }

    /// The smallest side that is worth training: below it, the last layers would look at two pixels or fewer.
    pub fn smallest_input(architecture: Architecture) -> usize {
        match architecture {
            Architecture::ConvNet => 17,
            Architecture::Vgg => 18,
            Architecture::Plain => 10,
        }
    }
}

/// Whether the network is about to be trained, with its batch norms, or holds folded weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With batch norms: the form that is trained.
    Trainable,
    /// Batch norms and input normalisation multiplied into the convolutions: the form that ships.
    Folded,
}

/// A network of one of the [architectures](Architecture).
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // one value lives per program; a Box would only hide it
pub enum Network<B: Backend> {
    /// See [`ConvNet`].
    ConvNet(ConvNet<B>),
    /// See [`Vgg`].
    Vgg(Vgg<B>),
    /// See [`Plain`].
    Plain(Plain<B>),
}

impl<B: Backend> Network<B> {
    /// A network with its initial, random weights. They are drawn from the backend's seeded generator,
    /// and only when first used: loading a file over them costs nothing.
    pub fn new(shape: Shape, form: Form, device: &B::Device) -> Self {
        match shape.architecture {
            Architecture::ConvNet => Self::ConvNet(ConvNet::new(shape, form, device)),
            Architecture::Vgg => Self::Vgg(Vgg::new(shape, form, device)),
            Architecture::Plain => Self::Plain(Plain::new(shape, form, device)),
        }
    }

    /// The logits of a batch of preprocessed images.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, 3, input_size, input_size]`
    /// - output: `[batch, outputs]`
    pub fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        match self {
            Self::ConvNet(network) => network.forward(images),
            Self::Vgg(network) => network.forward(images),
            Self::Plain(network) => network.forward(images),
        }
    }

    /// The same network with batch norms and input normalisation multiplied into its convolutions: it
    /// takes RGB in `[0, 1]` and gives the logits that `self` gives for normalised RGB.
    pub fn fold(self, normalisation: &Normalisation) -> Self {
        match self {
            Self::ConvNet(network) => Self::ConvNet(network.fold(normalisation)),
            Self::Vgg(network) => Self::Vgg(network.fold(normalisation)),
            Self::Plain(network) => Self::Plain(network.fold(normalisation)),
        }
    }

    /// Walks over the parameters; their paths start inside the network, without the variant's name.
    pub(crate) fn visit_parameters<V: ModuleVisitor<B>>(&self, visitor: &mut V) {
        match self {
            Self::ConvNet(network) => network.visit(visitor),
            Self::Vgg(network) => network.visit(visitor),
            Self::Plain(network) => network.visit(visitor),
        }
    }

    /// Replaces the parameters, with the same paths as [`Self::visit_parameters`].
    pub(crate) fn map_parameters<M: ModuleMapper<B>>(self, mapper: &mut M) -> Self {
        match self {
            Self::ConvNet(network) => Self::ConvNet(network.map(mapper)),
            Self::Vgg(network) => Self::Vgg(network.map(mapper)),
            Self::Plain(network) => Self::Plain(network.map(mapper)),
        }
    }
}
